import { createMemoryFeed, createMemoryLoginStore } from '@drawbridge/logins'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { makeApp, PASSWORD } from './make-app.ts'

/** A route that serves requests with and without a login. */
function routes(app: FastifyInstance): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/maybe',
    handler: async (request) => app.sessionAuth.authenticate(request)
  })
}

t.test('authenticate returns the principal of a session, or why there is none', async (t) => {
  const { app, signIn } = await makeApp({ routes })
  const [ada, bob] = [await signIn('ada'), await signIn('bob')]
  const ask = async (cookie?: string) =>
    (await app.inject({ url: '/maybe', ...(cookie && { headers: { cookie } }) })).json()
  t.match(await ask(ada), { ok: true, principal: { username: 'ada', carrier: 'session' } })
  t.match(await ask(ada), { ok: true, principal: { username: 'ada' } }, 'from the cache')
  t.match(await ask(), { ok: false, reason: 'none' })
  t.match(await ask(`${ada}; ${bob}`), { ok: false, reason: 'ambiguous' })
  t.match(await ask('__Host-drawbridge=made.up'), { ok: false, reason: 'invalid' })
  await app.inject({ method: 'POST', url: '/session/logout', headers: { cookie: ada } })
  t.match(await ask(ada), { ok: false, reason: 'invalid' })
})

t.test('authenticate returns no promise for a session that this node knows', async (t) => {
  const { app, signIn } = await makeApp()
  const cookie = await signIn()
  const request = { method: 'GET', headers: { cookie } } as never
  t.ok(app.sessionAuth.authenticate(request) instanceof Promise, 'the store is asked')
  await app.sessionAuth.authenticate(request)
  t.match(app.sessionAuth.authenticate(request), { ok: true, principal: { username: 'ada' } })
  t.match(app.sessionAuth.authenticate({ method: 'GET', headers: {} } as never), { ok: false })
})

t.test('authenticate gives no principal to an unsafe request of another origin', async (t) => {
  const { app, signIn } = await makeApp({ routes })
  const cookie = await signIn()
  const send = async (site: string, method: 'GET' | 'POST') =>
    (await app.inject({ method, url: '/maybe', headers: { cookie, 'sec-fetch-site': site } })).json()
  t.match(await send('cross-site', 'POST'), { ok: false, reason: 'cross-origin' })
  t.match(await send('same-origin', 'POST'), { ok: true })
  t.match(await send('cross-site', 'GET'), { ok: true })
})

t.test('authenticate sends no cookie, and its outcome has none in it', async (t) => {
  const older = 'the root secret that was used before this'
  const { signIn, logins } = await makeApp({ session: { secret: older } })
  const cookie = await signIn()
  const secret = ['the root secret that is used from now on', older]
  const { app } = await makeApp({ session: { secret, logins }, routes })
  const { headers, body } = await app.inject({ url: '/maybe', headers: { cookie } })
  t.equal(headers['set-cookie'], undefined)
  t.strictSame(Object.keys(JSON.parse(body) as object), ['ok', 'principal'])
})

t.test('authenticate follows its policy, and rejects one that is wrong', async (t) => {
  const feed = Object.assign(createMemoryFeed(), { isFresh: () => false, renew: async () => false })
  const { app, signIn, storeSpy, clock } = await makeApp({ logins: { feed } })
  const request = { method: 'GET', headers: { cookie: await signIn() } } as never
  const { authenticate } = app.sessionAuth
  const unavailable = { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE', statusCode: 503 }
  t.match(await authenticate(request), { ok: true })
  await t.rejects(async () => authenticate(request, { onStale: 'fail-closed' }), unavailable)
  storeSpy.outage = new Error('down')
  await t.rejects(async () => authenticate(request), unavailable)
  const policy = { onStoreDown: { serveStaleForSeconds: 60 } }
  t.match(await authenticate(request, policy), { ok: true })
  clock.now += 60_001
  await t.rejects(async () => authenticate(request, policy), unavailable)
  const code = 'DRAWBRIDGE_OPTION'
  for (const [wrong, message] of [
    [{ onStal: 'ask-store' }, 'sessionAuth.authenticate.onStal is not an option'],
    [{ onStoreDown: { serveStaleForSeconds: 841 } }, 'sessionAuth.authenticate.onStoreDown'],
    [{ scopes: ['read'] }, 'sessionAuth.authenticate.scopes is not an option']
  ] as const)
    t.throws(() => authenticate(request, wrong as never), { code, message })
})

t.test('a miss asks once what this node knows of the login, with a snapshot too', async (t) => {
  const clock = { now: 1_800_000_000_000 }
  const now = () => clock.now
  const store = createMemoryLoginStore({ now })
  const feed = Object.assign(createMemoryFeed({ now }), { isShared: true, coveredFrom: Infinity })
  const { app, logins, storeSpy } = await makeApp({ clock, store, logins: { feed } })
  const payload = { username: 'ada', password: PASSWORD }
  const { cookies } = await app.inject({ method: 'POST', url: '/session/login', payload })
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  t.match(cookie, /-snapshot=/)
  let asked = 0
  const { localStatus } = logins
  t.intercept(logins, 'localStatus', {
    value: (loginId: string, issuedAt: number) => {
      asked += 1
      return localStatus.call(logins, loginId, issuedAt)
    }
  })
  t.match(await app.sessionAuth.authenticate({ method: 'GET', headers: { cookie } } as never), { ok: true })
  t.equal(asked, 1)
  t.equal(storeSpy.counts.find, 1)
})
