import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import swagger from '@fastify/swagger'
import Fastify from 'fastify'
import t from 'tap'

interface Operation {
  readonly operationId?: string
  readonly tags?: readonly string[]
  readonly security?: readonly object[]
  readonly responses: Readonly<Record<string, object>>
}

const credentials = {
  verify: async () => ({ ok: true, user: { id: '1', username: 'ada' } }) as const,
  verifySecondFactor: async () => ({ ok: true, user: { id: '1', username: 'ada' } }) as const
}
const logins = createLogins({ store: createMemoryLoginStore(), closeWithApp: false })
const secret = 'a root secret for tests, 0123456789'
const keys = [generateSigningKey()]

/** The operations of a service with both plugins, by method and path. */
async function openApiDocument(tags?: readonly string[]): Promise<Readonly<Record<string, Operation>>> {
  const app = Fastify()
  await app.register(swagger, { openapi: { info: { title: 'A service', version: '1' } } })
  await app.register(sessionAuth, { credentials, logins, secret, ...(tags && { tags }) })
  await app.register(tokenAuth, { credentials, logins, keys, ...(tags && { tags }) })
  const [session, token] = [app.sessionAuth.guard, app.tokenAuth.guard({ scopes: ['read'] })]
  const handler = async () => ({})
  app.get('/by-cookie', { onRequest: session, schema: { summary: 'Mine' } as object }, handler)
  app.get('/by-token', { preHandler: [token] }, handler)
  app.get('/by-both', { onRequest: [session, token] }, handler)
  const either = { security: [{ session: [] }, { token: [] }] } as object
  app.get('/by-either', { onRequest: session, schema: either }, handler)
  app.get('/open', handler)
  await app.ready()
  const { paths = {} } = app.swagger() as unknown as {
    paths?: Record<string, Record<string, Operation>>
  }
  await app.close()
  return Object.fromEntries(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => [`${method} ${path}`, operation])
    )
  )
}

t.test('L19: an OpenAPI document has the responses and the requirements of our routes', async (t) => {
  const document = await openApiDocument()
  const signInOperations = ['200', '202', '400', '401', '403', '413', '415', '429', '503']
  const rows: ReadonlyArray<readonly [string, string, readonly string[], object[]]> = [
    ['post /session/login', 'sessionLogin', signInOperations, []],
    [
      'post /session/login/second-factor',
      'sessionLoginSecondFactor',
      signInOperations.filter((code) => code !== '202'),
      []
    ],
    ['post /session/logout', 'sessionLogout', ['200', '400', '403', '413', '503'], [{ session: [] }, {}]],
    ['post /token/login', 'tokenLogin', signInOperations.filter((code) => code !== '403'), []],
    [
      'post /token/login/second-factor',
      'tokenLoginSecondFactor',
      signInOperations.filter((code) => code !== '202' && code !== '403'),
      []
    ],
    ['post /token/refresh', 'tokenRefresh', ['200', '400', '401', '413', '415', '503'], []],
    ['post /token/logout', 'tokenLogout', ['200', '400', '401', '413', '503'], [{ token: [] }, {}]],
    ['get /.well-known/jwks.json', 'wellKnownJwksJson', ['200'], []]
  ]
  for (const [route, operationId, responses, security] of rows) {
    const operation = document[route]
    t.equal(operation?.operationId, operationId, route)
    t.same(Object.keys(operation?.responses ?? {}), responses, route)
    t.same(operation?.security, security, route)
    t.same(operation?.tags, [route.includes('session') ? 'session' : 'token'], route)
  }
  for (const route of ['post /token/login', 'post /token/login/second-factor', 'post /token/refresh']) {
    const responses = document[route]?.responses as { readonly 200: object } | undefined
    t.match(
      JSON.stringify(responses?.[200]),
      '"access_token":{"type":"string"',
      `${route}: the name of RFC 6749`
    )
  }
})

t.test(
  'L19: a guarded route has the security requirement of the guard, unless it states its own',
  async (t) => {
    const document = await openApiDocument()
    t.same(document['get /by-cookie']?.security, [{ session: [] }])
    t.match(document['get /by-cookie'], { summary: 'Mine' })
    t.same(document['get /by-token']?.security, [{ token: [] }])
    t.same(document['get /by-both']?.security, [{ session: [], token: [] }])
    t.same(document['get /by-either']?.security, [{ session: [] }, { token: [] }])
    t.equal(document['get /open']?.security, undefined)
  }
)

t.test('L19: tags are those of the service, or none', async (t) => {
  t.same((await openApiDocument(['auth']))['post /token/login']?.tags, ['auth'])
  const document = await openApiDocument([])
  for (const route of ['post /session/login', 'post /token/login', 'get /.well-known/jwks.json'])
    t.equal(document[route]?.tags, undefined, route)
})

t.test(
  'L19: hidden routes are not in a document, and guarded ones have the scheme all the same',
  async (t) => {
    const app = Fastify()
    t.teardown(() => app.close())
    await app.register(swagger, { openapi: { info: { title: 'A service', version: '1' } } })
    await app.register(sessionAuth, { credentials, logins, secret, hideRoutes: true })
    await app.register(tokenAuth, { credentials, logins, keys, hideRoutes: true })
    app.get('/mine', { onRequest: app.sessionAuth.guard }, async () => ({}))
    await app.ready()
    const { paths, components } = app.swagger() as { paths?: object; components?: object }
    t.same(Object.keys(paths ?? {}), ['/mine'])
    t.match(paths, { '/mine': { get: { security: [{ session: [] }] } } })
    t.match(components, { securitySchemes: { session: Object } })
  }
)

t.test('L19: no two operations have one id where a service has the plugin twice', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(swagger, { openapi: { info: { title: 'A service', version: '1' } } })
  for (const prefix of ['/shop', '/admin']) {
    await app.register(
      async (scope) => {
        const cookie = { name: `__Host-${prefix.slice(1)}` }
        await scope.register(sessionAuth, { credentials, logins, secret, cookie })
        await scope.register(tokenAuth, { credentials, logins, keys, audience: prefix })
      },
      { prefix }
    )
  }
  await app.ready()
  const { paths = {} } = app.swagger() as unknown as {
    paths?: Record<string, Record<string, Operation>>
  }
  const ids = Object.values(paths).flatMap((item) => Object.values(item).map((each) => each.operationId))
  t.equal(ids.length, 16)
  t.equal(new Set(ids).size, 16)
  t.ok(ids.includes('adminSessionLogin'))
})

t.test(
  'L19: a document of either kind has the schemes of its routes; those of the service come first',
  async (t) => {
    const schemes = async (options: object, where: 'before' | 'after' = 'before') => {
      const app = Fastify()
      t.teardown(() => app.close())
      if (where === 'before') await app.register(swagger, options)
      await app.register(sessionAuth, { credentials, logins, secret })
      await app.register(tokenAuth, { credentials, logins, keys })
      if (where === 'after') await app.register(swagger, options)
      app.get('/mine', { onRequest: [app.sessionAuth.guard, app.tokenAuth.guard] }, async () => ({}))
      await app.ready()
      return app.swagger() as unknown as Record<string, unknown>
    }
    const info = { title: 'A service', version: '1' }
    const session = { type: 'apiKey', in: 'cookie', name: '__Host-drawbridge' }
    t.match(await schemes({ openapi: { info } }), {
      components: { securitySchemes: { session, token: { type: 'http', scheme: 'bearer' } } }
    })
    const own = { type: 'http', scheme: 'bearer', description: 'of the service' }
    t.match(await schemes({ openapi: { info, components: { securitySchemes: { token: own } } } }), {
      components: { securitySchemes: { session, token: own } }
    })
    t.match(await schemes({ swagger: { info } }), { securityDefinitions: { session, token: Object } })
    t.match(await schemes({ openapi: { info } }, 'after'), { paths: { '/mine': { get: Object } } })
  }
)

t.test(
  'L13: the key set is below the prefix of its scope, or at the path that the service chooses',
  async (t) => {
    const app = Fastify()
    t.teardown(() => app.close())
    await app.register(
      async (api) => {
        await api.register(tokenAuth, { credentials, logins, keys })
      },
      { prefix: '/api' }
    )
    await app.register(
      async (scope) => {
        await scope.register(tokenAuth, {
          credentials,
          logins,
          keys,
          audience: 'other',
          routes: { jwks: false }
        })
        // As in the README: only the root can serve a path of the root.
        app.get('/.well-known/jwks.json', async () => scope.tokenAuth.jwks)
      },
      { prefix: '/other' }
    )
    const response = await app.inject('/api/.well-known/jwks.json')
    t.match(response.json(), { keys: [{ kty: 'OKP' }] })
    t.same((await app.inject('/.well-known/jwks.json')).json(), response.json())
    t.equal((await app.inject('/other/.well-known/jwks.json')).statusCode, 404)
  }
)
