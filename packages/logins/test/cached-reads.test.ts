import t from 'tap'
import { aNewLogin, fetch, guard, setUp } from './logins-under-test.ts'

const READS = 100

t.test('100 reads within a touch interval ask the store once and write nothing', async (t) => {
  const { logins, line, clock } = setUp()
  const login = await logins.create(aNewLogin())
  const cache = logins.openCache()
  line.calls.length = 0
  for (let read = 0; read < READS; read++) {
    t.equal((await guard(logins, cache, login))?.loginId, login.id)
    clock.advance(59_000 / READS)
  }
  await logins.flushTouches()
  t.same(line.calls, ['find'])
})

t.test('and across intervals they write once in each', async (t) => {
  const { logins, line, clock, store } = setUp({ cacheMaxAgeSeconds: 600 })
  const login = await logins.create(aNewLogin())
  const cache = logins.openCache()
  line.calls.length = 0
  for (let read = 0; read < READS; read++) {
    clock.advance(3000)
    await guard(logins, cache, login)
    await logins.flushTouches()
  }
  t.same(line.calls, ['find', ...Array.from({ length: 5 }, () => 'touch')])
  t.equal((await store.find(login.id))?.lastSeenAt, clock.now())
})

t.test('use keeps a login alive past its idle limit, and never past its absolute one', async (t) => {
  const { logins, clock } = setUp()
  const login = await logins.create(aNewLogin({ idleSeconds: 600, absoluteSeconds: 3600 }))
  const cache = logins.openCache()
  for (let second = 0; second < 3600; second += 120) {
    t.ok(await guard(logins, cache, login), `after ${second} s`)
    await logins.flushTouches()
    clock.advance(120_000)
  }
  t.equal(await guard(logins, cache, login), null)
})

t.test('a login ends between its idle limit and a touch interval later', async (t) => {
  const { logins, clock } = setUp()
  const login = await logins.create(aNewLogin({ idleSeconds: 600 }))
  const cache = logins.openCache()
  await guard(logins, cache, login)
  clock.advance(59_999)
  t.ok(await guard(logins, cache, login), 'used last; not written, the interval is not over')
  clock.advance(600_000)
  t.ok(await logins.resolve(login.id), 'never early')
  clock.advance(1)
  t.equal(await guard(logins, cache, login), null)
})

t.test('a cached credential is asked for again when the cache is old', async (t) => {
  const { logins, line, clock } = setUp({ cacheMaxAgeSeconds: 30 })
  const login = await logins.create(aNewLogin())
  const cache = logins.openCache()
  line.calls.length = 0
  for (let second = 0; second < 60; second++) {
    await guard(logins, cache, login)
    clock.advance(1000)
  }
  t.same(line.calls, ['find', 'find'])
})

t.test('a credential that carries no last use is not touched', async (t) => {
  const { logins, line, clock } = setUp()
  const login = await logins.create(aNewLogin())
  const cache = logins.openCache()
  const principal = logins.principalOf(login, 'token')
  logins.remember(cache, 'token', principal, { expiresAt: login.expiresAt })
  for (let minute = 0; minute < 5; minute++) {
    t.equal(cache.get('token'), principal)
    clock.advance(59_000)
  }
  await logins.flushTouches()
  t.notOk(line.calls.includes('touch'))
})

t.test('a node that is not fresh asks the store, each time', async (t) => {
  const { logins, line, node } = setUp()
  const login = await logins.create(aNewLogin())
  const cache = logins.openCache()
  await guard(logins, cache, login)
  node.fresh = false
  line.calls.length = 0
  for (let read = 0; read < 3; read++) t.ok(await guard(logins, cache, login))
  t.same(line.calls, ['find', 'find', 'find'])
  node.fresh = true
  await guard(logins, cache, login)
  t.equal(line.calls.length, 3)
})

t.test('each carrier has a cache of its own', async (t) => {
  const { logins } = setUp()
  const login = await logins.create(aNewLogin())
  const [sessions, tokens] = [logins.openCache(), logins.openCache()]
  await fetch(logins, sessions, login)
  t.ok(sessions.get(`credential of ${login.id}`))
  t.equal(tokens.get(`credential of ${login.id}`), undefined)
})
