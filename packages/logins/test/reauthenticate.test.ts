import t from 'tap'
import { TestClock } from '@drawbridge/test-support/clock'
import { spy as spyOn } from '@drawbridge/test-support/spies/spy'
import { createMemoryFeed } from '../src/revocation/memory-feed.ts'
import { createMemoryLoginStore } from '../src/stores/memory-login-store.ts'
import { sha256 } from '../src/testing/store-case.ts'
import { authenticate, createCarrierLogins, newLoginInput, setUp } from './logins-under-test.ts'

const session = { secretHash: sha256('next'), replaces: sha256('cookie') }

/** Two nodes: one store, one feed, one clock. */
function twoNodes() {
  const clock = new TestClock()
  const store = spyOn(createMemoryLoginStore({ now: clock.now })).store
  const feed = Object.assign(createMemoryFeed({ now: clock.now }), { isShared: true })
  const node = () => {
    const logins = createCarrierLogins({ store, feed, now: clock.now })
    return { logins, cache: logins.openCache() }
  }
  return { clock, one: node(), two: node() }
}

t.test('every node serves the new authenticatedAt, and none the cached one', async (t) => {
  const { clock, one, two } = twoNodes()
  const login = await one.logins.create(newLoginInput())
  for (const { logins, cache } of [one, two]) await authenticate(logins, cache, login)
  clock.advance(60_000)
  const renewed = await one.logins.reauthenticate(login.id, { session })
  t.match(renewed, { authenticatedAt: clock.now(), session: { secretHash: session.secretHash } })
  t.equal(renewed?.expiresAt, login.expiresAt, 'no limit is extended')
  for (const { logins, cache } of [one, two]) {
    t.equal(cache.get(`credential of ${login.id}`), undefined)
    t.equal(logins.localStatus(login.id, clock.now()), 'unknown', 'no token or snapshot from before counts')
    t.equal((await authenticate(logins, cache, login))?.authenticatedAt, clock.now())
  }
})

t.test(
  'a login that is revoked, unknown or has another credential is null, and nothing is published',
  async (t) => {
    const { logins, spy } = setUp()
    const login = await logins.create(newLoginInput())
    spy.calls.length = 0
    const other = { ...session, replaces: sha256('another cookie') }
    t.equal(await logins.reauthenticate(login.id, { session: other }), null)
    t.equal(await logins.reauthenticate('no loginId', { session }), null)
    t.strictSame(spy.calls, ['update', 'update'])
    await logins.revoke(login.id)
    t.equal(await logins.reauthenticate(login.id, { session }), null)
  }
)

t.test('a store that has lost the revocation of a login does not give it back', async (t) => {
  const { logins, store } = setUp()
  const login = await logins.create(newLoginInput())
  await logins.revoke(login.id)
  await store.insert(login, 100)
  t.equal(await logins.reauthenticate(login.id, { session }), null)
})

t.test('an outage of the store or of the feed is an error, and repeating mends it', async (t) => {
  const { logins, spy, feed, clock } = setUp()
  const cache = logins.openCache()
  const login = await logins.create(newLoginInput())
  await authenticate(logins, cache, login)
  spy.down.add('update')
  await t.rejects(logins.reauthenticate(login.id, { session }), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  spy.down.clear()
  const { publishChanges } = feed
  feed.publishChanges = async () => Promise.reject(new Error('the feed is down'))
  clock.advance(1000)
  await t.rejects(logins.reauthenticate(login.id, { session }), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  t.equal(cache.get(`credential of ${login.id}`), undefined, 'it counts on this node')
  feed.publishChanges = publishChanges
  t.match(await logins.reauthenticate(login.id, { session }), { authenticatedAt: clock.now() })
})
