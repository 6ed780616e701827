import type { Principal } from '@drawbridge/logins'
import type { TokenResponse } from '@drawbridge/token-auth'
import t from 'tap'
import { cookiesFrom, decodeClaims, makeApp, setCookies } from '../make-app.ts'

const FOR_TOKEN = '/exchange/session-for-token'
const FOR_SESSION = '/exchange/token-for-session'

t.test('X01 fifty exchanges of one refresh token at once get one cookie, of one login', async (t) => {
  const { logins, post, send, signInByToken } = await makeApp()
  const { refresh_token } = await signInByToken()
  const responses = await Promise.all(
    Array.from({ length: 50 }, () => post({}, FOR_SESSION, { refresh_token }))
  )
  t.ok(responses.every(({ statusCode }) => statusCode === 200))
  const cookies = new Set(responses.map((response) => setCookies(response)[0]?.split(';', 1)[0]))
  t.equal(cookies.size, 1)
  const { userId } = (await send({ cookie: [...cookies].join('') })).json<Principal>()
  t.equal((await logins.listByUser(userId)).length, 1)
})

t.test('X02 tokens from a session are invalid once the session has logged out', async (t) => {
  const { post, send, signInByCookie } = await makeApp()
  const cookie = await signInByCookie()
  const tokens = (await post({ cookie }, FOR_TOKEN, { refresh_token: true })).json<TokenResponse>()
  t.equal((await send({ token: tokens.token })).statusCode, 200)
  t.equal((await post({ cookie }, '/session/logout')).statusCode, 200)
  t.equal((await send({ token: tokens.token })).statusCode, 401)
  for (const url of ['/token/refresh', FOR_SESSION])
    t.equal((await post({}, url, { refresh_token: tokens.refresh_token })).statusCode, 401)
})

t.test('X03 a session exchanged again and again ends with the login, and auth_time stays', async (t) => {
  const limits = { refreshAbsoluteTimeoutSeconds: 3600 }
  const { clock, post, send, signInByToken } = await makeApp({ tokens: limits })
  const endsAt = clock.now + 3_600_000
  let tokens = await signInByToken()
  const { auth_time } = decodeClaims(tokens.token)
  let cookie = ''
  for (let minute = 0; minute < 60; minute += 5) {
    cookie = cookiesFrom(await post({}, FOR_SESSION, { refresh_token: tokens.refresh_token }))
    const { expiresAt, authenticatedAt } = (await send({ cookie })).json<Principal>()
    t.equal(expiresAt, endsAt)
    t.equal(Math.floor(authenticatedAt / 1000), auth_time)
    const { token } = (await post({ cookie }, FOR_TOKEN, {})).json<TokenResponse>()
    t.equal(decodeClaims(token).auth_time, auth_time)
    t.ok((decodeClaims(token).exp as number) * 1000 <= endsAt)
    clock.now += 300_000
    if (clock.now < endsAt)
      tokens = (
        await post({}, '/token/refresh', { refresh_token: tokens.refresh_token })
      ).json<TokenResponse>()
  }
  t.equal((await send({ cookie })).statusCode, 401)
  t.equal((await post({}, FOR_SESSION, { refresh_token: tokens.refresh_token })).statusCode, 401)
})

t.test('X04 a stolen token sets no cookie from another site, nor by anything but a POST', async (t) => {
  const { send, signInByToken, storeSpy } = await makeApp()
  const { refresh_token } = await signInByToken()
  storeSpy.calls.length = 0
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' }
  ]) {
    const request = { method: 'POST', headers, payload: { refresh_token } } as const
    const response = await send({}, { ...request, url: FOR_SESSION })
    t.equal(response.statusCode, 403)
    t.strictSame(setCookies(response), [])
    t.equal((await send({}, { ...request, url: FOR_TOKEN, payload: {} })).statusCode, 403)
  }
  for (const method of ['GET', 'HEAD'] as const)
    t.equal(
      (await send({}, { method, url: `${FOR_SESSION}?refresh_token=${refresh_token}` })).statusCode,
      404
    )
  t.strictSame(storeSpy.calls, [])
})

t.test('X05 a session from a token of few scopes has those, and no others', async (t) => {
  const { post, send } = await makeApp({
    logins: { getClaims: () => ({ scopes: ['read', 'admin'] }) },
    routes: (app) => {
      app.post('/in', (request) => {
        const user = { id: 'u1', username: 'ada' }
        return app.tokenAuth.issueTokens(request, { user, scopes: ['read'] })
      })
      app.get('/admin', { onRequest: app.bridge.guard({ scopes: ['admin'] }) }, async () => 'admin')
    }
  })
  const { refresh_token } = (await post({}, '/in')).json<{ refresh_token: string }>()
  const cookie = cookiesFrom(await post({}, FOR_SESSION, { refresh_token }))
  t.strictSame((await send({ cookie })).json<Principal>().scopes, ['read'])
  t.equal((await send({ cookie }, { url: '/admin' })).statusCode, 403)
})

t.test('an access token or a snapshot alone is exchanged for nothing', async (t) => {
  const { post, signInByCookie, signInByToken } = await makeApp()
  const { token } = await signInByToken()
  const [, snapshot = ''] = (await signInByCookie()).split('; ')
  for (const presented of [{ token }, { cookie: snapshot }])
    t.equal((await post(presented, FOR_TOKEN, { refresh_token: true })).statusCode, 401)
  t.equal((await post({}, FOR_SESSION, { refresh_token: token })).statusCode, 401)
})

t.test('a made-up refresh token is rejected before the store is asked', async (t) => {
  const { post, signInByToken, storeSpy } = await makeApp()
  const { refresh_token: good } = await signInByToken()
  const mangled = good.slice(0, 40) + (good[40] === 'A' ? 'B' : 'A') + good.slice(41)
  storeSpy.calls.length = 0
  for (const refresh_token of ['x', 'drbr_', good.slice(0, -1), `${good}A`, mangled])
    t.equal((await post({}, FOR_SESSION, { refresh_token })).statusCode, 401)
  for (const refresh_token of [1, null, [good], {}, ''])
    t.equal((await post({}, FOR_SESSION, { refresh_token })).statusCode, 400)
  t.equal((await post({}, FOR_SESSION, { refresh_token: good, more: 1 })).statusCode, 400)
  t.equal((await post({}, FOR_SESSION, { refresh_token: 'x'.repeat(20_000) })).statusCode, 413)
  t.strictSame(storeSpy.calls, [])
})

for (const [name, race] of Object.entries({ 'log-out': 'revoke', revokeUser: 'revokeUser' } as const)) {
  t.test(`an exchange during a ${name} gives nothing that is served after it`, async (t) => {
    const { logins, post, send, signInByToken, storeSpy } = await makeApp()
    const { token, refresh_token } = await signInByToken()
    const { sid, sub } = decodeClaims(token) as { sid: string; sub: string }
    for (const when of ['before', 'after'] as const) {
      storeSpy[when]('carry', () => (race === 'revoke' ? logins.revoke(sid) : logins.revokeUser(sub)))
      const response = await post({}, FOR_SESSION, { refresh_token })
      t.equal(response.statusCode, 401)
      t.equal((await send({ cookie: cookiesFrom(response) })).statusCode, 401)
      t.equal((await send({ token })).statusCode, 401)
    }
  })
}

t.test('with the store down an exchange and a log-out are 503, never 401', async (t) => {
  const { post, signInByCookie, signInByToken, storeSpy } = await makeApp()
  const cookie = await signInByCookie()
  const { refresh_token } = await signInByToken()
  storeSpy.outage = new Error('down')
  for (const response of [
    await post({ cookie }, FOR_TOKEN, {}),
    await post({}, FOR_SESSION, { refresh_token }),
    await post({ cookie }, '/logout', {})
  ]) {
    t.equal(response.statusCode, 503)
    t.ok(response.headers['retry-after'])
    t.strictSame(setCookies(response), [])
  }
})

t.test(
  'a refresh token of another service with the same secret is a stranger, and asks no store',
  async (t) => {
    const other = await makeApp({ tokens: { audience: 'another' } })
    const { post, storeSpy } = await makeApp({ clock: other.clock, store: other.storeSpy.store })
    const { refresh_token } = await other.signInByToken()
    t.equal((await post({}, FOR_SESSION, { refresh_token })).statusCode, 401)
    t.strictSame(storeSpy.calls, [])
  }
)

t.test('a login that waits for its second factor has nothing to exchange', async (t) => {
  const { app, logins, post } = await makeApp()
  const device = { userAgent: '', address: '' }
  const limits = { idleTimeoutSeconds: 0, absoluteTimeoutSeconds: 300 }
  const { id } = await logins.create({ user: { id: 'ada', username: 'ada' }, device, ...limits })
  const cookie = `__Host-drawbridge=${id}.${'a'.repeat(43)}.${'b'.repeat(43)}`
  t.equal((await post({ cookie }, FOR_TOKEN, {})).statusCode, 401)
  const secretHash = 'a'.repeat(43)
  const refresh = { familyHash: 'a'.repeat(22), hash: 'b'.repeat(43) }
  const outcome = await logins.carry(id, { add: 'refresh', presented: { secretHash }, refresh })
  t.equal(outcome.kind, 'unknown')
  await app.close()
})

t.test('a hundred exchanges beside a refresh and a log-out leave nothing that is valid', async (t) => {
  const { post, send, signInByToken } = await makeApp()
  for (let race = 0; race < 10; race++) {
    const { token, refresh_token } = await signInByToken()
    const [first] = [cookiesFrom(await post({}, FOR_SESSION, { refresh_token }))]
    const requests = Array.from({ length: 100 }, (_, at) => {
      if (at === 10 * race) return post({ token }, '/token/logout')
      if (at % 10 === 5) return post({}, '/token/refresh', { refresh_token })
      return at % 2 === 0 ? post({}, FOR_SESSION, { refresh_token }) : post({ cookie: first }, FOR_TOKEN)
    })
    const responses = await Promise.all(requests)
    t.ok(responses.every(({ statusCode }) => statusCode === 200 || statusCode === 401))
    const cookies = new Set([first, ...responses.map(cookiesFrom)].filter((cookie) => cookie !== ''))
    t.equal(cookies.size, 1, 'all of them got one session')
    const bodies = responses.map((response) => response.json<Partial<TokenResponse>>())
    for (const issued of new Set(bodies.flatMap((body) => body.token ?? [])))
      if ((await send({ token: issued })).statusCode !== 401) t.fail('a token outlived the log-out')
    for (const issued of new Set(bodies.flatMap((body) => body.refresh_token ?? [])))
      for (const url of ['/token/refresh', FOR_SESSION])
        if ((await post({}, url, { refresh_token: issued })).statusCode !== 401)
          t.fail('a refresh token outlived the log-out')
    t.equal((await send({ cookie: first })).statusCode, 401)
  }
})
