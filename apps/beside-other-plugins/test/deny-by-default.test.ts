import fastifyCors from '@fastify/cors'
import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import t from 'tap'
import { createGuardedService } from './guarded-service.ts'

const PASSWORD = 'correct horse battery staple'
const PREFLIGHT = {
  origin: 'https://app.example',
  'access-control-request-method': 'GET'
}

function addRoutes(app: FastifyInstance): void {
  app.get('/data', async ({ principal }) => principal)
  app.post('/data', async () => 'written')
  app.get('/open', { config: { drawbridge: { public: true } } }, async ({ principal }) => ({ principal }))
  app.post('/open', { config: { drawbridge: { public: true } } }, async ({ principal }) => ({ principal }))
  app.all('/every', async () => 'secret')
}

for (const carrier of ['session', 'token'] as const) {
  t.test(`M4: one ${carrier} guard for the whole application`, async (t) => {
    for (const order of ['guard, cors', 'cors, guard']) {
      const cors = (app: FastifyInstance) => app.register(fastifyCors, { origin: ['https://app.example'] })
      const { app, findCalls, byCookie, byToken } = await createGuardedService({
        before: async (app) => {
          // Before our plugins, so that the hook applies to their routes too.
          const guard: onRequestHookHandler = (request, reply, done) =>
            app[carrier === 'session' ? 'sessionAuth' : 'tokenAuth'].guard(request, reply, done)
          if (order === 'cors, guard') await cors(app)
          app.addHook('onRequest', guard)
          if (order === 'guard, cors') await cors(app)
        },
        routes: addRoutes
      })
      const headers = await (carrier === 'session' ? byCookie() : byToken())
      const status = async (
        method: string,
        url: string,
        more: Record<string, string> = {},
        payload?: object
      ) =>
        (await app.inject({ method: method as 'GET', url, headers: more, ...(payload && { payload }) }))
          .statusCode

      t.equal(await status('GET', '/data'), 401, `${order}: an unmarked route is guarded`)
      t.equal(await status('HEAD', '/data'), 401)
      t.equal(await status('POST', '/data'), 401)
      // Its handler would run, unless @fastify/cors responds first.
      const every = order === 'cors, guard' ? 204 : 401
      t.equal(await status('OPTIONS', '/every', PREFLIGHT), every, 'a handler of several methods')
      t.equal(await status('GET', '/data', headers), 200)

      t.equal(await status('GET', '/open'), 200, 'a marked route')
      t.equal(await status('HEAD', '/open'), 200, 'and its HEAD')
      t.equal(await status('GET', '/nothing'), 404, 'a 404 stays a 404')
      t.equal(await status('OPTIONS', '/data', PREFLIGHT), 204, 'a preflight')
      t.equal(await status('OPTIONS', '/nothing', PREFLIGHT), 204)

      const body = { username: 'ada', password: PASSWORD }
      t.equal(await status('GET', '/.well-known/jwks.json'), 200, 'our own routes')
      t.equal(await status('HEAD', '/.well-known/jwks.json'), 200)
      t.equal(await status('POST', '/session/login', {}, body), 200)
      t.equal(await status('POST', '/session/logout'), 200)
      const tokens = await app.inject({ method: 'POST', url: '/token/login', payload: body })
      t.equal(tokens.statusCode, 200)
      const { refresh_token } = tokens.json<{ refresh_token: string }>()
      const refreshed = await app.inject({
        method: 'POST',
        url: '/token/refresh',
        payload: { refresh_token }
      })
      t.equal(refreshed.statusCode, 200)
      const next = refreshed.json<{ refresh_token: string }>()
      t.equal(await status('POST', '/token/logout', {}, { refresh_token: next.refresh_token }), 200)

      findCalls.count = 0
      const forged = { cookie: '__Host-drawbridge=a; __Host-drawbridge=b', authorization: 'Bearer x' }
      t.equal(await status('GET', '/open', forged), 200, 'whatever is presented')
      t.equal(await status('POST', '/open', { ...headers, 'sec-fetch-site': 'cross-site' }), 200)
      t.equal(findCalls.count, 0, 'without I/O')
      const known = await app.inject({ url: '/open', headers })
      t.match(known.json(), { principal: { username: 'ada', carrier } }, 'a valid login is the principal')
      t.equal(findCalls.count, 0)
      if (carrier === 'session') {
        const crossSite = { ...headers, 'sec-fetch-site': 'cross-site' }
        const response = await app.inject({ method: 'POST', url: '/open', headers: crossSite })
        t.same(response.json(), { principal: null }, 'not for a request that a page elsewhere may have sent')
      }
      await app.close()
    }
  })
}

t.test('M4: the guard of a not-found handler applies to that handler only', async (t) => {
  const { app, byCookie } = await createGuardedService({
    routes: (app) => {
      app.addHook('onRequest', (request, reply, done) => app.sessionAuth.guard(request, reply, done))
      app.register(
        async (scope) => {
          scope.setNotFoundHandler({ preHandler: app.sessionAuth.guard }, async () => 'a page for users')
        },
        { prefix: '/app' }
      )
      app.register(
        async (scope) => {
          scope.setNotFoundHandler(async (_request, reply) => reply.code(404).send('a page for everybody'))
        },
        { prefix: '/site' }
      )
    }
  })
  const get = async (url: string, headers = {}) => (await app.inject({ url, headers })).statusCode
  t.equal(await get('/app/users'), 401)
  t.equal(await get('/app/users', await byCookie()), 200)
  t.equal(await get('/site/nothing'), 404)
  t.equal(await get('/nothing'), 404)
})

t.test('M4: a public route with two guards has no principal where they disagree', async (t) => {
  const { app, byCookie, byToken } = await createGuardedService({
    routes: (app) => {
      app.addHook('onRequest', app.sessionAuth.guard)
      app.addHook('onRequest', app.tokenAuth.guard({ scopes: ['admin'] }))
      addRoutes(app)
    },
    logins: { getClaims: () => ({ scopes: ['admin'] }) }
  })
  const headers = { ...(await byCookie('ada')), ...(await byToken('bob')) }
  t.same((await app.inject({ url: '/open', headers })).json(), { principal: null })
  t.equal((await app.inject({ url: '/data', headers })).statusCode, 400)
})

t.test('M4: a response of a public route without a principal may be cached', async (t) => {
  const { app, byCookie } = await createGuardedService({
    routes: (app) => {
      app.addHook('onRequest', app.sessionAuth.guard)
      addRoutes(app)
    }
  })
  const open = await app.inject({ url: '/open' })
  t.notOk(open.headers['cache-control'])
  t.notOk(open.headers.vary)
  const headers = await byCookie()
  await app.inject({ url: '/data', headers })
  const known = await app.inject({ url: '/open', headers })
  t.equal(known.headers['cache-control'], 'no-store')
  t.equal(known.headers.vary, 'Cookie')
})
