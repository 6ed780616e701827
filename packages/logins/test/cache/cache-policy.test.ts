import t from 'tap'
import type { OutagePolicy } from '../../src/cache/outage-policy.ts'
import { newLoginInput, resolveOnMiss, setUp } from '../logins-under-test.ts'

async function setUpCache(options: Parameters<typeof setUp>[0] = {}) {
  const parts = setUp(options)
  const { logins, clock } = parts
  const login = await logins.create(newLoginInput())
  const principal = logins.toPrincipal(await logins.withClaims(login), 'session')
  const cache = logins.openCache()
  let askCount = 0
  const ask = async () => {
    askCount += 1
    const found = await logins.resolve(login.id)
    return found && { principal, validity: { expiresAt: clock.now() + 60_000 } }
  }
  const resolve = (policy?: OutagePolicy) => resolveOnMiss(logins, cache, 'credential', ask, policy)
  return { ...parts, login, principal, cache, resolve, asked: () => askCount }
}

t.test('a verified credential is cached', async (t) => {
  const { resolve, cache, principal } = await setUpCache()
  t.equal(await resolve(), principal)
  t.equal(cache.get('credential'), principal)
})

t.test('a credential that is not valid is not cached', async (t) => {
  const { resolve, cache, logins, login } = await setUpCache()
  await logins.revoke(login.id)
  t.equal(await resolve(), null)
  t.equal(cache.size, 0)
})

t.test('a stale node tries to become fresh first, and then needs no store', async (t) => {
  const { resolve, node, feed, asked, principal } = await setUpCache()
  await resolve()
  node.fresh = false
  feed.renew = async () => (node.fresh = true)
  t.equal(await resolve(), principal)
  t.equal(asked(), 1)
})

t.test('a node that stays stale asks the store each time, or rejects, by its policy', async (t) => {
  const { resolve, node, feed, asked, principal } = await setUpCache()
  node.fresh = false
  feed.renew = async () => false
  t.equal(await resolve(), principal)
  t.equal(await resolve(), principal)
  t.equal(asked(), 2)
  await t.rejects(resolve({ onStale: 'fail-closed' }), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  t.equal(asked(), 2)
})

t.test('what was read before a change of the trust epoch is not cached after it', async (t) => {
  const { logins, feed, cache, principal, clock } = await setUpCache()
  const ask = async () => {
    Object.assign(feed, { trustEpoch: 1 })
    return { principal, validity: { expiresAt: clock.now() + 60_000 } }
  }
  t.equal(await resolveOnMiss(logins, cache, 'credential', ask), principal)
  t.equal(cache.get('credential'), undefined)
})

t.test('with the store down every request fails, by default', async (t) => {
  const { resolve, spy, node, feed } = await setUpCache()
  await resolve()
  node.fresh = false
  feed.renew = async () => false
  spy.down.add('find')
  await t.rejects(resolve(), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
})

t.test(
  'a service may serve stale credentials for a while, but never one that it knows to be revoked',
  async (t) => {
    const { resolve, spy, node, feed, clock, principal, logins, login } = await setUpCache()
    const policy = { onStoreDown: { serveStaleForSeconds: 30 } }
    await resolve()
    node.fresh = false
    feed.renew = async () => false
    spy.down.add('find')
    clock.advance(30_000)
    t.equal(await resolve(policy), principal)
    clock.advance(1)
    await t.rejects(resolve(policy), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' }, 'verified too long ago')
    clock.set(-2)
    await logins.revoke(login.id)
    t.equal(await resolve(policy), null, 'known to be revoked')
  }
)

t.test('a signed credential is served stale by the time of its signature', async (t) => {
  const { logins, cache, spy, principal, clock } = await setUpCache()
  spy.down.add('find')
  const ask = async () => Promise.reject(new Error('down'))
  const validity = { expiresAt: clock.now() + 600_000, verifiedAt: clock.now() }
  const policy = { onStoreDown: { serveStaleForSeconds: 10 } }
  const resolve = () => resolveOnMiss(logins, cache, 'token', ask, policy, { principal, validity })
  clock.advance(10_000)
  t.equal(await resolve(), principal)
  clock.advance(1)
  await t.rejects(resolve(), { message: 'down' })
})

t.test('a revoked login is not resolved, even by a store that lags behind', async (t) => {
  const { logins, login, feed } = await setUpCache()
  await feed.publish([{ loginId: login.id }])
  t.equal(await logins.resolve(login.id), null)
})

t.test('health reports the state of a node', async (t) => {
  const { logins, login, resolve } = await setUpCache()
  await resolve()
  t.match(logins.health(), {
    isFresh: true,
    leaseAgeMs: 0,
    trustEpoch: 0,
    revocationListSize: 0,
    cacheSize: 1
  })
  await logins.revoke(login.id)
  t.equal(logins.health().revocationListSize, 1)
})

t.test('health counts for how many requests the store was asked, and why', async (t) => {
  const { logins, feed, node, cache, clock, resolve } = await setUpCache()
  const asks = () => logins.health().storeAsks
  t.same(asks(), { 'not-cached': 0, reset: 0, stale: 0 })
  await resolve()
  t.same(asks(), { 'not-cached': 1, reset: 0, stale: 0 })
  t.ok(cache.get('credential'))
  node.fresh = false
  await resolve()
  t.same(asks(), { 'not-cached': 1, reset: 0, stale: 1 })
  node.fresh = true
  Object.assign(feed, { trustEpoch: 1 })
  t.equal(cache.get('credential'), undefined)
  await resolve()
  t.same(asks(), { 'not-cached': 1, reset: 1, stale: 1 })
  clock.advance(600_000)
  t.equal(cache.get('credential'), undefined)
  await resolve()
  t.same(asks(), { 'not-cached': 2, reset: 1, stale: 1 })
})

t.test('a request for which the store is not asked is not counted as one', async (t) => {
  const { logins, feed, node, cache, resolve } = await setUpCache()
  await resolve()
  const before = logins.health().storeAsks
  node.fresh = false
  await t.rejects(Promise.resolve(logins.freshen(cache, 'credential', { onStale: 'fail-closed' })), {
    code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE'
  })
  Object.assign(feed, { renew: async () => (node.fresh = true) })
  t.ok(await logins.freshen(cache, 'credential', {}), 'the node has become fresh')
  t.same(logins.health().storeAsks, before)
})

t.test('health counts the look-ups in the caches of all carriers together', async (t) => {
  const { logins, cache, resolve } = await setUpCache()
  const other = logins.openCache()
  await resolve()
  const before = logins.health().cacheLookups
  cache.get('credential')
  other.get('credential')
  t.same(logins.health().cacheLookups, { ...before, hit: before.hit + 1, absent: before.absent + 1 })
})
