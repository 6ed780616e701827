import type { Principal } from '@drawbridge/logins'
import type { TokenResponse } from '@drawbridge/token-auth'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { codeOf, cookiesFrom, decodeClaims, makeApp, setCookies, type TestApp } from './make-app.ts'

type Body = { readonly username?: string; readonly password?: string }

const password = 'correct horse battery staple'

function routes(app: FastifyInstance): void {
  app.post<{ Body: Body }>('/again', async (request, reply) => {
    const { username = 'ada', password } = request.body
    const signIn = await app.sessionAuth.verifyPassword(request, { username, password })
    return (await app.bridge.reauthenticate(request, reply, signIn)) ?? { message: 'Authenticated' }
  })
  const recent = app.bridge.guard({ maxAgeSeconds: 60 })
  app.get('/recent', { onRequest: recent }, async ({ principal }) => principal)
}

const isRecent = async ({ send }: TestApp, presented: object) =>
  (await send(presented, { url: '/recent' })).statusCode === 200

t.test('the credential that counts is replaced, and its login is the same', async (t) => {
  const node = await makeApp({ routes })
  const cookie = await node.signInByCookie()
  const { token } = await node.signInByToken()
  node.clock.now += 61_000
  const bySession = await node.post({ cookie }, '/again', { password })
  t.strictSame(bySession.json(), { message: 'Authenticated' })
  t.ok(await isRecent(node, { cookie: cookiesFrom(bySession) }))
  t.equal((await node.send({ cookie })).statusCode, 401)
  const byToken = await node.post({ token }, '/again', { password })
  t.equal(byToken.headers['cache-control'], 'no-store')
  t.strictSame(setCookies(byToken), [])
  const tokens = byToken.json<TokenResponse>()
  t.equal(decodeClaims(tokens.token)['sid'], decodeClaims(token)['sid'])
  t.ok(await isRecent(node, { token: tokens.token }))
  t.notOk(await isRecent(node, { token }))
})

t.test('of a token and a cookie of one user the token counts', async (t) => {
  const node = await makeApp({ routes })
  const cookie = await node.signInByCookie()
  const { token } = await node.signInByToken()
  node.clock.now += 61_000
  const response = await node.post({ cookie, token }, '/again', { password })
  t.ok(await isRecent(node, { token: response.json<TokenResponse>().token }))
  t.equal((await node.send({ cookie })).statusCode, 200, 'the cookie is of another login')
  t.notOk(await isRecent(node, { cookie }))
})

t.test('a login with both credentials is recent by both, and only the one in hand is replaced', async (t) => {
  const node = await makeApp({ routes })
  const cookie = await node.signInByCookie()
  const exchanged = await node.post({ cookie }, '/exchange/session-for-token', { refresh_token: true })
  const { token, refresh_token } = exchanged.json<TokenResponse>()
  node.clock.now += 61_000
  const renewed = cookiesFrom(await node.post({ cookie }, '/again', { password }))
  const refreshed = (await node.post({}, '/token/refresh', { refresh_token })).json<TokenResponse>()
  t.ok(await isRecent(node, { token: refreshed.token }))
  t.notOk(await isRecent(node, { token }), 'an access token is as old as it says')
  node.clock.now += 61_000
  await node.post({ token: refreshed.token }, '/again', { password })
  t.ok(await isRecent(node, { cookie: renewed }))
})

t.test('an access token of a session gets another one, and no refresh token', async (t) => {
  const node = await makeApp({ routes })
  const cookie = await node.signInByCookie()
  const { token } = (await node.post({ cookie }, '/exchange/session-for-token', {})).json<TokenResponse>()
  node.clock.now += 61_000
  const response = (await node.post({ token }, '/again', { password })).json<TokenResponse>()
  t.equal(response.refresh_token, undefined)
  t.ok(await isRecent(node, { token: response.token }))
  const principal = (await node.send({ cookie })).json<Principal>()
  t.equal(principal.authenticatedAt, node.clock.now)
})

t.test('a session that was added to a login of tokens ends when it would have', async (t) => {
  const session = { absoluteTimeoutSeconds: 3600 }
  const node = await makeApp({ routes, session })
  const { refresh_token } = await node.signInByToken()
  const cookie = cookiesFrom(await node.post({}, '/exchange/token-for-session', { refresh_token }))
  node.clock.now += 3_000_000
  const renewed = cookiesFrom(await node.post({ cookie }, '/again', { password }))
  t.ok(await isRecent(node, { cookie: renewed }))
  node.clock.now += 600_000
  t.equal((await node.send({ cookie: renewed })).statusCode, 401)
})

t.test('what contradicts itself, or presents nobody, is rejected as by the guard', async (t) => {
  const node = await makeApp({ routes })
  const cookie = await node.signInByCookie('ada')
  const { token } = await node.signInByToken('bob')
  const again = async (presented: object, headers: Record<string, string> = {}) => {
    const options = { method: 'POST', url: '/again', payload: { password }, headers } as const
    const response = await node.send(presented, options)
    return [response.statusCode, codeOf(response)]
  }
  t.strictSame(await again({ cookie, token }), [400, 'DRAWBRIDGE_TWO_USERS'])
  t.strictSame(await again({}), [401, 'DRAWBRIDGE_UNAUTHORIZED'])
  t.strictSame(await again({ cookie, token: 'x' }), [401, 'DRAWBRIDGE_UNAUTHORIZED'])
  t.strictSame(await again({ cookie }, { 'sec-fetch-site': 'cross-site' }), [403, 'DRAWBRIDGE_CROSS_ORIGIN'])
  t.strictSame(await again({ cookie: '__Host-drawbridge=x' }), [401, 'DRAWBRIDGE_UNAUTHORIZED'])
  t.strictSame(
    await again({ token }),
    [401, 'DRAWBRIDGE_INVALID_CREDENTIALS'],
    'the password is of another user'
  )
})

t.test('repeated with the cookie from before, after a lost response, it sets the same cookie', async (t) => {
  const node = await makeApp({ routes })
  const cookie = await node.signInByCookie()
  const lost = cookiesFrom(await node.post({ cookie }, '/again', { password }))
  t.equal(cookiesFrom(await node.post({ cookie }, '/again', { password })), lost)
  t.equal((await node.send({ cookie: lost })).statusCode, 200)
})
