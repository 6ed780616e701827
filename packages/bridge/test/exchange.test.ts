import type { Principal } from '@drawbridge/logins'
import type { TokenResponse } from '@drawbridge/token-auth'
import { request } from 'node:http'
import t from 'tap'
import { BOTH, codeOf, cookiesFrom, decodeClaims, makeApp, setCookies, type TestApp } from './make-app.ts'

const FOR_TOKEN = '/exchange/session-for-token'
const FOR_SESSION = '/exchange/token-for-session'

const principalOf = async ({ send }: TestApp, presented: Parameters<TestApp['send']>[0]) =>
  (await send(presented)).json<Principal>()

t.test('two Authorization headers are ambiguous at an exchange too', async (t) => {
  const node = await makeApp()
  const cookie = await node.signInByCookie()
  const { token, refresh_token } = await node.signInByToken()
  const url = await node.app.listen()
  t.teardown(() => node.app.close())
  const post = (path: string, more: readonly string[], body: object) => {
    const json = JSON.stringify(body)
    const fixed = ['host', 'x', 'content-type', 'application/json', 'content-length', String(json.length)]
    const headers = [...fixed, 'authorization', `Bearer ${token}`, 'authorization', 'Bearer x', ...more]
    return new Promise<number | undefined>((resolve, reject) => {
      request(`${url}${path}`, { method: 'POST', headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end(json)
    })
  }
  t.equal(await post(FOR_TOKEN, ['cookie', cookie], {}), 400)
  t.equal(await post(FOR_SESSION, [], { refresh_token }), 400)
})

t.test('a session is exchanged for an access token of the same login, and stays', async (t) => {
  const node = await makeApp()
  const cookie = await node.signInByCookie()
  const response = await node.post({ cookie }, FOR_TOKEN, {})
  t.equal(response.statusCode, 200)
  const body = response.json<TokenResponse>()
  t.strictSame(Object.keys(body), ['token', 'access_token', 'token_type', 'expires_in'])
  t.equal(body.token, body.access_token)
  t.equal(response.headers['cache-control'], 'no-store')
  t.strictSame(setCookies(response), [], 'the cookie stays as it is')
  const bySession = await principalOf(node, { cookie })
  const byToken = await principalOf(node, { token: body.token })
  t.strictSame(byToken, { ...bySession, carrier: 'token' })
  const [login, ...others] = await node.logins.listByUser(bySession.userId)
  t.strictSame(others, [])
  t.strictSame(login?.carriers, ['session'], 'nothing was written')
})

t.test('with a refresh token, the login has both carriers, and the limits it had', async (t) => {
  const node = await makeApp()
  const { clock, logins, post, send } = node
  const cookie = await node.signInByCookie()
  const before = await principalOf(node, { cookie })
  clock.now += 60_000
  const tokens = (await post({ cookie }, FOR_TOKEN, { refresh_token: true })).json<TokenResponse>()
  const [login] = await logins.listByUser(before.userId)
  t.strictSame(login?.carriers, ['session', 'token'])
  t.equal(login?.id, before.loginId)
  t.equal(login?.expiresAt, before.expiresAt)
  t.equal(login?.authenticatedAt, before.authenticatedAt)
  const refreshed = await post({}, '/token/refresh', { refresh_token: tokens.refresh_token })
  t.equal(refreshed.statusCode, 200)
  t.equal(decodeClaims(refreshed.json<TokenResponse>().token).sid, before.loginId)
  t.equal((await send({ cookie })).statusCode, 200)
})

t.test('50 requests for a refresh token at once, on two nodes, get one', async (t) => {
  const one = await makeApp()
  const two = await makeApp({ clock: one.clock, store: one.storeSpy.store, keys: one.keys })
  const cookie = await one.signInByCookie()
  const responses = await Promise.all(
    Array.from({ length: 50 }, (_, at) =>
      (at % 2 === 0 ? one : two).post({ cookie }, FOR_TOKEN, { refresh_token: true })
    )
  )
  t.ok(responses.every(({ statusCode }) => statusCode === 200))
  t.equal(new Set(responses.map((response) => response.json<TokenResponse>().refresh_token)).size, 1)
})

t.test('a request for a refresh token is repeatable within the grace time, and 409 after it', async (t) => {
  const { clock, post, send, signInByCookie } = await makeApp()
  const cookie = await signInByCookie()
  const request = () => post({ cookie }, FOR_TOKEN, { refresh_token: true })
  const first = (await request()).json<TokenResponse>()
  clock.now += 9_999
  t.equal((await request()).json<TokenResponse>().refresh_token, first.refresh_token)
  clock.now += 1
  const late = await request()
  t.equal(late.statusCode, 409)
  t.equal(codeOf(late), 'DRAWBRIDGE_ALREADY_CARRIED')
  t.equal((await post({ cookie }, FOR_TOKEN, {})).statusCode, 200, 'an access token may always be asked for')
  t.equal((await send({ cookie })).statusCode, 200)
  t.equal((await post({}, '/token/refresh', { refresh_token: first.refresh_token })).statusCode, 200)
})

t.test('a refresh token that was used is not given again', async (t) => {
  const { post, signInByCookie } = await makeApp()
  const cookie = await signInByCookie()
  const { refresh_token } = (await post({ cookie }, FOR_TOKEN, { refresh_token: true })).json<TokenResponse>()
  await post({}, '/token/refresh', { refresh_token })
  t.equal((await post({ cookie }, FOR_TOKEN, { refresh_token: true })).statusCode, 409)
})

t.test('a token is exchanged for a session of the same login, and stays', async (t) => {
  const node = await makeApp()
  const { logins, post, signInByToken } = node
  const { token, refresh_token } = await signInByToken()
  const response = await post({}, FOR_SESSION, { refresh_token })
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), { message: 'Login successful' })
  t.equal(response.headers['cache-control'], 'no-store')
  t.match(setCookies(response)[0], /^__Host-drawbridge=.*HttpOnly; Secure; SameSite=Lax/)
  const bySession = await principalOf(node, { cookie: cookiesFrom(response) })
  const byToken = await principalOf(node, { token })
  t.equal(bySession.loginId, byToken.loginId)
  t.equal(bySession.expiresAt, byToken.expiresAt)
  t.equal(Math.floor(bySession.authenticatedAt / 1000), byToken.authenticatedAt / 1000)
  const listed = await logins.listByUser(bySession.userId)
  t.strictSame(
    listed.map(({ carriers }) => carriers),
    [['session', 'token']]
  )
  t.equal((await post({}, '/token/refresh', { refresh_token })).statusCode, 200)
})

t.test('50 requests for a session at once, on two nodes, get one cookie', async (t) => {
  const one = await makeApp()
  const two = await makeApp({ clock: one.clock, store: one.storeSpy.store, keys: one.keys })
  const { refresh_token } = await one.signInByToken()
  const responses = await Promise.all(
    Array.from({ length: 50 }, (_, at) => {
      // Each by another clock, as nodes have: what one of them writes is what all of them send.
      one.clock.now += 1
      return (at % 2 === 0 ? one : two).post({}, FOR_SESSION, { refresh_token })
    })
  )
  t.ok(responses.every(({ statusCode }) => statusCode === 200))
  t.equal(new Set(responses.map(cookiesFrom)).size, 1)
})

t.test('the cookie can be asked for again as long as it lasts, by a later refresh token too', async (t) => {
  const { clock, post, signInByToken } = await makeApp()
  const { refresh_token } = await signInByToken()
  const first = cookiesFrom(await post({}, FOR_SESSION, { refresh_token }))
  clock.now += 3_600_000
  const next = (await post({}, '/token/refresh', { refresh_token })).json<TokenResponse>()
  const again = await post({}, FOR_SESSION, { refresh_token: next.refresh_token })
  t.equal(cookiesFrom(again), first)
})

t.test('the cookie expires when one of a sign-in would, and the next one is another', async (t) => {
  const { clock, post, send, signInByToken } = await makeApp({ session: { absoluteTimeoutSeconds: 3600 } })
  const { refresh_token } = await signInByToken()
  const cookie = cookiesFrom(await post({}, FOR_SESSION, { refresh_token }))
  clock.now += 3_599_999
  t.equal((await send({ cookie })).statusCode, 200)
  clock.now += 1
  t.equal((await send({ cookie })).statusCode, 401)
  t.equal((await post({ cookie }, FOR_TOKEN, {})).statusCode, 401)
  const next = cookiesFrom(await post({ cookie }, FOR_SESSION, { refresh_token }))
  t.not(next, cookie)
  t.equal((await send({ cookie: next })).statusCode, 200)
  t.equal((await send({ cookie })).statusCode, 401)
})

t.test('a token that a session was exchanged for expires with the session', async (t) => {
  const { clock, post, signInByToken } = await makeApp({ session: { absoluteTimeoutSeconds: 3600 } })
  const { refresh_token } = await signInByToken()
  const cookie = cookiesFrom(await post({}, FOR_SESSION, { refresh_token }))
  clock.now += 3_540_000
  t.equal((await post({ cookie }, FOR_TOKEN, {})).json<TokenResponse>().expires_in, 60)
})

t.test('a replaced refresh token is no credential, and revokes its login as at a refresh', async (t) => {
  const { clock, post, send, signInByToken } = await makeApp()
  const { refresh_token } = await signInByToken()
  const next = (await post({}, '/token/refresh', { refresh_token })).json<TokenResponse>()
  t.equal((await post({}, FOR_SESSION, { refresh_token })).statusCode, 200, 'within the grace time it is')
  clock.now += 10_000
  const late = await post({}, FOR_SESSION, { refresh_token })
  t.equal(late.statusCode, 401)
  t.match(late.headers['www-authenticate'], /error="invalid_token"/)
  t.strictSame(setCookies(late), [])
  t.equal((await send({ token: next.token })).statusCode, 401)
})

t.test('a session of another login is replaced by the exchange, and revoked', async (t) => {
  const node = await makeApp()
  const { logins, post, send } = node
  const old = await node.signInByCookie()
  const { refresh_token } = await node.signInByToken()
  const cookie = cookiesFrom(await post({ cookie: old }, FOR_SESSION, { refresh_token }))
  t.equal((await send({ cookie: old })).statusCode, 401)
  const { userId } = await principalOf(node, { cookie })
  t.equal((await logins.listByUser(userId)).length, 1)
})

t.test('a request that has the session already gets nothing new', async (t) => {
  const { post, send, signInByCookie } = await makeApp()
  const cookie = await signInByCookie()
  const { refresh_token } = (await post({ cookie }, FOR_TOKEN, { refresh_token: true })).json<TokenResponse>()
  const response = await post({ cookie }, FOR_SESSION, { refresh_token })
  t.equal(response.statusCode, 200)
  t.strictSame(setCookies(response), [])
  t.equal((await send({ cookie })).statusCode, 200)
  const elsewhere = await post({}, FOR_SESSION, { refresh_token })
  t.equal(elsewhere.statusCode, 409, 'the session is in another browser, and is not taken from there')
  t.equal(codeOf(elsewhere), 'DRAWBRIDGE_ALREADY_CARRIED')
})

t.test('an exchange that is not allowed is no route, and its method an error that says so', async (t) => {
  const { app, post, signInByToken } = await makeApp({
    bridge: { exchange: [BOTH[0]] },
    routes: (app) => {
      app.post('/own', (request, reply) => app.bridge.tokenForSession(request, reply, 'x'))
    }
  })
  const { refresh_token } = await signInByToken()
  t.equal((await post({}, FOR_SESSION, { refresh_token })).statusCode, 404)
  const own = await post({}, '/own')
  t.equal(own.statusCode, 500)
  t.match(own.json(), { message: /bridge\.exchange must have "token-for-session"/ })
  t.equal(app.hasRoute({ method: 'POST', url: FOR_TOKEN }), true)
})
