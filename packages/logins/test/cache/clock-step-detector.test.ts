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

t.test('T37: a steady clock is no step; a clock that was set is one step', (t) => {
  const clock = new TestClock()
  let steps = 0
  const watch = new ClockStepDetector({
    now: clock.now,
    monotonicNow: clock.monotonicNow,
    isReady: () => true,
    onStep: () => steps++
  })
  clock.advance(86_400_000)
  clock.set(900)
  watch.check()
  t.equal(steps, 0)
  t.equal(watch.ambiguousUntil, -Infinity)
  clock.set(200)
  for (const _ of [1, 2]) watch.check()
  t.equal(steps, 1, 'several small steps count together')
  t.equal(watch.ambiguousUntil, clock.now())
  clock.set(-MINUTE)
  watch.check()
  t.equal(steps, 2)
  t.equal(watch.ambiguousUntil, clock.now() + MINUTE, 'what was issued before may have a time in the future')
  clock.set(2 * MINUTE)
  watch.check()
  t.equal(watch.ambiguousUntil, clock.now())
  t.end()
})

t.test('T08: changing to the clock of a server is no step of the clock', (t) => {
  const clock = new TestClock()
  let [isReady, steps] = [false, 0]
  const watch = new ClockStepDetector({
    now: clock.now,
    monotonicNow: clock.monotonicNow,
    isReady: () => isReady,
    onStep: () => steps++
  })
  clock.advance(MINUTE)
  watch.check()
  clock.set(-60 * MINUTE)
  isReady = true
  watch.check()
  t.equal(steps, 0)
  t.equal(
    watch.ambiguousUntil,
    -Infinity,
    'a node whose clock was ahead need not ask the store for everything that others issue now'
  )
  clock.set(MINUTE)
  watch.check()
  t.equal(steps, 1)
  t.equal(watch.ambiguousUntil, clock.now())
  t.end()
})

t.test(
  'L4: a credential that was cached by a clock that was ahead is not served after its revocation is dropped',
  async (t) => {
    const clock = new TestClock()
    const { logins } = setUp({
      now: clock.now,
      monotonicNow: clock.monotonicNow,
      store: createMemoryLoginStore({ now: clock.now })
    })
    const cache = logins.openCache()
    clock.set(20 * MINUTE)
    const login = await logins.create(newLoginInput())
    t.ok(await authenticate(logins, cache, login))
    clock.set(-20 * MINUTE)
    await logins.revoke(login.id)
    clock.advance(16 * MINUTE)
    await logins.revoke((await logins.create(newLoginInput())).id)
    t.equal(cache.get(`credential of ${login.id}`), undefined)
    t.equal(cache.getStale(`credential of ${login.id}`, 60 * MINUTE), undefined)
  }
)

t.test(
  'T37: a node that started with a clock that was behind knows nothing of what was issued before',
  async (t) => {
    const clock = new TestClock()
    const store = createMemoryLoginStore({ now: clock.now })
    const before = createCarrierLogins({ store, now: clock.now, monotonicNow: clock.monotonicNow })
    const login = await before.create(newLoginInput())
    clock.advance(MINUTE)
    clock.set(-20 * MINUTE)
    const restarted = createCarrierLogins({ store, now: clock.now, monotonicNow: clock.monotonicNow })
    clock.set(20 * MINUTE)
    t.equal(restarted.localStatus(login.id, login.createdAt), 'unknown')
    clock.advance(1)
    t.equal(restarted.localStatus(login.id, clock.now()), 'active')
  }
)

t.test(
  'T37: with the store down, a credential that was signed before the clock was set is not served',
  async (t) => {
    const clock = new TestClock()
    const { logins, spy } = setUp({
      now: clock.now,
      monotonicNow: clock.monotonicNow,
      store: createMemoryLoginStore({ now: clock.now }),
      onStoreDown: { serveStaleForSeconds: 840 }
    })
    const login = await logins.create(newLoginInput())
    const principal = logins.toPrincipal(await logins.withClaims(login), 'session')
    const signedAt = clock.now()
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
    clock.set(-10 * MINUTE)
    logins.localStatus(login.id, signedAt)
    clock.advance(11 * MINUTE)
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
  clock.set(-20 * MINUTE)
  for (const id of first.slice(0, 6)) {
    await store.remove(id)
    await insert(MINUTE)
  }
  clock.advance(2 * MINUTE)
  await t.resolves(insert(MINUTE))
})
