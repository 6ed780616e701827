import { createMemoryFeed, type RevocationFeed } from '@drawbridge/logins'
import t from 'tap'
import { generateSigningKey, type TokenResponse } from '../src/index.ts'
import { bearer, decodeClaims, makeApp, PASSWORD, START } from './make-app.ts'
import { STORES } from './stores.ts'

t.test('after log-out no token of the login is valid, on any node', async (t) => {
  const clock = { now: START }
  const feed = createMemoryFeed({ now: () => clock.now })
  const keys = [generateSigningKey()]
  const one = await makeApp({ clock, keys, logins: { feed } })
  const two = await makeApp({ clock, keys, storeSpy: one.storeSpy, logins: { feed } })
  clock.now += 60_000
  const { token, refresh_token } = await one.signIn()
  for (const node of [one, two]) t.equal((await node.read(token)).statusCode, 200)
  one.storeSpy.calls.length = 0
  t.equal((await one.signOut({ token })).statusCode, 200)
  t.strictSame(one.storeSpy.calls, ['remove'])
  for (const node of [one, two]) t.equal((await node.read(token)).statusCode, 401)
  t.equal((await two.refresh(refresh_token)).statusCode, 401)
  t.equal((await two.read(token)).statusCode, 401)
})

t.test('a revocation is remembered for as long as a token could be presented', async (t) => {
  const { signIn, signOut, read, refresh, clock } = await makeApp({
    logins: { retentionSeconds: 605, cacheMaxAgeSeconds: 300 }
  })
  const first = await signIn()
  const { token } = (await refresh(first.refresh_token)).json<TokenResponse>()
  await signOut({ token })
  for (let second = 0; second < 620; second += 10) {
    t.equal((await read(token)).statusCode, 401, `${second} s later`)
    clock.now += 10_000
    await signOut({ token: (await signIn('bob')).token })
  }
})

t.test('the time of a token is from before the store was asked, however slow it is', async (t) => {
  const { signIn, refresh, clock, storeSpy } = await makeApp()
  for (const method of ['insert', 'rotate'] as const) storeSpy.after(method, () => (clock.now += 20_000))
  const first = await signIn()
  t.equal(decodeClaims(first.token).iat, START / 1000)
  const second = (await refresh(first.refresh_token)).json<TokenResponse>()
  t.equal(decodeClaims(second.token).iat, START / 1000 + 20)
})

t.test('revoking all logins of a user makes their tokens invalid', async (t) => {
  const { signIn, read, refresh, logins } = await makeApp()
  const [a, b, other] = [await signIn(), await signIn(), await signIn('bob')]
  await logins.revokeUser(decodeClaims(a.token).sub as string)
  for (const { token, refresh_token } of [a, b]) {
    t.equal((await read(token)).statusCode, 401)
    t.equal((await refresh(refresh_token)).statusCode, 401)
  }
  t.equal((await read(other.token)).statusCode, 200)
})

for (const [name, open] of Object.entries(STORES)) {
  t.test(`${name}: two hundred races of log-out and refresh leave no login active`, async (t) => {
    const { signIn, signOut, read, refresh, logins } = await makeApp(open(t))
    let wonByRefresh = 0
    for (let round = 0; round < 200; round += 1) {
      const { token, refresh_token } = await signIn()
      const show = round % 2 === 0 ? { token } : { refresh: refresh_token }
      const [first, second] = [() => signOut(show), () => refresh(refresh_token)]
      const [one, two] = round % 4 < 2 ? [first(), second()] : [second(), first()]
      const answers = [await one, await two]
      const renewal = answers.find(({ body }) => body.includes('refresh_token'))
      const tokens = [token]
      if (renewal !== undefined) {
        wonByRefresh += 1
        const pair = renewal.json<TokenResponse>()
        tokens.push(pair.token)
        t.equal((await refresh(pair.refresh_token)).statusCode, 401)
      }
      for (const shown of tokens) t.equal((await read(shown)).statusCode, 401)
      t.equal((await refresh(refresh_token)).statusCode, 401)
      t.equal(await logins.resolve(decodeClaims(token).sid as string), null, 'no record')
    }
    t.ok(wonByRefresh > 0 && wonByRefresh < 200, `both orders happened: ${wonByRefresh}`)
  })
}

t.test('for a token from before the feed is complete the store is asked once', async (t) => {
  const before = await makeApp()
  const alive = await before.signIn()
  const ended = await before.signIn()
  before.clock.now += 10_000
  await before.logins.revoke(decodeClaims(ended.token).sid as string)

  const { clock, storeSpy, keys } = before
  const restarted = await makeApp({ clock, storeSpy, keys })
  storeSpy.calls.length = 0
  for (const _ of [1, 2, 3]) t.equal((await restarted.read(alive.token)).statusCode, 200)
  t.strictSame(storeSpy.calls, ['find'])
  t.equal((await restarted.read(ended.token)).statusCode, 401, 'its deny set is empty, the store knows')
  t.strictSame(storeSpy.calls, ['find', 'find'])
})

t.test('for a token from a clock ahead of ours the store is asked too', async (t) => {
  const ahead = await makeApp()
  const { token } = await ahead.signIn()
  const { storeSpy, keys } = ahead
  await ahead.logins.revoke(decodeClaims(token).sid as string)
  const behind = await makeApp({ clock: { now: START - 4000 }, storeSpy, keys })
  t.equal((await behind.read(token)).statusCode, 401)
})

t.test('a token that names another user than the record of its login is rejected', async (t) => {
  const { signJws, createHeader } = await import('@drawbridge/test-support/forge')
  const key = generateSigningKey()
  const { signIn, read } = await makeApp({ keys: [key] })
  const { token } = await signIn()
  const stolen = signJws(key, createHeader(key), { ...decodeClaims(token), sub: 'somebody else' })
  t.equal((await read(stolen)).statusCode, 401)
})

t.test('an outage is a 503 for requests that need the store, and for no others', async (t) => {
  const { app, signIn, read, refresh, signOut, clock, storeSpy } = await makeApp()
  const early = await signIn()
  clock.now += 60_000
  const covered = await signIn()
  const seen = await signIn()
  await read(seen.token)
  storeSpy.outage = new Error('connection refused')

  const login = {
    method: 'POST',
    url: '/token/login',
    payload: { username: 'ada', password: PASSWORD }
  } as const
  const asked = {
    'log-in': await app.inject(login),
    refresh: await refresh(covered.refresh_token),
    'log-out by access token': await signOut({ token: covered.token }),
    'log-out by refresh token': await signOut({ refresh: covered.refresh_token }),
    'a token from before the start': await read(early.token)
  }
  for (const [what, answer] of Object.entries(asked)) {
    t.equal(answer.statusCode, 503, what)
    t.equal(answer.headers['retry-after'], '1', what)
    t.equal(answer.headers['cache-control'], 'no-store', what)
    t.match(answer.json(), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE', message: 'Service Unavailable' })
    t.notMatch(answer.body, /refused|Logged out/)
  }
  t.equal((await read(covered.token)).statusCode, 200, 'by signature and deny set')
  t.equal((await read(seen.token)).statusCode, 200, 'from the cache')
  t.equal((await read('x')).statusCode, 401, 'a bad credential stays one')
  t.equal((await refresh('x')).statusCode, 401)
  t.equal((await app.inject('/.well-known/jwks.json')).statusCode, 200)

  storeSpy.outage = null
  t.equal((await refresh(covered.refresh_token)).statusCode, 200, 'nothing was half done')
  t.equal((await read(early.token)).statusCode, 200)
})

t.test('a node that is not fresh asks the store each time', async (t) => {
  let isFresh = true
  const clock = { now: START }
  const feed: RevocationFeed = { ...createMemoryFeed({ now: () => clock.now }), isFresh: () => isFresh }
  const { signIn, read, logins, storeSpy } = await makeApp({ clock, logins: { feed } })
  clock.now += 60_000
  const { token } = await signIn()
  t.equal((await read(token)).statusCode, 200)
  storeSpy.calls.length = 0
  isFresh = false
  for (const _ of [1, 2]) t.equal((await read(token)).statusCode, 200)
  t.strictSame(storeSpy.calls, ['find', 'find'])
  storeSpy.outage = new Error('down')
  t.equal((await read(token)).statusCode, 503)
  storeSpy.outage = null
  await storeSpy.store.remove(decodeClaims(token).sid as string)
  t.equal((await read(token)).statusCode, 401, 'though no feed has published it')
  isFresh = true
  await logins.revoke(decodeClaims(token).sid as string)
  t.equal((await read(token)).statusCode, 401)
})

t.test('a feed that is down fails a log-out, and the next one revokes the login everywhere', async (t) => {
  let isDown = false
  const memory = createMemoryFeed()
  const feed: RevocationFeed = {
    ...memory,
    publish: (revocations) => (isDown ? Promise.reject(new Error('down')) : memory.publish(revocations))
  }
  const { signIn, signOut, app } = await makeApp({ logins: { feed } })
  const { token, refresh_token } = await signIn()
  isDown = true
  t.equal((await signOut({ refresh: refresh_token })).statusCode, 503)
  isDown = false
  t.equal((await signOut({ refresh: refresh_token })).statusCode, 200)
  t.equal((await app.inject({ url: '/me', headers: bearer(token) })).statusCode, 401)
})
