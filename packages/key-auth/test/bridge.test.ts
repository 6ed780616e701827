import { bridge } from '@drawbridge/bridge'
import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore, type Principal } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import t from 'tap'
import { keyAuth } from '../src/index.ts'
import { codeOf, makeApp, PASSWORD, SECRET, START } from './make-app.ts'

const REFUSED = [403, 'DRAWBRIDGE_KEY_NOT_ALLOWED']

t.test(
  'the guard of the bridge takes a key beside the other carriers, for safe and unsafe methods',
  async (t) => {
    const { createKey, send, post, signInByCookie, signInByToken } = await makeApp()
    const { token } = await createKey()
    for (const response of [await send({ token }), await post({ token }, '/me')])
      t.match([response.statusCode, response.json()], [200, { carrier: 'key', username: 'ada' }])
    t.match((await send({ cookie: await signInByCookie() })).json(), { carrier: 'session' })
    t.match((await send({ token: (await signInByToken()).token })).json(), { carrier: 'token' })
  }
)

t.test('a key and a session of one user: the key counts; of two users: 400', async (t) => {
  const { createKey, send, signInByCookie } = await makeApp()
  const { token } = await createKey('ada')
  t.match((await send({ token, cookie: await signInByCookie('ada') })).json(), { carrier: 'key' })
  const cookie = await signInByCookie('bob')
  for (let request = 0; request < 2; request++) {
    const refused = await send({ token, cookie })
    t.strictSame([refused.statusCode, codeOf(refused)], [400, 'DRAWBRIDGE_TWO_USERS'])
  }
})

t.test('a key that is not valid is not made good by a cookie beside it', async (t) => {
  const { createKey, send, signInByCookie, logins } = await makeApp()
  const { token, id } = await createKey()
  const cookie = await signInByCookie()
  await logins.revoke(id)
  for (const presented of [token, `${token}x`, 'drbk_', 'drbk_x']) {
    const refused = await send({ token: presented, cookie })
    t.strictSame([refused.statusCode, codeOf(refused)], [401, 'DRAWBRIDGE_UNAUTHORIZED'])
    t.match(refused.headers['www-authenticate'], 'error="invalid_token"')
  }
})

t.test('each bearer token goes to its own carrier, and is never verified as the other', async (t) => {
  const { createKey, send, signInByToken } = await makeApp()
  const key = await createKey()
  const { token } = await signInByToken()
  t.equal((await send({ token: key.token }, { url: '/token/me' })).statusCode, 401)
  t.equal((await send({ token }, { url: '/key/me' })).statusCode, 401)
  const invalid = await send({ token: 'x' }, { url: '/token/me' })
  t.equal((await send({ token: key.token }, { url: '/token/me' })).body, invalid.body)
})

t.test('a key is exchanged for nothing, whatever else the request presents', async (t) => {
  const { createKey, send, post, signInByCookie, signInByToken, storeSpy } = await makeApp()
  const { token } = await createKey()
  const [cookie, { refresh_token }] = [await signInByCookie(), await signInByToken()]
  storeSpy.calls.length = 0
  for (const presented of [{ token }, { token, cookie }]) {
    for (const [url, payload] of [
      ['/exchange/session-for-token', {}],
      ['/exchange/session-for-token', { refresh_token: true }],
      ['/exchange/token-for-session', { refresh_token }]
    ] as const) {
      const refused = await post(presented, url, payload)
      t.strictSame([refused.statusCode, codeOf(refused)], REFUSED, url)
      t.equal(refused.headers['set-cookie'], undefined)
    }
  }
  t.notOk(storeSpy.calls.includes('carry'))
  t.equal((await post({ token, cookie: '' }, '/token/refresh', { refresh_token: token })).statusCode, 401)
  t.equal((await post({ token: `${token}x`, cookie }, '/exchange/session-for-token')).statusCode, 401)
  t.equal((await send({ token })).statusCode, 200)
})

t.test(
  'a key changes no password, revokes no other logins and is no sign-in to authenticate again',
  async (t) => {
    const { createKey, send, post, signInByCookie } = await makeApp({
      routes: (app) => {
        app.post('/password', { onRequest: app.bridge.guard }, (request, reply) =>
          app.bridge.changePassword(request, reply, request.body)
        )
        app.post('/others', (request, reply) => app.bridge.revokeOthers(request, reply))
        app.post('/again', (request, reply) =>
          app.bridge.reauthenticate(request, reply, { user: { id: '1', username: 'ada' } })
        )
      }
    })
    const { token } = await createKey()
    const cookie = await signInByCookie()
    const body = { currentPassword: PASSWORD, newPassword: 'a bicycle made of rain' }
    const refused = [
      await post({ token }, '/password', body),
      await post({ token }, '/others'),
      await post({ token }, '/again'),
      await post({ token, cookie }, '/again')
    ]
    for (const response of refused) t.strictSame([response.statusCode, codeOf(response)], REFUSED)
    t.equal((await send({ cookie })).statusCode, 200)
    t.ok(await signInByCookie())
  }
)

t.test('where a recent authentication is asked for, a key is refused, however new it is', async (t) => {
  const { createKey, send, signInByToken } = await makeApp({
    routes: (app) => {
      const me = ({ principal }: { principal: unknown }) => principal
      app.get('/recent', { onRequest: app.bridge.guard({ maxAgeSeconds: 300 }) }, me)
      app.get('/key/recent', { onRequest: app.keyAuth.guard({ maxAgeSeconds: 300 }) }, me)
    }
  })
  const { token } = await createKey()
  for (const url of ['/recent', '/key/recent']) {
    const refused = await send({ token }, { url })
    t.strictSame([refused.statusCode, codeOf(refused)], REFUSED, url)
  }
  t.equal((await send({ token: (await signInByToken()).token }, { url: '/recent' })).statusCode, 200)
})

t.test('a log-out with a key revokes the key, and no other login', async (t) => {
  const { createKey, send, post, read, signInByToken } = await makeApp()
  const { token } = await createKey()
  const signIn = await signInByToken()
  t.equal((await post({ token }, '/logout')).statusCode, 200)
  t.equal((await read(token)).statusCode, 401)
  t.equal((await send({ token: signIn.token })).statusCode, 200)
  t.equal((await post({ token: `${token}x` }, '/logout')).statusCode, 401)
})

async function register(order: readonly ('keys' | 'bridge')[], otherLogins = false) {
  const now = () => START
  const credentials = createCredentials({ users: createMemoryUserStore() })
  const createTheLogins = () => createLogins({ store: createMemoryLoginStore({ now }), now })
  const logins = createTheLogins()
  const app = Fastify()
  await app.register(sessionAuth, { credentials, logins, secret: SECRET })
  await app.register(tokenAuth, { credentials, logins, keys: [generateSigningKey()] })
  for (const plugin of order) {
    if (plugin === 'bridge') await app.register(bridge)
    else await app.register(keyAuth, { logins: otherLogins ? createTheLogins() : logins, secret: SECRET })
  }
  app.get('/me', { onRequest: app.bridge.guard }, ({ principal }) => principal)
  return app
}

t.test('key-auth is registered before the bridge, with the same logins', async (t) => {
  t.equal((await (await register(['keys', 'bridge'])).inject('/me')).statusCode, 401)
  await t.rejects(register(['bridge', 'keys']), { code: 'DRAWBRIDGE_OPTION', message: /before the bridge/ })
  await t.rejects(register(['keys', 'bridge'], true), {
    code: 'DRAWBRIDGE_OPTION',
    message: /keyAuth\.logins/
  })
})

t.test('without key-auth a key is no credential', async (t) => {
  const { createKey } = await makeApp()
  const { token } = await createKey()
  const app = await register(['bridge'])
  const refused = await app.inject({ url: '/me', headers: { authorization: `Bearer ${token}` } })
  t.strictSame([refused.statusCode, codeOf(refused)], [401, 'DRAWBRIDGE_UNAUTHORIZED'])
})

t.test('a document has the security scheme of keys, and names it where a guard takes them', async (t) => {
  const { default: swagger } = await import('@fastify/swagger')
  const { describeErrors } = await import('../src/index.ts')
  const app = Fastify()
  await app.register(swagger, { openapi: { openapi: '3.1.0' }, transformObject: describeErrors() })
  const logins = createLogins({ store: createMemoryLoginStore() })
  const credentials = createCredentials({ users: createMemoryUserStore() })
  await app.register(sessionAuth, { credentials, logins, secret: SECRET })
  await app.register(tokenAuth, { credentials, logins, keys: [generateSigningKey()] })
  await app.register(keyAuth, { logins, secret: SECRET })
  await app.register(bridge)
  app.get('/report', { onRequest: app.keyAuth.guard({ scopes: ['read'], maxAgeSeconds: 5 }) }, () => ({}))
  app.get('/me', { onRequest: app.bridge.guard }, () => ({}))
  await app.ready()
  const { paths, components } = app.swagger() as unknown as Record<string, Record<string, never>>
  t.match(components, { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } })
  t.match(paths, {
    '/me': { get: { security: [{ session: [] }, { token: [] }, { key: [] }] } },
    '/report': { get: { security: [{ key: ['read'] }] } }
  })
  t.match(JSON.stringify(paths?.['/report']), /DRAWBRIDGE_KEY_NOT_ALLOWED/)
  await app.close()
})

t.test('a principal by a key is the one that the service sees by the others', async (t) => {
  const { createKey, read, send, signInByToken } = await makeApp({
    logins: { getClaims: ({ carriers }) => ({ scopes: ['read'], tenant: carriers.join() }) as never }
  })
  const { token, id } = await createKey()
  const byKey = (await read(token)).json<Principal>()
  const byToken = (await send({ token: (await signInByToken()).token })).json<Principal>()
  t.match(byKey, { userId: byToken.userId, loginId: id, tenant: 'key' })
  t.same(Object.keys(byKey).toSorted(), Object.keys(byToken).toSorted())
})
