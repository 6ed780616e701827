import type { Principal } from '@drawbridge/logins'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { codeOf, makeApp, type Presented, type TestApp } from './make-app.ts'

const MAX_AGE = { maxAgeSeconds: 300 }

/** `/x/recent` of each guard, and routes where the age of the authentication is one of several things that a guard checks. */
function routes(app: FastifyInstance): void {
  const handler = async ({ principal }: { readonly principal: Principal | null }) => ({ principal })
  app.get('/session/recent', { onRequest: app.sessionAuth.guard(MAX_AGE) }, handler)
  app.get('/token/recent', { onRequest: app.tokenAuth.guard(MAX_AGE) }, handler)
  app.get('/bridge/recent', { onRequest: app.bridge.guard(MAX_AGE) }, handler)
  app.get('/admin', { onRequest: app.bridge.guard({ ...MAX_AGE, scopes: ['admin'] }) }, handler)
  const config = { drawbridge: { public: true } }
  app.get('/public', { config, onRequest: app.bridge.guard(MAX_AGE) }, handler)
  app.get('/two-guards', { onRequest: [app.bridge.guard, app.sessionAuth.guard(MAX_AGE)] }, handler)
}

/** Guards of each carrier that accept it, and what a 401 that asks for another authentication challenges with. */
async function signInByBoth(node: TestApp) {
  const stepUp =
    'Bearer realm="drawbridge", error="insufficient_user_authentication", ' +
    'error_description="The user must authenticate again", max_age=300'
  const session = { cookie: await node.signInByCookie() }
  const { token } = await node.signInByToken()
  return [
    { url: '/session/recent', presented: session, challenge: undefined },
    { url: '/bridge/recent', presented: session, challenge: 'Bearer realm="drawbridge"' },
    { url: '/token/recent', presented: { token }, challenge: stepUp },
    { url: '/bridge/recent', presented: { token }, challenge: stepUp }
  ] satisfies ReadonlyArray<{ url: string; presented: Presented; challenge: string | undefined }>
}

t.test('a login whose user authenticated longer ago is a 401 that says so, by either carrier', async (t) => {
  const node = await makeApp({ routes })
  const signedIn = await signInByBoth(node)
  node.clock.now += 300_000
  for (const { url, presented } of signedIn)
    t.equal((await node.send(presented, { url })).statusCode, 200, `${url}: just recent enough`)
  node.clock.now += 1
  for (const { url, presented, challenge } of signedIn) {
    const response = await node.send(presented, { url })
    t.equal(response.statusCode, 401, url)
    t.strictSame(response.json(), {
      statusCode: 401,
      code: 'DRAWBRIDGE_REAUTHENTICATE',
      error: 'Unauthorized',
      message: 'The user must authenticate again'
    })
    t.equal(response.headers['www-authenticate'], challenge)
    t.equal(response.headers['cache-control'], 'no-store')
    t.equal((await node.send(presented)).statusCode, 200, 'the login is as good as before for other routes')
  }
})

t.test('neither use of the login nor a refresh makes its authentication more recent', async (t) => {
  const node = await makeApp({ routes })
  const cookie = await node.signInByCookie()
  let { token, refresh_token } = await node.signInByToken()
  for (let minute = 0; minute < 6; minute += 1) {
    node.clock.now += 60_000
    t.equal((await node.send({ cookie })).statusCode, 200)
    const response = await node.post({}, '/token/refresh', { refresh_token })
    ;({ token, refresh_token } = response.json<{ token: string; refresh_token: string }>())
  }
  for (const presented of [{ cookie }, { token }])
    t.equal(codeOf(await node.send(presented, { url: '/bridge/recent' })), 'DRAWBRIDGE_REAUTHENTICATE')
})

t.test('a missing scope, an invalid credential and two logins come first', async (t) => {
  const node = await makeApp({ routes })
  const cookie = await node.signInByCookie()
  const { token } = await node.signInByToken()
  node.clock.now += 300_001
  const codeAt = async (url: string, presented: Presented) => codeOf(await node.send(presented, { url }))
  t.equal(await codeAt('/admin', { cookie }), 'DRAWBRIDGE_INSUFFICIENT_SCOPE')
  t.equal(await codeAt('/bridge/recent', {}), 'DRAWBRIDGE_UNAUTHORIZED')
  t.equal(await codeAt('/bridge/recent', { token: 'x' }), 'DRAWBRIDGE_UNAUTHORIZED')
  t.equal(await codeAt('/two-guards', { cookie, token }), 'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL')
})

t.test('a public route has a principal only where the authentication is recent', async (t) => {
  const node = await makeApp({ routes })
  const cookie = await node.signInByCookie()
  await node.send({ cookie })
  t.match((await node.send({ cookie }, { url: '/public' })).json(), { principal: { username: 'ada' } })
  node.clock.now += 300_001
  t.strictSame((await node.send({ cookie }, { url: '/public' })).json(), { principal: null })
})

t.test('a wrong age is an error when the guard is made', async (t) => {
  const { app } = await makeApp()
  for (const [name, guard] of Object.entries({
    sessionAuth: app.sessionAuth.guard,
    tokenAuth: app.tokenAuth.guard,
    bridge: app.bridge.guard
  }))
    for (const maxAgeSeconds of [0, -1, 1.5, '300', Infinity, null])
      t.throws(
        () => guard({ maxAgeSeconds } as never),
        { code: 'DRAWBRIDGE_OPTION', message: new RegExp(`${name}\\.guard\\.maxAgeSeconds must be`) },
        `${name} ${maxAgeSeconds}`
      )
})
