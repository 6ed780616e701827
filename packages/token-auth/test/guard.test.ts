import fastifyJwt from '@fastify/jwt'
import type { FastifyReply, FastifyRequest } from 'fastify'
import t from 'tap'
import { bearer, makeApp, type TestApp } from './make-app.ts'

t.test('a known token costs no promise, no I/O and no turn of the event loop', async (t) => {
  const { app, signIn, storeSpy, clock } = await makeApp()
  clock.now += 60_000
  const { token } = await signIn()
  storeSpy.calls.length = 0
  const request = { headers: bearer(token), raw: { rawHeaders: ['Authorization', `Bearer ${token}`] } }
  const reply = { header: () => reply } as unknown as FastifyReply
  for (const state of ['verified', 'remembered']) {
    let done = false
    const shown = { ...request, principal: null } as unknown as FastifyRequest
    const returned: unknown = app.tokenAuth.guard(shown, reply, (error) => {
      t.equal(error, undefined)
      done = true
    })
    t.ok(done, `${state}: done before the guard returns`)
    t.equal(returned, undefined)
    t.match(shown.principal, { username: 'ada' })
    t.ok(Object.isFrozen(shown.principal) && Object.isFrozen(shown.principal?.scopes))
  }
  t.strictSame(storeSpy.calls, [])
})

t.test('a hundred guarded reads ask the store nothing', async (t) => {
  const { signIn, read, storeSpy, clock } = await makeApp()
  clock.now += 60_000
  const { token } = await signIn()
  storeSpy.calls.length = 0
  for (let at = 0; at < 100; at += 1) {
    clock.now += 1000
    t.equal((await read(token)).statusCode, 200)
  }
  t.strictSame(storeSpy.calls, [])
})

t.test('a guard with scopes accepts logins that have them all', async (t) => {
  const getClaims = ({ username }: { username: string }) => ({
    scopes: username === 'ada' ? ['read', 'admin', 'x'] : ['read']
  })
  const { app, signIn, refresh } = await makeApp({ logins: { getClaims } })
  const admin = (token?: string) => app.inject({ url: '/admin', headers: bearer(token) })
  const ada = await signIn('ada')
  const answer = await admin(ada.token)
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json<{ scopes: string[] }>().scopes, ['read', 'admin', 'x'])
  const refreshed = (await refresh(ada.refresh_token)).json<typeof ada>()
  t.equal((await admin(refreshed.token)).statusCode, 200, 'a refresh does not change the scopes')

  const refused = await admin((await signIn('bob')).token)
  t.equal(refused.statusCode, 403)
  t.equal(
    refused.headers['www-authenticate'],
    'Bearer realm="drawbridge", error="insufficient_scope", scope="read admin"'
  )
  t.match(refused.json(), { code: 'DRAWBRIDGE_INSUFFICIENT_SCOPE', message: 'Forbidden' })
  t.equal((await admin()).statusCode, 401)
  for (const scope of ['read admin', '', 'a"'])
    t.throws(
      () => app.tokenAuth.guard({ scopes: [scope] }),
      /tokenAuth\.guard\.scopes\.0 must be a scope as RFC 6749/
    )
})

t.test('an error handler of the application handles errors of the guard too', async (t) => {
  const { app, read } = await makeApp()
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    reply.code(error.statusCode ?? 500).send({ oops: error.message })
  )
  const answer = await read('x')
  t.equal(answer.statusCode, 401)
  t.strictSame(answer.json(), { oops: 'Unauthorized' })
  t.equal(answer.headers['www-authenticate'], 'Bearer realm="drawbridge", error="invalid_token"')
  t.equal(answer.headers['cache-control'], 'no-store')
})

t.test('a handler may let its response be stored after all', async (t) => {
  const { app, signIn } = await makeApp()
  app.get('/map', { onRequest: app.tokenAuth.guard }, async (_request, reply) => {
    reply.header('cache-control', 'private, max-age=60')
    return 'map'
  })
  const { token } = await signIn()
  const answer = await app.inject({ url: '/map', headers: bearer(token) })
  t.equal(answer.headers['cache-control'], 'private, max-age=60')
})

t.test('the @fastify/jwt of a service stays as it is, and ours is not in it', async (t) => {
  for (const when of ['before', 'after']) {
    const registerOwn = async (app: TestApp['app']) => {
      await app.register(fastifyJwt, { secret: 'a secret of the service, long enough' })
    }
    const test = await makeApp(when === 'before' ? { before: registerOwn } : {})
    if (when === 'after') await registerOwn(test.app)
    const { app, signIn, read } = test
    app.get('/own', { onRequest: (request) => request.jwtVerify() }, async ({ user }) => user)
    const own = app.jwt.sign({ of: 'the service' })
    const { token } = await signIn()
    const get = async (bearing: string) =>
      (await app.inject({ url: '/own', headers: bearer(bearing) })).statusCode
    t.equal(await get(own), 200, when)
    t.not(await get(token), 200, when)
    t.equal((await read(token)).statusCode, 200, when)
    t.equal((await read(own)).statusCode, 401, when)
    t.strictSame(
      Object.keys(app.jwt).filter((name) => name.startsWith('drawbridge')),
      [],
      when
    )
  }
})

t.test('without one, nothing of @fastify/jwt reaches the service', async (t) => {
  const { app } = await makeApp()
  t.notOk(app.hasDecorator('jwt'))
  for (const name of ['user', 'jwtVerify', 'jwtDecode', 'drawbridge0JwtVerify'])
    t.notOk(app.hasRequestDecorator(name))
  t.notOk(app.hasReplyDecorator('jwtSign'))
})

t.test('authenticate gives the principal of a request, and sends no response', async (t) => {
  const { app, signIn } = await makeApp()
  app.get('/who', async (request) => {
    const answer = await app.tokenAuth.authenticate(request)
    return answer.ok ? { username: answer.principal.username } : { reason: answer.reason }
  })
  const who = async (headers: Record<string, string>) =>
    (await app.inject({ url: '/who', headers })).json<unknown>()
  const { token } = await signIn()
  t.strictSame(await who(bearer(token)), { username: 'ada' })
  t.strictSame(await who(bearer('x')), { reason: 'invalid' })
  t.strictSame(await who({}), { reason: 'none' })
})

t.test('the cause of a rejection is in the log and not in the response', async (t) => {
  const lines: string[] = []
  const { read, signIn, signOut } = await makeApp({
    server: { logger: { stream: { write: (line) => void lines.push(line) } } }
  })
  const { token } = await signIn()
  await signOut({ token })
  lines.length = 0
  const answer = await read(token)
  t.notMatch(answer.body, /ended/)
  t.match(lines.join(''), /the login is not active/)
  t.notOk(lines.join('').includes(token), 'the token is nowhere in the log')
})
