import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import cookie from '@fastify/cookie'
import { createMemoryFeed } from '@drawbridge/logins'
import { deriveKeys } from '@drawbridge/logins/carrier'
import t from 'tap'
import { makeApp, SECRET } from './make-app.ts'

const get = (cookie?: string) => ({ url: '/me', ...(cookie === undefined ? {} : { headers: { cookie } }) })

t.test('a cached session is served without a promise and without the store', async (t) => {
  const { app, signIn, storeSpy } = await makeApp()
  const cookie = await signIn()
  await app.inject(get(cookie))
  const request = { method: 'GET', headers: { cookie }, principal: null } as never
  const reply = { header: () => reply, getHeader: () => undefined } as never
  const before = { ...storeSpy.counts }
  let done = false
  app.sessionAuth.guard(request, reply, (error) => {
    t.equal(error, undefined)
    done = true
  })
  t.ok(done, 'done was called before the guard returned')
  t.same(storeSpy.counts, before)
})

t.test('a hundred guarded reads cost no write in a touch interval and no read after the first', async (t) => {
  const { app, signIn, storeSpy, clock, logins } = await makeApp()
  const cookie = await signIn()
  for (let n = 0; n < 100; n++) {
    clock.now += 500
    t.equal((await app.inject(get(cookie))).statusCode, 200)
  }
  await logins.flushTouches()
  t.equal(storeSpy.counts.find, 1)
  t.equal(storeSpy.counts.touch ?? 0, 0)
  clock.now += 60_000
  for (let n = 0; n < 100; n++) await app.inject(get(cookie))
  await logins.flushTouches()
  t.equal(storeSpy.counts.touch, 1, 'one, for the next interval')
})

t.test('an invalid cookie is a 401 with one body, whatever the cause', async (t) => {
  const { app, signIn } = await makeApp()
  const real = await signIn()
  const [name, value] = [real.slice(0, real.indexOf('=')), real.slice(real.indexOf('=') + 1)]
  const [loginId, secret, mac] = decodeURIComponent(value).split('.') as [string, string, string]
  const flip = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1)
  const signer = new cookie.Signer(deriveKeys([SECRET], `session cookie ${name}`) as never)
  const values = [
    '',
    '.',
    'undefined',
    '[object Object]',
    `${flip(loginId)}.${secret}.${mac}`,
    `${loginId}.${flip(secret)}.${mac}`,
    `${loginId}.${secret}.${flip(mac)}`,
    `${loginId}.${secret}`,
    `${loginId}.${secret}.`,
    `"${value}"`,
    value.replace('.', '%252E'),
    '%E0%A4%A',
    '%00',
    's:whatever.signature',
    'x'.repeat(4000),
    new cookie.Signer('another secret of thirty-two bytes!').sign(`${loginId}.${secret}`),
    new cookie.Signer(SECRET).sign(`${loginId}.${secret}`),
    signer.sign(`${loginId}.${flip(secret)}`),
    signer.sign('../../etc/passwd.x'),
    signer.sign(`${loginId}.${secret}.more`)
  ]
  const bodies = new Set<string>()
  for (const text of values) {
    const answer = await app.inject(get(`${name}=${text}`))
    t.equal(answer.statusCode, 401, text.slice(0, 50))
    t.equal(answer.headers['set-cookie'], undefined, 'the browser may have a cookie of a newer sign-in')
    bodies.add(answer.body)
  }
  bodies.add((await app.inject(get())).body)
  t.equal(bodies.size, 1)
  t.equal((await app.inject(get(real))).statusCode, 200, 'the login itself is unharmed')
})

t.test('F14 another cookie that the service signed under its secret is no session', async (t) => {
  const { app, signIn } = await makeApp({
    routes: async (app) => {
      await app.register(cookie)
      app.post('/pref', (request, reply) =>
        reply.setCookie('pref', new cookie.Signer(SECRET).sign(String(request.body))).send()
      )
    }
  })
  const real = decodeURIComponent(await signIn())
  const handle = real.slice(real.indexOf('=') + 1, real.lastIndexOf('.'))
  const answer = await app.inject({
    method: 'POST',
    url: '/pref',
    payload: handle,
    headers: { 'content-type': 'text/plain' }
  })
  const signed = String(answer.headers['set-cookie']).split(';')[0]!.slice('pref='.length)
  t.equal((await app.inject(get(`__Host-drawbridge=${signed}`))).statusCode, 401)
})

t.test('names that only look like ours are not read', async (t) => {
  const { app, signIn } = await makeApp()
  const [, value] = (await signIn()).split(/=(.*)/s) as [string, string]
  for (const name of [
    '__host-drawbridge',
    '%5F%5FHost-drawbridge',
    '\u00a0__Host-drawbridge',
    'x__Host-drawbridge',
    '=__Host-drawbridge'
  ]) {
    t.equal((await app.inject(get(`${name}=${value}`))).statusCode, 401, name)
  }
  t.equal((await app.inject(get(`a=1;  __Host-drawbridge=${value}; __Host-drawbridge2=x`))).statusCode, 200)
})

t.test('two session cookies of ours that differ are a 400 in either order, two alike are one', async (t) => {
  const { app, signIn } = await makeApp()
  const [one, two] = [await signIn('ada'), await signIn('bob')]
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const send = (cookies: string[], path = '/me', method = 'GET') =>
    new Promise<number>((resolve, reject) => {
      const request = httpRequest(
        { host: '127.0.0.1', port, path, method, headers: { cookie: cookies } },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode ?? 0)
        }
      )
      request.on('error', reject).end()
    })
  t.equal(await send([one, two]), 400)
  t.equal(await send([two, one]), 400)
  t.equal(await send([`${one}; ${two}`]), 400)
  t.equal(await send([one, '__Host-drawbridge=junk']), 200, 'S24: what we did not sign is nothing')
  t.equal(await send([one, one]), 200)
  t.equal(await send([one, two], '/session/logout', 'POST'), 200)
  t.strictSame([await send([one]), await send([two])], [401, 401], 'S24: both are logged out')
})

t.test('S07 S08 a login expires at its idle and absolute limits', async (t) => {
  const { app, signIn, clock, logins } = await makeApp()
  const idle = await signIn()
  clock.now += 1_800_000 - 1
  t.equal((await app.inject(get(idle))).statusCode, 200, 'one ms before the idle limit')
  await logins.flushTouches()
  clock.now += 1_800_000 + 60_000
  t.equal((await app.inject(get(idle))).statusCode, 401, 'an idle limit and a touch interval later')

  const busy = await signIn()
  const end = clock.now + 43_200_000
  while (clock.now + 600_000 < end) {
    clock.now += 600_000
    t.equal((await app.inject(get(busy))).statusCode, 200)
    await logins.flushTouches()
  }
  clock.now = end - 1
  t.equal((await app.inject(get(busy))).statusCode, 200)
  clock.now = end
  t.equal((await app.inject(get(busy))).statusCode, 401, 'use does not extend the absolute limit')
})

t.test('an older root secret still verifies, and its cookies are signed again', async (t) => {
  const older = 'the root secret that was used before this'
  const { signIn, logins } = await makeApp({ session: { secret: older } })
  const cookie = await signIn()
  const { app } = await makeApp({ session: { secret: [SECRET, older], logins } })
  const answer = await app.inject(get(cookie))
  t.equal(answer.statusCode, 200)
  const renewed = String(answer.headers['set-cookie']).split(';')[0]!
  t.not(renewed, cookie)
  const { app: newest } = await makeApp({ session: { secret: SECRET, logins } })
  t.equal((await newest.inject(get(renewed))).statusCode, 200)
  t.equal((await newest.inject(get(cookie))).statusCode, 401, 'a retired secret verifies nothing')
})

t.test(
  'an outage is a 503 with Retry-After for what is not cached, and cached sessions are served',
  async (t) => {
    const { app, signIn, storeSpy } = await makeApp()
    const [warm, cold] = [await signIn('ada'), await signIn('bob')]
    await app.inject(get(warm))
    storeSpy.outage = new Error('connection refused')
    t.equal((await app.inject(get(warm))).statusCode, 200)
    const answer = await app.inject(get(cold))
    t.equal(answer.statusCode, 503)
    t.equal(answer.headers['retry-after'], '1')
    const logout = await app.inject({ method: 'POST', url: '/session/logout', headers: { cookie: warm } })
    t.equal(logout.statusCode, 503, 'never "Logged out" while the login may live')
    t.equal(logout.headers['set-cookie'], undefined)
    t.equal((await app.inject({ url: '/nothing' })).statusCode, 404, 'routes without a guard feel nothing')
    storeSpy.outage = null
    t.equal((await app.inject(get(cold))).statusCode, 200)
  }
)

t.test('the cause is in the log, and not in the response', async (t) => {
  const lines: string[] = []
  const { app } = await makeApp({
    server: { logger: { stream: { write: (line: string) => void lines.push(line) } } }
  })
  const answer = await app.inject(get('__Host-drawbridge=made.up'))
  t.notOk(answer.body.includes('signed'))
  t.ok(lines.some((line) => line.includes('the session cookie was not signed by us')))
  t.notOk(
    lines.some((line) => line.includes('made.up')),
    'and never the credential'
  )
})

t.test('a guard with scopes lets only logins through that have every scope', async (t) => {
  const { app, signIn } = await makeApp({
    logins: { getClaims: () => ({ scopes: ['read'] }) },
    routes: (app) => {
      app.get('/read', { onRequest: app.sessionAuth.guard({ scopes: ['read'] }) }, () => 'read')
      app.get('/write', { onRequest: app.sessionAuth.guard({ scopes: ['read', 'write'] }) }, () => 'write')
    }
  })
  const headers = { cookie: await signIn() }
  t.equal((await app.inject({ url: '/read', headers })).statusCode, 200)
  const refused = await app.inject({ url: '/write', headers })
  t.equal(refused.statusCode, 403)
  t.equal(refused.json().code, 'DRAWBRIDGE_INSUFFICIENT_SCOPE')
  t.equal((await app.inject({ url: '/write' })).statusCode, 401)
})

t.test('an existing Vary header is extended', async (t) => {
  const { app } = await makeApp({
    routes: (app) => {
      app.register(async (scope) => {
        scope.addHook('onRequest', async (_request, reply) => void reply.header('vary', 'Origin'))
        scope.get('/varied', { onRequest: app.sessionAuth.guard }, () => 'x')
      })
    }
  })
  t.equal((await app.inject({ url: '/varied' })).headers.vary, 'Origin, Cookie')
})

t.test('a route may have an outage policy of its own', async (t) => {
  const feed = Object.assign(createMemoryFeed(), { isFresh: () => false, renew: async () => false })
  const { app, signIn, storeSpy, clock } = await makeApp({
    logins: { feed },
    routes: (app) => {
      const { guard } = app.sessionAuth
      app.get('/closed', { onRequest: guard({ onStale: 'fail-closed' }) }, () => 'closed')
      app.get('/open', { onRequest: guard({ onStoreDown: { serveStaleForSeconds: 60 } }) }, () => 'open')
      app.get('/scoped', { onRequest: guard({ scopes: ['a'] }) }, () => 'scoped')
    }
  })
  const headers = { cookie: await signIn() }
  const status = async (url: string) => (await app.inject({ url, headers })).statusCode
  t.equal(await status('/me'), 200, 'stale: the store is asked')
  t.equal(await status('/closed'), 503)
  t.equal(await status('/scoped'), 403)
  storeSpy.outage = new Error('down')
  t.equal(await status('/me'), 503)
  t.equal(await status('/open'), 200)
  clock.now += 60_001
  t.equal(await status('/open'), 503)
})
