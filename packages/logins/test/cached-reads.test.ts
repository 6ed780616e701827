import t from 'tap'
import { newLoginInput, resolveAndCache, authenticate, setUp } from './logins-under-test.ts'

const READS = 100

t.test('100 reads within a touch interval ask the store once and write nothing', async (t) => {
  const { logins, spy, clock } = setUp()
  const login = await logins.create(newLoginInput())
  const cache = logins.openCache()
  spy.calls.length = 0
  for (let read = 0; read < READS; read++) {
    t.equal((await authenticate(logins, cache, login))?.loginId, login.id)
    clock.advance(59_000 / READS)
  }
  await logins.flushTouches()
  t.same(spy.calls, ['find'])
})

t.test('reads across intervals write once per interval', async (t) => {
  const { logins, spy, clock, store } = setUp({ cacheMaxAgeSeconds: 600 })
  const login = await logins.create(newLoginInput())
  const cache = logins.openCache()
  spy.calls.length = 0
  for (let read = 0; read < READS; read++) {
    clock.advance(3000)
    await authenticate(logins, cache, login)
    await logins.flushTouches()
  }
  t.same(spy.calls, ['find', ...Array.from({ length: 5 }, () => 'touch')])
  t.equal((await store.find(login.id))?.lastSeenAt, clock.now())
})

t.test('use extends a login past its idle limit, and never past its absolute one', async (t) => {
  const { logins, clock } = setUp()
  const login = await logins.create(newLoginInput({ idleTimeoutSeconds: 600, absoluteTimeoutSeconds: 3600 }))
  const cache = logins.openCache()
  for (let second = 0; second < 3600; second += 120) {
    t.ok(await authenticate(logins, cache, login), `after ${second} s`)
    await logins.flushTouches()
    clock.advance(120_000)
  }
  t.equal(await authenticate(logins, cache, login), null)
})

t.test('a login expires between its idle limit and one touch interval later', async (t) => {
  const { logins, clock } = setUp()
  const login = await logins.create(newLoginInput({ idleTimeoutSeconds: 600 }))
  const cache = logins.openCache()
  await authenticate(logins, cache, login)
  clock.advance(59_999)
  t.ok(await authenticate(logins, cache, login), 'the last use; not written, since the interval is not over')
  clock.advance(600_000)
  t.ok(await logins.resolve(login.id), 'never early')
  clock.advance(1)
  t.equal(await authenticate(logins, cache, login), null)
})

t.test('the store is asked again once a cache entry is too old', async (t) => {
  const { logins, spy, clock } = setUp({ cacheMaxAgeSeconds: 30 })
  const login = await logins.create(newLoginInput())
  const cache = logins.openCache()
  spy.calls.length = 0
  for (let second = 0; second < 60; second++) {
    await authenticate(logins, cache, login)
    clock.advance(1000)
  }
  t.same(spy.calls, ['find', 'find'])
})

t.test('a credential without lastSeenAt is not touched', async (t) => {
  const { logins, spy, clock } = setUp()
  const login = await logins.create(newLoginInput())
  const cache = logins.openCache()
  const principal = logins.toPrincipal(await logins.withClaims(login), 'token')
  logins.remember(cache, 'token', { principal, validity: { expiresAt: login.expiresAt } })
  for (let minute = 0; minute < 5; minute++) {
    t.equal(cache.get('token'), principal)
    clock.advance(59_000)
  }
  await logins.flushTouches()
  t.notOk(spy.calls.includes('touch'))
})

t.test('a node that is not fresh asks the store each time', async (t) => {
  const { logins, spy, node } = setUp()
  const login = await logins.create(newLoginInput())
  const cache = logins.openCache()
  await authenticate(logins, cache, login)
  node.fresh = false
  spy.calls.length = 0
  for (let read = 0; read < 3; read++) t.ok(await authenticate(logins, cache, login))
  t.same(spy.calls, ['find', 'find', 'find'])
  node.fresh = true
  await authenticate(logins, cache, login)
  t.equal(spy.calls.length, 3)
})

t.test('each carrier has a cache of its own', async (t) => {
  const { logins } = setUp()
  const login = await logins.create(newLoginInput())
  const [sessions, tokens] = [logins.openCache(), logins.openCache()]
  await resolveAndCache(logins, sessions, login)
  t.ok(sessions.get(`credential of ${login.id}`))
  t.equal(tokens.get(`credential of ${login.id}`), undefined)
})
