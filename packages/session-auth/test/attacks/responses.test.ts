import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { attackedApp, json, signInRequest, NAME } from './attacked-app.ts'
import type { RawResponse, RawRequest } from './raw-client.ts'
import { bag } from './session-data-routes.ts'

/** Routes of the service's own that use the methods, without a hook of ours; a sign-in elsewhere ends in a GET. */
function ownRoutes(app: FastifyInstance): void {
  const { sessionAuth } = app
  app.get('/callback', async (request, reply) => {
    await sessionAuth.startSession(request, reply, { user: { id: '7', username: 'grace' } })
    return {}
  })
  app.get('/bye', async (request, reply) => {
    await sessionAuth.endSession(request, reply)
    return {}
  })
  app.get('/end-others', async (request, reply) => ({
    ended: await sessionAuth.revokeOthers(request, reply)
  }))
  app.get('/varied', { onRequest: sessionAuth.guard }, async (_request, reply) => {
    reply.header('vary', `Accept, ${String(reply.getHeader('vary'))}`)
    return {}
  })
}

t.test('S20 CVE-2023-30861 no cache stores a response that depends on a cookie or sets one', async (t) => {
  const node = await attackedApp(t, {
    routes: async (app) => {
      await bag(app)
      ownRoutes(app)
      app.get('/scoped', { onRequest: app.sessionAuth.guard({ scopes: ['admin'] }) }, () => 'x')
    }
  })
  const cookie = await node.signIn()
  const mine = [`Cookie: ${cookie}`]
  const both = [`Cookie: ${cookie}; ${await node.signIn('bob')}`]
  const many = [`Cookie: ${Array.from({ length: 9 }, (_, at) => `${NAME}=${at}`).join('; ')}`]
  const cross = ['Sec-Fetch-Site: cross-site']
  const post = (path: string, lines: readonly string[] = []) => ({ method: 'POST', path, lines })
  const asked: ReadonlyArray<readonly [status: number, request: RawRequest]> = [
    [200, { lines: mine }],
    [401, {}],
    [401, { lines: [`Cookie: ${NAME}=x`] }],
    [400, { lines: both }],
    [403, post('/me', [...mine, ...cross])],
    [403, { path: '/scoped', lines: mine }],
    [200, { path: '/bag', lines: mine }],
    [401, { path: '/bag' }],
    [200, { path: '/callback' }],
    [400, { path: '/callback', lines: many }],
    [200, { path: '/bye' }],
    [400, { path: '/bye', lines: many }],
    [200, { path: '/end-others', lines: mine }],
    [401, { path: '/end-others' }],
    [200, signInRequest()],
    [401, { method: 'POST', path: '/session/login', ...json({ username: 'ada', password: 'wrong' }) }],
    [400, { method: 'POST', path: '/session/login', ...json({ username: 'ada' }) }],
    [415, { ...post('/session/login'), body: 'x' }],
    [413, { method: 'POST', path: '/session/login', ...json({ username: 'x'.repeat(20_000) }) }],
    [403, signInRequest(...cross)],
    [200, post('/session/logout')],
    [400, post('/session/logout', many)],
    [403, post('/session/logout', [...mine, ...cross])]
  ]
  const isKept = (answer: RawResponse) =>
    `${String(answer.header('cache-control'))} | ${String(answer.header('vary'))}` !== 'no-store | Cookie'
  for (const [status, request] of asked) {
    const answer = await node.send(request)
    t.equal(answer.status, status, `${request.method ?? 'GET'} ${request.path ?? '/me'}`)
    t.notOk(isKept(answer), `${status} to ${request.method ?? 'GET'} ${request.path ?? '/me'}`)
  }
  t.same((await node.send({ path: '/varied', lines: mine })).header('vary'), ['Accept, Cookie'])
  node.storeSpy.outage = new Error('down')
  for (const request of [{ lines: [`Cookie: ${cookie}`] }, { path: '/bag', lines: mine }]) {
    t.notOk(isKept(await node.send(request)))
  }
})

t.test('S19 HEAD, OPTIONS and a 404 create no session and send no cookie', async (t) => {
  const node = await attackedApp(t, { routes: bag })
  const cookie = await node.signIn()
  const before = { ...node.storeSpy.counts }
  for (const [method, path, status] of [
    ['HEAD', '/me', 401],
    ['HEAD', '/bag', 401],
    ['HEAD', '/nowhere', 404],
    ['OPTIONS', '/me', 404],
    ['OPTIONS', '*', 404],
    ['GET', '/favicon.ico', 404],
    ['GET', '/session', 404],
    ['GET', '/session/', 404]
  ] as const) {
    const answer = await node.send({ method, path })
    t.equal(answer.status, status, `${method} ${path}`)
    t.same(answer.header('set-cookie'), [])
  }
  for (const path of ['/nowhere', '/session/login']) {
    const answer = await node.send({ method: 'HEAD', path, lines: [`Cookie: ${cookie}`] })
    t.same([answer.status, answer.header('set-cookie')], [404, []])
  }
  t.same(node.storeSpy.counts, before, 'a cookie is not even looked at where nothing is guarded')
  const head = await node.send({ method: 'HEAD', lines: [`Cookie: ${cookie}`] })
  t.same([head.status, head.body], [200, ''])
})

const SPELLINGS = [
  '//secret',
  '///secret',
  '/secret/',
  '/secret//',
  '/SECRET',
  '/Secret',
  '/%73ecret',
  '/%53ecret',
  '/secret;x',
  '/secret;',
  '/secret%3Bx',
  '/./secret',
  '/../secret',
  '/x/../secret',
  '/secret/.',
  '/secret/..;/secret',
  '/secret%2F',
  '/%2Fsecret',
  '/secret%00',
  '/secret%20',
  '/secret%09',
  '/secret?x=1',
  '/secret??',
  '/secret#x',
  '/\\secret',
  '/secret\\',
  '/secret.json',
  '/*',
  'http://localhost/secret',
  'http://localhost//secret',
  'http://evil.example/secret'
]

const ROUTERS = {
  strict: {},
  lenient: {
    ignoreTrailingSlash: true,
    ignoreDuplicateSlashes: true,
    caseSensitive: false,
    useSemicolonDelimiter: true
  }
}

for (const [what, routerOptions] of Object.entries(ROUTERS)) {
  t.test(
    `CVE-2026-2880 CVE-2026-33808 no spelling of a path bypasses the guard of a ${what} router`,
    async (t) => {
      const node = await attackedApp(t, {
        server: { routerOptions },
        routes: async (app) => {
          app.get('/secret', { onRequest: app.sessionAuth.guard }, () => 'the secret')
          await app.register(async (scope) => {
            scope.addHook('onRequest', app.sessionAuth.guard)
            scope.get('/scope/secret', () => 'the secret')
          })
          await app.register(async (scope) => {
            await scope.register(app.sessionAuth.sessionData)
            scope.get('/data/secret', () => 'the secret')
          })
        }
      })
      const cookie = `Cookie: ${await node.signIn()}`
      let served = 0
      for (const prefix of ['', '/scope', '/data']) {
        for (const spelled of SPELLINGS) {
          const path = spelled.startsWith('http')
            ? spelled.replace('/secret', `${prefix}/secret`)
            : `${prefix}${spelled}`
          for (const method of ['GET', 'HEAD']) {
            const { status, body } = await node.send({ method, path })
            t.ok(
              [400, 401, 404].includes(status) && !body.includes('the secret'),
              `${method} ${path}: ${status}`
            )
          }
          if ((await node.send({ path, lines: [cookie] })).status === 200) served++
        }
        t.equal((await node.send({ path: `${prefix}/secret`, lines: [cookie] })).body, 'the secret')
      }
      t.ok(served > (what === 'strict' ? 5 : 20), `${served} of these spellings lead to the route`)
    }
  )
}
