import type { Principal } from '@drawbridge/logins'
import { createTestLogins } from '@drawbridge/logins/testing'
import Fastify from 'fastify'
import t from 'tap'
import { type CreatedKey, keyAuth } from '../src/index.ts'
import { codeOf, HOUR_MS, makeApp, newKey, SECRET, START } from './make-app.ts'

t.test('the store is asked about a key once; then no request asks it, and no promise is made', async (t) => {
  const { createKey, read, send, storeSpy, app } = await makeApp({
    routes: (app) => {
      app.get('/outcome', (request) => {
        const outcome = app.keyAuth.authenticate(request)
        return { isPromise: outcome instanceof Promise }
      })
    }
  })
  const { token } = await createKey()
  storeSpy.calls.length = 0
  for (let request = 0; request < 5; request++) t.equal((await read(token)).statusCode, 200)
  t.strictSame(storeSpy.calls, ['find'])
  t.strictSame((await send({ token }, { url: '/outcome' })).json(), { isPromise: false })
  t.not(app.keyAuth.verify(token) instanceof Promise, true)
})

t.test('the scheme in another case is the same credential', async (t) => {
  const { createKey, send, storeSpy } = await makeApp()
  const { token } = await createKey()
  storeSpy.calls.length = 0
  for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) {
    for (const url of ['/key/me', '/me']) {
      const response = await send({}, { url, headers: { authorization: `${scheme} ${token}` } })
      t.equal(response.statusCode, 200, `${scheme} at ${url}`)
    }
  }
  t.strictSame(storeSpy.calls, ['find'])
})

t.test('without a key, and for any other credential, the guard sends 401', async (t) => {
  const { send, signInByCookie, signInByToken } = await makeApp()
  const ask = (headers: Record<string, string>) => send({}, { url: '/key/me', headers })
  const none = await ask({})
  t.strictSame([none.statusCode, codeOf(none)], [401, 'DRAWBRIDGE_UNAUTHORIZED'])
  t.equal(none.headers['www-authenticate'], 'Bearer realm="drawbridge"')
  t.equal(none.headers['cache-control'], 'no-store')
  const { token, refresh_token } = await signInByToken()
  for (const authorization of [`Bearer ${token}`, `Bearer ${refresh_token}`, 'Bearer drbk_', 'Bearer']) {
    const refused = await ask({ authorization })
    t.equal(refused.statusCode, 401, authorization)
    t.match(refused.headers['www-authenticate'], 'error="invalid_token"')
    t.equal(refused.body, none.body)
  }
  t.equal((await ask({ cookie: await signInByCookie() })).statusCode, 401)
})

t.test('a key ends when it says, on the millisecond, and no use extends it', async (t) => {
  const { createKey, read, clock } = await makeApp()
  const { token } = await createKey()
  for (let at = 0; at < HOUR_MS; at += 200_000) {
    clock.now = START + at
    t.equal((await read(token)).statusCode, 200)
  }
  clock.now = START + HOUR_MS - 1
  t.equal((await read(token)).statusCode, 200)
  clock.now = START + HOUR_MS
  t.equal((await read(token)).statusCode, 401)
})

t.test('a key that is not used for a year is valid', async (t) => {
  const { createKey, read, clock } = await makeApp()
  const days = 365 * 24 * HOUR_MS
  const { token } = await createKey('ada', { expiresAt: START + days })
  clock.now += days - 1
  t.equal((await read(token)).statusCode, 200)
})

t.test('its use is noted, once per touch interval, unless the policy says that it is none', async (t) => {
  const { createKey, send, read, signInByToken, logins, app, clock, storeSpy } = await makeApp({
    routes: (app) => {
      app.get('/poll', { onRequest: app.keyAuth.guard({ countsAsUse: false }) }, () => ({ ok: true }))
    }
  })
  const { token } = await createKey()
  const { userId } = (await send({ token: (await signInByToken()).token })).json<Principal>()
  const lastSeen = async () => {
    await logins.flushTouches()
    return (await app.keyAuth.list(userId))[0]?.lastSeenAt
  }
  t.equal(await lastSeen(), START)
  clock.now += 90_000
  await send({ token }, { url: '/poll' })
  t.equal(await lastSeen(), START)
  await read(token)
  t.equal(await lastSeen(), START + 90_000)
  clock.now += 10_000
  await read(token)
  t.equal(await lastSeen(), START + 90_000)
  t.equal(storeSpy.counts.touch, 1)
})

t.test('its first use is noted at once, so that the list tells a key that was never used', async (t) => {
  const { createKey, read, logins, app, clock, storeSpy } = await makeApp()
  const { token } = await createKey()
  clock.now += 1
  const { userId } = (await read(token)).json<Principal>()
  await logins.flushTouches()
  t.match(await app.keyAuth.list(userId), [{ createdAt: START, lastSeenAt: START + 1 }])
  clock.now += 1
  await read(token)
  await logins.flushTouches()
  t.match(await app.keyAuth.list(userId), [{ lastSeenAt: START + 1 }], 'and then once per interval')
  t.equal(storeSpy.counts.touch, 1)
})

t.test('a scope that the key lacks is a 403 with a challenge', async (t) => {
  const { createKey, send } = await makeApp()
  const { token } = await createKey('ada', { scopes: ['read'] })
  const refused = await send({ token }, { url: '/admin' })
  t.strictSame([refused.statusCode, codeOf(refused)], [403, 'DRAWBRIDGE_INSUFFICIENT_SCOPE'])
  t.match(refused.headers['www-authenticate'], 'error="insufficient_scope", scope="admin"')
  const admin = await createKey('ada', { scopes: ['admin'] })
  t.equal((await send({ token: admin.token }, { url: '/admin' })).statusCode, 200)
})

t.test('a key that did not come in a header is verified as one that did', async (t) => {
  const { createKey, app, logins, storeSpy } = await makeApp()
  const { token, id } = await createKey()
  t.match(await app.keyAuth.verify(token), { ok: true, principal: { loginId: id, carrier: 'key' } })
  for (const other of ['', 'x', `${token}x`, ` ${token}`, undefined, 5])
    t.match(await app.keyAuth.verify(other as string), { ok: false, reason: 'invalid' })
  await logins.revoke(id)
  t.match(await app.keyAuth.verify(token), { ok: false, reason: 'invalid' })
  storeSpy.down.add('find')
  const other = await app.keyAuth.createFor({ id: 'u7', username: 'reports' }, newKey(START))
  await t.rejects(async () => app.keyAuth.verify(other.token), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  t.throws(() => app.keyAuth.verify(token, { onStale: 'never' as 'ask-store' }), {
    code: 'DRAWBRIDGE_OPTION'
  })
})

/** A service without the other carriers, whose node and store the test cuts off. */
async function makeCutOff() {
  const outages = createTestLogins({ startsAt: START })
  const { logins, clock } = outages
  const app = Fastify()
  await app.register(keyAuth, { logins, secret: SECRET })
  const ok = async () => ({ ok: true })
  app.get('/ask', { onRequest: app.keyAuth.guard }, ok)
  app.get('/closed', { onRequest: app.keyAuth.guard({ onStale: 'fail-closed' }) }, ok)
  const onStoreDown = { serveStaleForSeconds: 60 }
  app.get('/stale', { onRequest: app.keyAuth.guard({ onStoreDown }) }, ok)
  const createKey = () => app.keyAuth.createFor({ id: 'u7', username: 'reports' }, newKey(clock.now()))
  const status = async (url: string, { token }: CreatedKey) =>
    (await app.inject({ url, headers: { authorization: `Bearer ${token}` } })).statusCode
  return { ...outages, createKey, status }
}

t.test('where the store is down, a key that this node does not know is a 503', async (t) => {
  const { createKey, status, storeDown } = await makeCutOff()
  const [known, unknown] = [await createKey(), await createKey()]
  t.equal(await status('/ask', known), 200)
  storeDown()
  t.equal(await status('/ask', known), 200, 'from the cache')
  for (const url of ['/ask', '/stale']) t.equal(await status(url, unknown), 503)
})

t.test(
  'where the store is down and the node is not fresh, a route serves what was verified lately, if it says so',
  async (t) => {
    const { createKey, status, makeStale, storeDown, clock, logins, storeUp } = await makeCutOff()
    const [key, revoked] = [await createKey(), await createKey()]
    for (const one of [key, revoked]) t.equal(await status('/ask', one), 200)
    makeStale()
    await logins.revoke(revoked.id)
    storeDown()
    t.equal(await status('/ask', key), 503)
    t.equal(await status('/stale', key), 200)
    t.equal(await status('/stale', revoked), 401, 'what the node knows to be revoked')
    clock.advance(61)
    t.equal(await status('/stale', key), 503)
    storeUp()
    t.equal(await status('/stale', key), 200)
  }
)

t.test(
  'a node that is not fresh asks the store about each request, or sends 503, as the route says',
  async (t) => {
    const { createKey, status, makeStale, makeFresh, logins } = await makeCutOff()
    const key = await createKey()
    const statuses = async () => [await status('/ask', key), await status('/closed', key)]
    t.same(await statuses(), [200, 200])
    makeStale()
    t.same(await statuses(), [200, 503])
    await logins.revoke(key.id)
    t.same(await statuses(), [401, 503])
    makeFresh()
    t.same(await statuses(), [401, 401])
  }
)
