import t, { type Test } from 'tap'
import type { LoginsOptions } from '../src/create-logins.ts'
import type { Login } from '../src/login/login.ts'
import { toLoginView } from '../src/login/login-view.ts'
import type { LoginStore } from '../src/stores/login-store.ts'
import { createMemoryLoginStore } from '../src/stores/memory-login-store.ts'
import { createSqliteLoginStore } from '../src/stores/sqlite-login-store.ts'
import { sha256 } from '../src/testing/store-case.ts'
import { TestClock } from '@drawbridge/test-support/clock'
import { createCarrierLogins, newLoginInput, setUp as setUpLine } from './logins-under-test.ts'
import { openDatabase, createTemporaryDatabase } from '@drawbridge/test-support/servers/sqlite-file'

const user = { id: 'user-1', username: 'user' }
const { device } = newLoginInput()
const PENDING = { user, device, idleTimeoutSeconds: 0, absoluteTimeoutSeconds: 300 }

const STORES: Readonly<Record<string, (t: Test, now: () => number) => LoginStore>> = {
  memory: (_, now) => createMemoryLoginStore({ now }),
  sqlite: (t, now) => {
    const { path, remove } = createTemporaryDatabase()
    const database = openDatabase(path)
    t.teardown(() => {
      database.close()
      remove()
    })
    return createSqliteLoginStore({ database, now })
  }
}

for (const [name, open] of Object.entries(STORES)) {
  const setUp = (t: Test, options: Partial<LoginsOptions> = {}) => {
    const clock = new TestClock()
    const store = open(t, clock.now)
    const node = () => createCarrierLogins({ store, now: clock.now, ...options })
    return { clock, store, logins: node(), other: node() }
  }

  t.test(`${name}: only resolvePending finds a pending login`, async (t) => {
    const { logins, clock } = setUp(t)
    const pending = await logins.create(PENDING)
    const login = await logins.create(newLoginInput())
    t.equal(await logins.resolve(pending.id), null)
    t.same(await logins.resolvePending(pending.id), pending)
    t.equal(await logins.resolvePending(login.id), null)
    t.same(await logins.listByUser(user.id), [toLoginView(login, clock.now())])
    const rotation = {
      familyHash: sha256('f'),
      generation: 0,
      hash: sha256('a'),
      nextHash: sha256('b'),
      nextSealed: 'c',
      graceSeconds: 9
    }
    t.same(await logins.rotate(pending.id, rotation), { kind: 'unknown' })
  })

  t.test(`${name}: a login with one carrier is not pending`, async (t) => {
    const { logins } = setUp(t)
    for (const carried of [
      { session: { secretHash: sha256('cookie') } },
      { refresh: { familyHash: sha256('family'), hash: sha256('token') } }
    ]) {
      const { id } = await logins.create({ ...PENDING, ...carried })
      t.equal((await logins.resolve(id))?.id, id)
      t.equal(await logins.resolvePending(id), null)
    }
  })

  t.test(
    `${name}: of 50 parallel calls of consumePending on two nodes one wins (GHSA-7w99-5wm4-3g79)`,
    async (t) => {
      const { logins, other } = setUp(t)
      for (let round = 0; round < 5; round += 1) {
        const { id } = await logins.create(PENDING)
        const calls = Array.from({ length: 50 }, (_, at) =>
          (at % 2 === 0 ? logins : other).consumePending(id)
        )
        t.equal((await Promise.all(calls)).filter((won) => won).length, 1)
        t.equal(await logins.resolvePending(id), null)
        t.equal(await logins.consumePending(id), false)
      }
    }
  )

  t.test(`${name}: consumePending removes no other login`, async (t) => {
    const { logins } = setUp(t)
    const { id } = await logins.create(newLoginInput())
    t.equal(await logins.consumePending(id), false)
    t.equal((await logins.resolve(id))?.id, id)
  })

  t.test(`${name}: revoking the logins of a user revokes the pending ones too`, async (t) => {
    const { logins, other } = setUp(t)
    const spared = await logins.create(newLoginInput())
    const [first, second] = [await logins.create(PENDING), await logins.create(PENDING)]
    t.equal((await other.revokeUser(user.id, { except: spared.id })).revokedCount, 2)
    for (const { id } of [first, second]) t.equal(await logins.consumePending(id), false)
    const third = await logins.create(PENDING)
    t.equal(await other.revoke(third.id), true)
    t.equal(await logins.resolvePending(third.id), null)
  })

  t.test(`${name}: a pending login expires by the clock, whatever methods are called`, async (t) => {
    const { logins, clock } = setUp(t)
    const { id } = await logins.create(PENDING)
    for (let at = 0; at < 299; at += 23) {
      clock.advance(23_000)
      t.equal((await logins.resolvePending(id)) !== null, at + 23 < 300)
    }
    const next = await logins.create(PENDING)
    clock.advance(299_999)
    t.ok(await logins.resolvePending(next.id))
    clock.advance(1)
    t.equal(await logins.consumePending(next.id), false)
  })

  t.test(
    `${name}: at the limit pending logins remove no active login, and active ones remove no pending login`,
    async (t) => {
      const { logins, clock } = setUp(t, { maxLoginsPerUser: 3 })
      const real = []
      for (let at = 0; at < 3; at += 1) {
        clock.advance(1)
        real.push(await logins.create(newLoginInput()))
      }
      const toView = (login: Login) => toLoginView(login, clock.now())
      const pending = []
      for (let at = 0; at < 5; at += 1) {
        clock.advance(1)
        pending.push(await logins.create(PENDING))
      }
      t.same(await logins.listByUser(user.id), real.toReversed().map(toView))
      const waiting = await Promise.all(pending.map(({ id }) => logins.resolvePending(id)))
      t.same(
        waiting.map((login) => login !== null),
        [false, false, true, true, true]
      )
      clock.advance(1)
      const newest = await logins.create(newLoginInput())
      t.same(await logins.listByUser(user.id), [newest, real[2]!, real[1]!].map(toView))
      t.ok(await logins.consumePending(pending[2]!.id))
    }
  )
}

t.test('a sign-in can be completed while the feed is down, but not while the store is down', async (t) => {
  const { logins, spy } = setUpLine()
  spy.down.add('publish')
  const { id } = await logins.create(PENDING)
  for (const method of ['find', 'remove']) {
    spy.down.add(method)
    await t.rejects(logins.consumePending(id), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
    spy.down.delete(method)
  }
  t.equal(await logins.consumePending(id), true)
  t.notOk(spy.calls.includes('publish'))
})
