import { createMemoryFeed, createMemoryLoginStore, type LoginEvent, type Principal } from '@drawbridge/logins'
import { spy } from '@drawbridge/test-support/spies/spy'
import t from 'tap'
import { makeApp, START } from './make-app.ts'

/** Two nodes with one store and one feed. */
async function makeTwo() {
  const clock = { now: START }
  const now = () => clock.now
  const feed = createMemoryFeed({ now })
  const storeSpy = spy(createMemoryLoginStore({ now }))
  const node = () => makeApp({ clock, storeSpy, logins: { feed } })
  return [await node(), await node()] as const
}

t.test(
  'a key that is revoked on one node is rejected by every node at once, without asking the store',
  async (t) => {
    const [one, two] = await makeTwo()
    const { token, id } = await one.createKey()
    const { userId } = (await one.read(token)).json<Principal>()
    t.equal((await two.read(token)).statusCode, 200)
    t.equal(await two.app.keyAuth.revoke(userId, id), true)
    one.storeSpy.calls.length = 0
    for (const node of [one, two]) t.equal((await node.read(token)).statusCode, 401)
    t.strictSame(one.storeSpy.calls, [])
    t.equal(await one.app.keyAuth.revoke(userId, id), false)
  }
)

t.test('a key has an event when it is made, rejected and revoked, with who and why', async (t) => {
  const events: LoginEvent[] = []
  const { app, createKey, read } = await makeApp({ logins: { onEvent: (event) => void events.push(event) } })
  const { token, id } = await createKey()
  const { userId } = (await read(token)).json<Principal>()
  await app.keyAuth.revoke(userId, id, { by: 'user', reason: 'lost laptop' })
  t.equal((await read(token)).statusCode, 401)
  t.notOk((await app.keyAuth.verify('drbk_forged')).ok)
  const { id: other } = await createKey()
  await app.keyAuth.revoke(userId, other)
  const ofKeys = events.filter(({ carrier }) => carrier === 'key')
  t.match(ofKeys, [
    { type: 'login-created', loginId: id, userId },
    { type: 'login-revoked', loginId: id, by: 'user', reason: 'lost laptop' },
    { type: 'credential-rejected', reason: 'invalid', loginId: id },
    { type: 'credential-rejected', reason: 'invalid', loginId: null },
    { type: 'login-created', loginId: other },
    { type: 'login-revoked', loginId: other, by: 'service', reason: 'key-revoked' }
  ])
  t.equal(ofKeys.length, 6)
})

t.test('a log-out of all, by whatever carrier, revokes keys too', async (t) => {
  const [one, two] = await makeTwo()
  const { token } = await one.createKey()
  const cookie = await one.signInByCookie()
  t.equal((await two.read(token)).statusCode, 200)
  const { userId } = (await one.send({ cookie })).json<Principal>()
  await one.logins.revokeUser(userId)
  t.equal((await two.read(token)).statusCode, 401)
  t.strictSame(await two.app.keyAuth.list(userId), [])
})

t.test('a log-out of the login that made a key leaves the key', async (t) => {
  const { signInByToken, post, ask, read } = await makeApp()
  const { token } = await signInByToken()
  const key = (await ask({ token })).json<{ token: string }>()
  t.equal((await post({ token }, '/logout')).statusCode, 200)
  t.equal((await read(key.token)).statusCode, 200)
})

t.test(
  'the keys of a user are listed with what they may and when they were used, and nothing secret',
  async (t) => {
    const { createKey, app, read, clock, signInByCookie } = await makeApp()
    const first = await createKey('ada', { name: 'first' })
    clock.now += 1
    const second = await createKey('ada', { name: 'second', scopes: [] })
    await createKey('bob')
    await signInByCookie('ada')
    const { userId } = (await read(first.token)).json<Principal>()
    const times = { lastSeenAt: START + 1, createdAt: START + 1, expiresAt: second.expiresAt }
    const [newest, oldest, ...rest] = await app.keyAuth.list(userId)
    t.strictSame(newest, { id: second.id, name: 'second', scopes: [], ...times })
    t.match(oldest, { id: first.id, name: 'first', scopes: ['read'], createdAt: START })
    t.strictSame(rest, [])
    t.strictSame(await app.keyAuth.list('nobody'), [])
  }
)

t.test('only keys are revoked, and only those of the user', async (t) => {
  const { createKey, app, read, send, signInByToken } = await makeApp()
  const { token, id } = await createKey('ada')
  const { userId } = (await read(token)).json<Principal>()
  const signIn = await signInByToken('ada')
  const { loginId } = (await send({ token: signIn.token })).json<Principal>()
  const bob = (await send({ token: (await signInByToken('bob')).token })).json<Principal>()
  t.equal(await app.keyAuth.revoke(userId, loginId), false)
  t.equal(await app.keyAuth.revoke(bob.userId, id), false)
  for (const other of ['', 'x', '__proto__', id.slice(1)])
    t.equal(await app.keyAuth.revoke(userId, other), false, other)
  t.equal((await send({ token: signIn.token })).statusCode, 200)
  t.equal((await read(token)).statusCode, 200)
  t.equal(await app.keyAuth.revoke(userId, id), true)
  t.equal((await read(token)).statusCode, 401)
})

t.test('a revocation that reached the store and not the feed is published when it is repeated', async (t) => {
  const clock = { now: START }
  const now = () => clock.now
  const storeSpy = spy(createMemoryLoginStore({ now }))
  const memory = createMemoryFeed({ now })
  const published: string[] = []
  let isDown = false
  const feed = Object.assign(Object.create(memory) as typeof memory, {
    publish: async (...args: Parameters<typeof memory.publish>) => {
      if (isDown) throw new Error('the feed is down')
      published.push(...args[0].map(({ loginId }) => loginId))
      return memory.publish(...args)
    }
  })
  const { createKey, read, app } = await makeApp({ clock, storeSpy, logins: { feed } })
  const { token, id } = await createKey()
  const { userId } = (await read(token)).json<Principal>()
  isDown = true
  await t.rejects(app.keyAuth.revoke(userId, id), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  isDown = false
  t.equal(await app.keyAuth.revoke(userId, id), false)
  t.strictSame(published, [id])
})
