import type { FastifyRequest } from 'fastify'
import t from 'tap'
import type { TokenAuthOptions } from '../src/index.ts'
import { bearer, decodeClaims, makeApp, type TestApp } from './make-app.ts'

/** A service with its own routes for sign-in, refresh and log-out. */
async function ownRoutes(): Promise<TestApp> {
  const test = await makeApp({
    tokens: { routes: false },
    logins: { getClaims: ({ scopes }) => (scopes === null ? { scopes: ['read'] } : {}) }
  })
  const { app } = test
  app.post<{ Body: { id: string; scopes?: string[] } }>('/in', async (request) => {
    const { id, scopes } = request.body
    return app.tokenAuth.issueTokens(request, {
      user: { id, username: `name of ${id}` },
      ...(scopes && { scopes })
    })
  })
  app.post<{ Body: { token: string } }>('/again', async ({ body }) => app.tokenAuth.refresh(body.token))
  app.post<{ Body: { loginId: string } }>('/out', async ({ body }) => ({
    wasAlive: await app.tokenAuth.revoke(body.loginId)
  }))
  app.get('/keys', async () => app.tokenAuth.jwks)
  return test
}

t.test('each route is left out, or moved, by its name', async (t) => {
  const paths = ['/token/login', '/token/refresh', '/token/logout', '/.well-known/jwks.json', '/token/renew']
  const pathsOf = async (routes: NonNullable<TokenAuthOptions['routes']>) => {
    const { app } = await makeApp({ tokens: { routes } })
    await app.ready()
    return paths.filter((url) =>
      app.hasRoute({ method: url.startsWith('/.well-known') ? 'GET' : 'POST', url })
    )
  }
  t.strictSame(await pathsOf(true), paths.slice(0, 4))
  t.strictSame(await pathsOf({ login: false, jwks: false }), paths.slice(1, 3))
  t.strictSame(await pathsOf({ refresh: '/renew' }), [paths[0], ...paths.slice(2)])
  t.strictSame(await pathsOf(false), [])
})

t.test('without routes there are only the methods', async (t) => {
  const { app } = await ownRoutes()
  for (const url of ['/token/login', '/token/refresh', '/token/logout']) {
    t.equal((await app.inject({ method: 'POST', url, payload: {} })).statusCode, 404)
  }
  t.equal((await app.inject('/.well-known/jwks.json')).statusCode, 404)
  t.match((await app.inject('/keys')).json(), { keys: [{ kty: 'OKP' }] })
})

t.test("the methods are enough for routes of a service's own", async (t) => {
  const { app, read, logins } = await ownRoutes()
  const post = async (url: string, payload: object) =>
    (await app.inject({ method: 'POST', url, payload, headers: { 'user-agent': 'tests' } })).json<
      Record<string, unknown>
    >()
  const first = await post('/in', { id: 'u7' })
  t.match(first, { token_type: 'Bearer', expires_in: 600 })
  const token = first.token as string
  t.match((await read(token)).json(), { userId: 'u7', username: 'name of u7', scopes: ['read'] })
  const loginId = decodeClaims(token).sid as string
  t.match(await logins.listByUser('u7'), [
    { id: loginId, device: { userAgent: 'tests', address: '127.0.0.1' } }
  ])

  const rotated = await post('/again', { token: first.refresh_token })
  t.match(rotated, { ok: true, loginId, repeated: false, response: { token_type: 'Bearer' } })
  t.match(await post('/again', { token: first.refresh_token }), { ok: true, repeated: true })
  t.match(await post('/again', { token: 'x' }), { ok: false, reason: 'forged' })

  t.match(await post('/out', { loginId }), { wasAlive: true })
  t.match(await post('/out', { loginId }), { wasAlive: false })
  t.equal((await read(token)).statusCode, 401)
  t.match(await post('/again', { token: first.refresh_token }), { ok: false, reason: 'unknown' })
})

t.test('a reused token is reported as such to the service', async (t) => {
  const { app, clock } = await ownRoutes()
  const post = async (url: string, payload: object) =>
    (await app.inject({ method: 'POST', url, payload })).json<Record<string, unknown>>()
  const { refresh_token: token } = await post('/in', { id: 'u7' })
  await post('/again', { token })
  clock.now += 10_000
  t.strictSame(await post('/again', { token }), { ok: false, reason: 'reused' })
})

t.test('scopes may be given for each sign-in, and only ones that a token can carry', async (t) => {
  const { app, read } = await ownRoutes()
  const post = (payload: object) => app.inject({ method: 'POST', url: '/in', payload })
  const { token } = (await post({ id: 'u7', scopes: ['a', 'b'] })).json<{ token: string }>()
  t.equal(decodeClaims(token).scope, 'a b')
  t.match((await read(token)).json(), { scopes: ['a', 'b'] })
  const none = (await post({ id: 'u7', scopes: [] })).json<{ token: string }>()
  t.equal(decodeClaims(none.token).scope, undefined)
  for (const scope of ['a b', '', 'a"', 'ä'])
    t.equal((await post({ id: 'u7', scopes: [scope] })).statusCode, 500, scope)
})

t.test('M3: a misspelt option of issueTokens is named, and no login is made', async (t) => {
  const { app, logins } = await makeApp()
  const user = { id: 'u7', username: 'u7' }
  await t.rejects(app.tokenAuth.issueTokens({} as FastifyRequest, { user, scope: ['admin'] } as never), {
    code: 'DRAWBRIDGE_OPTION',
    message: 'DRAWBRIDGE_OPTION: tokenAuth.issueTokens.scope is not an option'
  })
  t.same(await logins.listByUser('u7'), [])
})

t.test('a method that cannot reach the store rejects with a 503', async (t) => {
  const { app, storeSpy } = await ownRoutes()
  const { token, refresh_token } = (
    await app.inject({ method: 'POST', url: '/in', payload: { id: 'u7' } })
  ).json<Record<string, string>>()
  storeSpy.outage = new Error('down')
  for (const [url, payload] of [
    ['/in', { id: 'u7' }],
    ['/again', { token: refresh_token }],
    ['/out', { loginId: decodeClaims(token as string).sid as string }]
  ] as const) {
    const answer = await app.inject({ method: 'POST', url, payload, headers: bearer(token) })
    t.equal(answer.statusCode, 503, url)
    t.equal(answer.headers['retry-after'], '1')
  }
})
