import { createMemoryLoginStore, createLogins } from '@drawbridge/logins'
import { forwardAuth as byKeys, keyAuth } from '@drawbridge/key-auth'
import { forwardAuth as bySessions } from '@drawbridge/session-auth'
import { forwardAuth as byTokens } from '@drawbridge/token-auth'
import fastifyCors from '@fastify/cors'
import fastifySwagger from '@fastify/swagger'
import Fastify from 'fastify'
import t from 'tap'
import { createGuardedService } from './guarded-service.ts'

type Headers = Readonly<Record<string, string>>

const question = (headers: Headers, method = 'GET') => ({ 'x-original-method': method, ...headers })

t.test('each carrier alone lets in by its own credential, and by no other', async (t) => {
  const { app, byCookie, byToken } = await createGuardedService({
    routes: async (app) => {
      await app.register(bySessions, { guard: app.sessionAuth.guard, proxy: 'nginx', path: '/verify/pages' })
      await app.register(byTokens, { guard: app.tokenAuth.guard, proxy: 'nginx', path: '/verify/api' })
    }
  })
  const [cookie, token] = [await byCookie('ada'), await byToken('bob')]
  const ask = (url: string, headers: Headers) => app.inject({ url, headers })
  t.match((await ask('/verify/pages', question(cookie))).headers, { 'x-user-name': 'ada' })
  t.match((await ask('/verify/api', question(token))).headers, { 'x-user-name': 'bob' })
  for (const [url, headers] of [
    ['/verify/pages', token],
    ['/verify/api', cookie],
    ['/verify/pages', {}],
    ['/verify/api', {}]
  ] as ReadonlyArray<readonly [string, Headers]>)
    t.equal((await ask(url, question(headers))).statusCode, 401)
  const crossSite = { 'sec-fetch-site': 'cross-site' }
  const unsafe = (headers: Headers) => question({ ...headers, ...crossSite }, 'DELETE')
  t.equal((await ask('/verify/pages', unsafe(cookie))).statusCode, 403)
  t.equal((await ask('/verify/api', unsafe(token))).statusCode, 200)
})

t.test('keys alone', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  const logins = createLogins({ store: createMemoryLoginStore() })
  await app.register(keyAuth, { logins, secret: 'a root secret for tests, 0123456789' })
  await app.register(byKeys, { guard: app.keyAuth.guard, proxy: 'traefik' })
  const owner = { id: '7', username: 'ada' }
  const input = { name: 'nightly', scopes: [], expiresAt: Date.now() + 3_600_000 }
  const { token } = await app.keyAuth.createFor(owner, input)
  const ask = (authorization: string) =>
    app.inject({ url: '/verify', headers: { authorization, 'x-forwarded-method': 'POST' } })
  t.match((await ask(`Bearer ${token}`)).headers, { 'x-user-id': '7', 'x-user-name': 'ada' })
  t.equal((await ask('Bearer x')).statusCode, 401)
})

t.test('beside plugins that look at each route and each request', async (t) => {
  const { app, byCookie } = await createGuardedService({
    before: async (app) => {
      await app.register(fastifyCors, { origin: ['https://app.example'], credentials: true })
      await app.register(fastifySwagger, { openapi: { info: { title: 'a service', version: '1' } } })
    },
    routes: (app) =>
      void app.register(bySessions, { guard: app.sessionAuth.guard, proxy: 'envoy', path: '/verify' })
  })
  const cookie = await byCookie()
  await app.ready()
  const paths = Object.keys((app.swagger() as { paths: object }).paths)
  t.ok(paths.includes('/session/login'))
  t.notOk(
    paths.some((path) => path.startsWith('/verify')),
    'no client calls it'
  )
  const origin = 'https://evil.example'
  t.equal((await app.inject({ url: '/verify/x', headers: { ...cookie, origin } })).statusCode, 200)
  const post = { method: 'POST', url: '/verify/x', headers: { ...cookie, origin } } as const
  t.equal((await app.inject(post)).statusCode, 403)
})
