import { createCredentials, createMemoryUserStore, seedUser } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify, { type LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'

const ada = { username: 'ada', password: 'correct horse battery staple' }
const bob = { username: 'bob', password: 'staple battery horse correct' }

/** A service with both plugins where ada is signed in by cookie and bob by token. */
async function buildService(t: Test) {
  const users = createMemoryUserStore()
  for (const account of [ada, bob]) await seedUser(users, account)
  const credentials = createCredentials({ users })
  const logins = createLogins({ store: createMemoryLoginStore() })
  const secret = 'a root secret that is long enough to be one'
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(sessionAuth, { credentials, logins, secret, cookie: { secure: false } })
  await app.register(tokenAuth, { credentials, logins, secret, keys: [generateSigningKey()] })
  app.get('/by-cookie', { onRequest: app.sessionAuth.guard }, async ({ principal }) => principal)
  app.get('/by-token', { onRequest: app.tokenAuth.guard }, async ({ principal }) => principal)

  const logIn = (carrier: string, payload: object) =>
    app.inject({ method: 'POST', url: `/${carrier}/login`, payload })
  const [{ name, value }] = (await logIn('session', ada)).cookies as [{ name: string; value: string }]
  const { token } = (await logIn('token', bob)).json<{ token: string }>()
  return {
    token,
    cookie: `${name}=${value}`,
    sessionId: decodeURIComponent(value),
    get: (url: string, headers: Record<string, string>) => app.inject({ url, headers }),
    end: (carrier: string, headers: Record<string, string>) =>
      app.inject({ method: 'POST', url: `/${carrier}/logout`, headers })
  }
}

const nameIn = (response: LightMyRequestResponse) => response.json<{ username?: string }>().username
const bearer = (token: string) => `Bearer ${token}`

t.test(
  'J80 a cookie and a bearer token of different users: each route uses its own carrier only',
  async (t) => {
    const { get, cookie, token } = await buildService(t)
    const both = { cookie, authorization: bearer(token) }
    for (const _ of ['verified', 'remembered']) {
      t.equal(nameIn(await get('/by-token', both)), 'bob')
      t.equal(nameIn(await get('/by-cookie', both)), 'ada')
    }
  }
)

t.test('J80 a log-out by one carrier revokes the login of that carrier only', async (t) => {
  const { get, end, cookie, token } = await buildService(t)
  const both = { cookie, authorization: bearer(token) }
  t.equal((await end('token', both)).statusCode, 200)
  t.equal((await get('/by-token', both)).statusCode, 401)
  t.equal(nameIn(await get('/by-cookie', both)), 'ada')
  t.equal((await end('session', both)).statusCode, 200)
  t.equal((await get('/by-cookie', both)).statusCode, 401)
})

t.test('J81 a valid credential of the other carrier does not replace an invalid one', async (t) => {
  const { get, end, cookie, token } = await buildService(t)
  const refused = (await get('/by-token', { authorization: 'Bearer x' })).body
  for (const bad of ['x', `${token}x`, token.slice(0, -4), '']) {
    const response = await get('/by-token', { cookie, authorization: bearer(bad) })
    t.equal(response.statusCode, 401)
    t.equal(response.headers['www-authenticate'], 'Bearer realm="drawbridge", error="invalid_token"')
    t.equal(response.body, refused)
  }
  t.equal((await get('/by-token', { cookie })).statusCode, 401)
  t.equal((await get('/by-cookie', { authorization: bearer(token) })).statusCode, 401)
  await end('session', { cookie })
  t.equal((await get('/by-cookie', { cookie, authorization: bearer(token) })).statusCode, 401)
  t.equal(nameIn(await get('/by-token', { cookie, authorization: bearer(token) })), 'bob', 'the control')
})

t.test('J79 a value from a cookie is no bearer token', async (t) => {
  const { get, cookie, sessionId, token } = await buildService(t)
  t.equal(nameIn(await get('/by-cookie', { cookie })), 'ada', 'the control')
  const [name] = cookie.split('=') as [string]
  for (const presented of [
    sessionId,
    sessionId.split('.').slice(0, 2).join('.'),
    cookie,
    encodeURIComponent(sessionId)
  ]) {
    t.equal((await get('/by-token', { authorization: bearer(presented) })).statusCode, 401)
  }
  for (const presented of [token, bearer(token), encodeURIComponent(token)]) {
    t.equal((await get('/by-cookie', { cookie: `${name}=${presented}` })).statusCode, 401)
  }
})
