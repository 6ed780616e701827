import t, { type Test } from 'tap'
import type { RevocationFeed } from '../../src/revocation/feed.ts'
import type { FeedClocks } from '../../src/stores/login-store.ts'
import { createSqliteLoginStore } from '../../src/stores/sqlite-login-store.ts'
import { SqliteFeed } from '../../src/stores/sqlite-feed.ts'
import { TestClock } from '@drawbridge/test-support/clock'
import { createCarrierLogins, newLoginInput, authenticate } from '../logins-under-test.ts'
import { openDatabase, createTemporaryDatabase } from '@drawbridge/test-support/servers/sqlite-file'

/** Processes over one file: each has a connection of its own. */
function oneFile(t: Test) {
  const { path, remove } = createTemporaryDatabase()
  const clock = new TestClock()
  const closing: Array<() => unknown> = []
  t.teardown(async () => {
    for (const close of closing) await close()
    remove()
  })
  const open = () => {
    const database = openDatabase(path)
    const store = createSqliteLoginStore({ database, now: clock.now })
    const openFeed = store.openFeed?.bind(store) as (clocks: FeedClocks) => RevocationFeed
    const newLogins = () => {
      const feed = openFeed({ now: clock.now, monotonicNow: clock.now })
      const logins = createCarrierLogins({
        store: Object.assign(store, { openFeed: () => feed }),
        now: clock.now
      })
      closing.unshift(() => logins.close())
      return { logins, feed, cache: logins.openCache() }
    }
    closing.push(() => void database.close())
    return { database, newLogins, ...newLogins() }
  }
  return { clock, open }
}

t.test('H4: a login that one process revokes is rejected by another after its next poll', async (t) => {
  const { open, clock } = oneFile(t)
  const [one, two] = [open(), open()]
  const login = await one.logins.create(newLoginInput())
  await one.feed.renew(0)
  t.ok(await authenticate(one.logins, one.cache, login))
  clock.advance(100)
  await two.logins.revoke(login.id)
  t.equal(await one.feed.renew(0), true)
  t.equal(one.cache.get(`credential of ${login.id}`), undefined)
  t.equal(await authenticate(one.logins, one.cache, login), null)
  t.equal(
    one.logins.localStatus(login.id, clock.now() - 1),
    'unknown',
    'the store is asked once about a token'
  )
  t.equal(one.logins.localStatus(login.id, clock.now()), 'active')
})

t.test('H4: a process that is alone with the file verifies nothing twice', async (t) => {
  const { open, clock } = oneFile(t)
  const { logins, feed, cache } = open()
  await feed.renew(0)
  const epoch = feed.trustEpoch
  const login = await logins.create(newLoginInput())
  t.ok(await authenticate(logins, cache, login))
  await logins.revoke((await logins.create(newLoginInput())).id)
  clock.advance(100)
  await feed.renew(0)
  t.equal(feed.trustEpoch, epoch)
  t.ok(cache.get(`credential of ${login.id}`))
  t.equal(logins.localStatus(login.id, login.createdAt), 'active')
})

t.test('H4: a process that has not polled for a second does not use its cache', async (t) => {
  const { open, clock } = oneFile(t)
  const { logins, feed, cache } = open()
  const login = await logins.create(newLoginInput())
  t.ok(await authenticate(logins, cache, login))
  t.match(logins.health(), { isFresh: true, leaseAgeMs: 0 })
  clock.advance(1000)
  t.equal(feed.isFresh(), false)
  t.equal(cache.get(`credential of ${login.id}`), undefined)
  await feed.ping()
  t.ok(cache.get(`credential of ${login.id}`))
})

t.test('H4: two createLogins over one connection share their revocations at once', async (t) => {
  const { open } = oneFile(t)
  const one = open()
  const two = one.newLogins()
  const login = await one.logins.create(newLoginInput())
  t.ok(await authenticate(two.logins, two.cache, login))
  await one.logins.revoke(login.id)
  t.equal(two.cache.get(`credential of ${login.id}`), undefined)
  t.equal(two.logins.localStatus(login.id, login.createdAt), 'revoked')
  await one.logins.close()
  const next = await two.logins.create(newLoginInput())
  await two.logins.revoke(next.id)
  t.equal(two.logins.localStatus(next.id, next.createdAt), 'revoked', 'even when one of them is closed')
})

t.test('H4: a change of a user reaches another process, which then asks the file again', async (t) => {
  const { open, clock } = oneFile(t)
  const [one, two] = [open(), open()]
  const login = await one.logins.create(newLoginInput())
  for (const { feed, logins, cache } of [one, two]) {
    await feed.renew(0)
    t.ok(await authenticate(logins, cache, login))
  }
  clock.advance(100)
  const before = one.feed.trustEpoch
  await one.logins.refreshClaims('user-1')
  await two.feed.renew(0)
  await one.feed.renew(0)
  for (const { logins, cache } of [one, two]) {
    t.equal(cache.get(`credential of ${login.id}`), undefined)
    t.equal(logins.localStatus(login.id, clock.now() - 1), 'unknown')
    t.ok(await authenticate(logins, cache, login))
    t.ok(cache.get(`credential of ${login.id}`))
  }
  t.equal(one.feed.trustEpoch, before, 'to the process itself nothing else has changed')
})

t.test('H4: a change that cannot be written is an error', async (t) => {
  const { open } = oneFile(t)
  const { logins, database } = open()
  database.exec('PRAGMA query_only = ON')
  await t.rejects(logins.refreshClaims('user-1'), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  database.exec('PRAGMA query_only = OFF')
  await logins.refreshClaims('user-1')
})

t.test('H4: it polls by itself', async (t) => {
  let onPolled = () => {}
  const polled = new Promise<void>((resolve) => (onPolled = resolve))
  let count = 0
  const readVersion = () => {
    count += 1
    if (count > 3) onPolled()
    return count
  }
  const feed = new SqliteFeed({
    readVersion,
    database: {},
    touchFile: async () => {},
    now: Date.now,
    monotonicNow: () => 0
  })
  const keepAlive = setInterval(() => {}, 1000)
  await polled
  clearInterval(keepAlive)
  t.ok(feed.trustEpoch >= 2)
  await feed.close()
})

t.test('H4: a file that cannot be read makes the node stale, and throws nothing', async (t) => {
  const clock = new TestClock()
  let isBroken = false
  const readVersion = () => {
    if (isBroken) throw new Error('disk on fire')
    return 1
  }
  const feed = new SqliteFeed({
    readVersion,
    database: {},
    touchFile: async () => {},
    now: clock.now,
    monotonicNow: clock.now
  })
  t.teardown(() => feed.close())
  isBroken = true
  clock.advance(1000)
  t.equal(await feed.renew(), false)
  t.equal(await feed.waitForPosition(), false)
  await t.rejects(feed.ping(), { message: 'the database of logins cannot be read' })
  isBroken = false
  t.equal(await feed.renew(), true)
})
