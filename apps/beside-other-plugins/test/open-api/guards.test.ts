import { bridge, describeErrors } from '@drawbridge/bridge'
import { createTestLogins } from '@drawbridge/logins/testing'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import Fastify, { type FastifyInstance } from 'fastify'
import t from 'tap'

interface Operation {
  readonly security?: readonly object[]
  readonly responses: Readonly<Record<string, { readonly description: string }>>
}

interface Options {
  readonly openapi?: '3.0.3' | '3.1.0'
  /** Default: with the line of the guide. */
  readonly transformObject?: FastifyDynamicSwaggerOptions['transformObject']
  readonly plugins?: { readonly routes?: false }
  /** Default: before our plugins. */
  readonly swaggerAfter?: boolean
  readonly before?: (app: FastifyInstance) => void
  readonly routes: (app: FastifyInstance) => void
}

const credentials = { verify: async () => ({ ok: false, reason: 'malformed' }) as const }
const secret = 'a root secret for tests, 0123456789'
const keys = [generateSigningKey()]
const handler = async () => ({})

async function createDocument(options: Options) {
  const { openapi = '3.1.0', transformObject = describeErrors(), plugins = {} } = options
  const app = Fastify()
  const addSwagger = () =>
    app.register(swagger, {
      openapi: { openapi, info: { title: 'A service', version: '1' } },
      transformObject
    })
  const { logins } = createTestLogins()
  if (options.swaggerAfter !== true) await addSwagger()
  options.before?.(app)
  await app.register(sessionAuth, { credentials, logins, secret, ...plugins })
  await app.register(tokenAuth, { credentials, logins, secret, keys, ...plugins })
  await app.register(bridge, plugins)
  if (options.swaggerAfter === true) await addSwagger()
  options.routes(app)
  await app.ready()
  const text = JSON.stringify(app.swagger())
  await app.close()
  const document = JSON.parse(text) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
    readonly components?: { readonly securitySchemes?: object; readonly schemas?: object }
  }
  const find = (method: string, path: string) => {
    const { security, responses } = document.paths[path]?.[method] ?? { responses: {} }
    return { security, statuses: Object.keys(responses), responses }
  }
  return { text, find, document }
}

const COMMON = ['200', '400', '401', '503']
const UNSAFE = ['200', '400', '401', '403', '503']

t.test('a guard is described wherever a route has it', async (t) => {
  const { find } = await createDocument({
    routes: (app) => {
      const { guard } = app.sessionAuth
      app.get('/on-request', { onRequest: guard }, handler)
      app.get('/list', { onRequest: [async () => {}, guard] }, handler)
      app.get('/validation', { preValidation: guard }, handler)
      app.post('/handler', { preHandler: [app.tokenAuth.guard] }, handler)
      app.route({ method: ['GET', 'POST'], url: '/two-methods', onRequest: app.bridge.guard, handler })
      app.get('/open', handler)
    }
  })
  const bySession = { security: [{ session: [] }], statuses: COMMON }
  for (const path of ['/on-request', '/list', '/validation']) t.match(find('get', path), bySession, path)
  t.match(find('post', '/handler'), { security: [{ token: [] }], statuses: COMMON }, 'no origin is checked')
  const byEither = [{ session: [] }, { token: [] }]
  t.match(find('get', '/two-methods'), { security: byEither, statuses: COMMON })
  t.match(find('post', '/two-methods'), { security: byEither, statuses: UNSAFE })
  t.match(find('get', '/open'), { security: undefined, statuses: ['200'] })
})

t.test(
  'a guard of a scope, or of the whole application, is described, also when it is added after a route',
  async (t) => {
    const { find } = await createDocument({
      routes: (app) => {
        app.get('/early', handler)
        app.addHook('onRequest', app.bridge.guard)
        app.get('/late', handler)
        app.post('/public', { config: { drawbridge: { public: true } } }, handler)
        app.register(async (scope) => {
          scope.addHook('preHandler', app.sessionAuth.guard({ scopes: ['admin'] }))
          scope.get('/admin', handler)
        })
      }
    })
    const byEither = [{ session: [] }, { token: [] }]
    for (const path of ['/early', '/late'])
      t.match(find('get', path), { security: byEither, statuses: COMMON })
    t.match(
      find('post', '/public'),
      { security: [...byEither, {}], statuses: ['200'] },
      'with a login or without'
    )
    t.match(find('get', '/admin').security, [{ session: ['admin'] }, { token: [], session: ['admin'] }])
    t.match(find('post', '/session/login').security, [], 'our own routes take who comes')
  }
)

t.test('the session data of a scope is behind a guard, and that of another scope is not', async (t) => {
  const { find } = await createDocument({
    routes: (app) => {
      app.register(async (scope) => {
        await scope.register(app.sessionAuth.sessionData)
        scope.post('/cart', handler)
      })
      app.register(async (scope) => void scope.get('/beside', handler))
    }
  })
  t.match(find('post', '/cart'), { security: [{ session: [] }], statuses: UNSAFE })
  t.match(find('get', '/beside').security, undefined)
})

t.test('the scopes of a guard are named, in the security of OpenAPI 3.1 too', async (t) => {
  const routes = (app: FastifyInstance) =>
    void app.get('/admin', { onRequest: app.tokenAuth.guard({ scopes: ['admin', 'write'] }) }, handler)
  for (const [openapi, scopes] of [
    ['3.0.3', []],
    ['3.1.0', ['admin', 'write']]
  ] as const) {
    const { find } = await createDocument({ openapi, routes })
    const { security, responses } = find('get', '/admin')
    t.same(security, [{ token: scopes }], openapi)
    t.equal(responses[403]?.description, 'The login lacks a scope. Required: `admin`, `write`.')
  }
})

t.test('a guard that asks for a recent authentication says so', async (t) => {
  const { find, text } = await createDocument({
    routes: (app) => {
      const ages = [app.bridge.guard({ maxAgeSeconds: 3600 }), app.bridge.guard({ maxAgeSeconds: 300 })]
      app.get('/billing', { onRequest: ages }, handler)
      app.get('/me', { onRequest: app.bridge.guard }, handler)
    }
  })
  t.match(
    find('get', '/billing').responses[401]?.description,
    /authenticated too long ago\. Allowed: 300 s\.$/
  )
  t.notMatch(find('get', '/me').responses[401]?.description, /too long ago/)
  t.equal(text.split('"code":"DRAWBRIDGE_REAUTHENTICATE"').length, 2)
})

t.test('a guard that redirects, and the check of an origin', async (t) => {
  const { find } = await createDocument({
    routes: (app) => {
      app.get('/page', { onRequest: app.sessionAuth.guard({ redirectTo: '/sign-in' }) }, handler)
      app.post('/sign-in', { onRequest: app.sessionAuth.requireSameOrigin }, handler)
    }
  })
  t.same(find('get', '/page').statuses, ['200', '303', '400', '401', '503'])
  t.match(find('post', '/sign-in'), { security: undefined, statuses: ['200', '403'] })
})

t.test('what a route states itself stays', async (t) => {
  const security = [{ apiKey: [] }]
  const { find, document } = await createDocument({
    routes: (app) => {
      const response = { 401: { description: 'Its own.', type: 'object', properties: {} } }
      app.get('/own', { onRequest: app.sessionAuth.guard, schema: { security: [], response } }, handler)
    }
  })
  t.match(find('get', '/own'), { security: [], responses: { 401: { description: 'Its own.' } } })
  t.notOk(JSON.stringify(document).includes(JSON.stringify(security)))
})

t.test('the errors of a sign-in route of the service are described where it names them', async (t) => {
  const errors = ['DRAWBRIDGE_INVALID_CREDENTIALS', 'DRAWBRIDGE_TOO_MANY_ATTEMPTS'] as const
  const { find } = await createDocument({
    routes: (app) => void app.post('/sign-in', { config: { drawbridge: { public: true, errors } } }, handler)
  })
  t.same(find('post', '/sign-in').statuses, ['200', '401', '429'])
  const app = Fastify()
  await app.register(sessionAuth, { credentials, logins: createTestLogins().logins, secret })
  t.throws(
    () => app.get('/', { config: { drawbridge: { errors: ['NO_SUCH'] as never } } }, handler),
    /config\.drawbridge of GET \/.*must be the code of an error of ours/
  )
})

t.test('without describeErrors the security is there, and nothing else', async (t) => {
  const { find, text } = await createDocument({
    transformObject: (draft) => ('openapiObject' in draft ? draft.openapiObject : draft.swaggerObject),
    routes: (app) => void app.get('/mine', { onRequest: app.sessionAuth.guard }, handler)
  })
  t.match(find('get', '/mine'), { security: [{ session: [] }], statuses: ['200'] })
  t.notMatch(text, /x-drawbridge/)
})

t.test('with describeErrors also where none of our routes is in the document', async (t) => {
  const routes = (app: FastifyInstance) => void app.get('/mine', { onRequest: app.bridge.guard }, handler)
  for (const options of [{ plugins: { routes: false } }, { swaggerAfter: true }] as const) {
    const { find, document } = await createDocument({ ...options, routes })
    t.match(find('get', '/mine'), { security: [{ session: [] }, { token: [] }], statuses: COMMON })
    t.match(document.components?.securitySchemes, { session: { type: 'apiKey' }, token: { type: 'http' } })
    t.same(Object.keys(document.paths), ['/mine'])
  }
})
