import t from 'tap'
import { ClockStepDetector } from '../../src/cache/clock-step-detector.ts'
import { createMemoryLoginStore } from '../../src/stores/memory-login-store.ts'
import { newLogin, NO_LIMIT } from '../../src/testing/store-case.ts'
import {
  createCarrierLogins,
  resolveOnMiss,
  newLoginInput,
  authenticate,
  setUp
} from '../logins-under-test.ts'
import { TestClock } from '@drawbridge/test-support/clock'

const MINUTE = 60_000

/** A wall clock that can be set, and beside it one that only goes forward. */
function createClocks() {
  const [clock, monotonic] = [new TestClock(), new TestClock(0)]
  return {
    clocks: { now: clock.now, monotonicNow: monotonic.now },
    now: clock.now,
    set: (byMs: number) => clock.advance(byMs),
    advance: (ms: number) => {
      clock.advance(ms)
      monotonic.advance(ms)
    }
  }
}

t.test('T37: a steady clock is no step; a clock that was set is one step', (t) => {
  const { clocks, now, set, advance } = createClocks()
  let steps = 0
  const watch = new ClockStepDetector({ ...clocks, isReady: () => true, onStep: () => steps++ })
  advance(86_400_000)
  set(900)
  watch.check()
  t.equal(steps, 0)
  t.equal(watch.ambiguousUntil, -Infinity)
  set(200)
  for (const _ of [1, 2]) watch.check()
  t.equal(steps, 1, 'several small steps count together')
  t.equal(watch.ambiguousUntil, now())
  set(-MINUTE)
  watch.check()
  t.equal(steps, 2)
  t.equal(watch.ambiguousUntil, now() + MINUTE, 'what was issued before may have a time in the future')
  set(2 * MINUTE)
  watch.check()
  t.equal(watch.ambiguousUntil, now())
  t.end()
})

t.test('T08: changing to the clock of a server is no step of the clock', (t) => {
  const { clocks, now, set, advance } = createClocks()
  let [isReady, steps] = [false, 0]
  const watch = new ClockStepDetector({ ...clocks, isReady: () => isReady, onStep: () => steps++ })
  advance(MINUTE)
  watch.check()
  set(-60 * MINUTE)
  isReady = true
  watch.check()
  t.equal(steps, 0)
  t.equal(
    watch.ambiguousUntil,
    -Infinity,
    'a node whose clock was ahead need not ask the store for everything that others issue now'
  )
  set(MINUTE)
  watch.check()
  t.equal(steps, 1)
  t.equal(watch.ambiguousUntil, now())
  t.end()
})

t.test(
  'L4: a credential that was cached by a clock that was ahead is not served after its revocation is dropped',
  async (t) => {
    const { clocks, now, set, advance } = createClocks()
    const { logins } = setUp({ ...clocks, store: createMemoryLoginStore({ now }) })
    const cache = logins.openCache()
    set(20 * MINUTE)
    const login = await logins.create(newLoginInput())
    t.ok(await authenticate(logins, cache, login))
    set(-20 * MINUTE)
    await logins.revoke(login.id)
    advance(16 * MINUTE)
    await logins.revoke((await logins.create(newLoginInput())).id)
    t.equal(cache.get(`credential of ${login.id}`), undefined)
    t.equal(cache.getStale(`credential of ${login.id}`, 60 * MINUTE), undefined)
  }
)

t.test(
  'T37: a node that started with a clock that was behind knows nothing of what was issued before',
  async (t) => {
    const { clocks, now, set, advance } = createClocks()
    const store = createMemoryLoginStore({ now })
    const before = createCarrierLogins({ store, ...clocks })
    const login = await before.create(newLoginInput())
    advance(MINUTE)
    set(-20 * MINUTE)
    const restarted = createCarrierLogins({ store, ...clocks })
    set(20 * MINUTE)
    t.equal(restarted.localStatus(login.id, login.createdAt), 'unknown')
    advance(1)
    t.equal(restarted.localStatus(login.id, now()), 'active')
  }
)

t.test(
  'T37: with the store down, a credential that was signed before the clock was set is not served',
  async (t) => {
    const { clocks, now, set, advance } = createClocks()
    const { logins, spy } = setUp({
      ...clocks,
      store: createMemoryLoginStore({ now }),
      onStoreDown: { serveStaleForSeconds: 840 }
    })
    const login = await logins.create(newLoginInput())
    const principal = logins.toPrincipal(login, 'session')
    const signedAt = now()
    spy.down.add('find')
    const ask = async () => {
      throw new Error('find is down')
    }
    const served = () =>
      resolveOnMiss(
        logins,
        logins.openCache(),
        'credential',
        ask,
        {},
        {
          principal,
          validity: { expiresAt: login.expiresAt, verifiedAt: signedAt }
        }
      )
    t.ok(await served())
    set(-10 * MINUTE)
    logins.localStatus(login.id, signedAt)
    advance(11 * MINUTE)
    await t.rejects(served(), { message: 'find is down' })
  }
)

t.test('T37: a full memory store makes room, however the clock was set', async (t) => {
  const clock = new TestClock()
  const store = createMemoryLoginStore({ maxLogins: 20, now: clock.now })
  const insert = async (endsInMs: number) => {
    const login = newLogin(
      { userId: 'user', expiresAt: clock.now() + endsInMs, idleTimeoutSeconds: 0 },
      clock.now()
    )
    await store.insert(login, NO_LIMIT)
    return login.id
  }
  const first: string[] = []
  for (let made = 0; made < 20; made++) first.push(await insert(60 * MINUTE))
  await t.rejects(insert(MINUTE), /full/)
  clock.advance(-20 * MINUTE)
  for (const id of first.slice(0, 6)) {
    await store.remove(id)
    await insert(MINUTE)
  }
  clock.advance(2 * MINUTE)
  await t.resolves(insert(MINUTE))
})
