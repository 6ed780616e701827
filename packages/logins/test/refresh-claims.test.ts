import t from 'tap'
import { createMemoryFeed } from '../src/revocation/memory-feed.ts'
import { createMemoryLoginStore } from '../src/stores/memory-login-store.ts'
import { TestClock } from '@drawbridge/test-support/clock'
import { spy as spyOn } from '@drawbridge/test-support/spies/spy'
import {
  authenticate,
  createCarrierLogins,
  newLoginInput,
  resolveAndCache,
  resolveOnMiss,
  setUp
} from './logins-under-test.ts'

const otherUser = { user: { id: 'user-2', username: 'other' } }

/** Two nodes: one store, one feed, one clock. */
function twoNodes() {
  const clock = new TestClock()
  const spy = spyOn(createMemoryLoginStore({ now: clock.now }))
  const feed = Object.assign(createMemoryFeed({ now: clock.now }), { isShared: true })
  const node = () => {
    const logins = createCarrierLogins({ store: spy.store, feed, now: clock.now })
    return { logins, cache: logins.openCache() }
  }
  return { clock, spy, feed, one: node(), two: node() }
}

t.test('every node asks the store once about each credential of a user who has changed', async (t) => {
  const { clock, spy, one, two } = twoNodes()
  const login = await one.logins.create(newLoginInput())
  const other = await one.logins.create(newLoginInput(otherUser))
  for (const { logins, cache } of [one, two])
    for (const of of [login, other]) await authenticate(logins, cache, of)
  clock.advance(1000)
  spy.calls.length = 0
  await one.logins.refreshClaims('user-1')
  t.strictSame(spy.calls, [], 'nothing is written')
  for (const { logins, cache } of [one, two]) {
    t.equal(cache.get(`credential of ${login.id}`), undefined)
    t.ok(cache.get(`credential of ${other.id}`), 'nobody else is asked about')
    t.equal(logins.localStatus(login.id, clock.now() - 1), 'unknown')
    t.equal(logins.localStatus(login.id, clock.now()), 'unknown', 'the same millisecond may be before it')
    t.equal(logins.localStatus(login.id, clock.now() + 1), 'active')
    t.equal(logins.localStatus(other.id, clock.now() - 1), 'active')
    t.ok(await authenticate(logins, cache, login), 'nobody is logged out')
    t.ok(cache.get(`credential of ${login.id}`), 'once')
  }
  t.strictSame(spy.calls, ['find', 'find'])
})

t.test('what the store was asked before a change is not cached after it', async (t) => {
  const { logins, feed } = setUp()
  const cache = logins.openCache()
  const login = await logins.create(newLoginInput())
  const principal = await resolveAndCache(logins, cache, login)
  if (principal === null) return t.fail('the login is active')
  const verified = { principal, validity: { expiresAt: principal.expiresAt } }
  cache.clear()
  const answered = await resolveOnMiss(logins, cache, 'credential', async () => {
    await feed.publishChanges([{ loginIdPrefix: login.id.slice(0, 5) }])
    return verified
  })
  t.equal(answered, principal, 'the request was there before the change')
  t.equal(cache.get('credential'), undefined)
  t.equal(await resolveOnMiss(logins, cache, 'credential', async () => verified), principal)
  t.equal(cache.get('credential'), principal, 'what it is asked after the change is')
})

t.test('a login that was revoked stays revoked, whatever changes', async (t) => {
  const { logins, clock } = setUp()
  const login = await logins.create(newLoginInput())
  await logins.revoke(login.id)
  await logins.refreshClaims('user-1')
  t.equal(logins.localStatus(login.id, clock.now() + 1), 'revoked')
})

t.test('a node with the policy serves nothing stale that is from before a change', async (t) => {
  const { logins, spy, clock } = setUp()
  const cache = logins.openCache()
  const login = await logins.create(newLoginInput())
  const principal = await resolveAndCache(logins, cache, login)
  if (principal === null) return t.fail('the login is active')
  spy.down.add('find')
  const policy = { onStoreDown: { serveStaleForSeconds: 60 } }
  const validity = { expiresAt: clock.now() + 600_000, verifiedAt: clock.now() }
  const signed = { principal, validity }
  t.equal(logins.fallback(cache, `credential of ${login.id}`, policy, signed), principal)
  await logins.refreshClaims('user-1')
  t.equal(logins.fallback(cache, `credential of ${login.id}`, policy, signed), undefined)
  const later = { ...signed, validity: { ...validity, verifiedAt: clock.now() + 1 } }
  clock.advance(1)
  t.equal(logins.fallback(cache, 'token', policy, later), principal, 'what was signed after it is')
})

t.test('a change is forgotten when no credential from before it is valid without the store', async (t) => {
  const { logins, clock } = setUp({ retentionSeconds: 600 })
  const login = await logins.create(newLoginInput())
  await logins.refreshClaims('user-1')
  const before = clock.now()
  clock.advance(599_999)
  await logins.refreshClaims('user-2')
  t.equal(logins.localStatus(login.id, before), 'unknown')
  clock.advance(1)
  await logins.refreshClaims('user-2')
  t.equal(logins.localStatus(login.id, before), 'active')
})

t.test('a change that the feed does not take counts on this node, and is an error', async (t) => {
  const { logins, feed, clock } = setUp()
  const cache = logins.openCache()
  const login = await logins.create(newLoginInput())
  await authenticate(logins, cache, login)
  feed.publishChanges = async () => Promise.reject(new Error('the feed is down'))
  await t.rejects(logins.refreshClaims('user-1'), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  t.equal(cache.get(`credential of ${login.id}`), undefined)
  t.equal(logins.localStatus(login.id, clock.now()), 'unknown')
})

t.test('without a user there is nothing to refresh', async (t) => {
  const { logins } = setUp()
  for (const userId of ['', 7, undefined]) await t.rejects(logins.refreshClaims(userId as string), TypeError)
})
