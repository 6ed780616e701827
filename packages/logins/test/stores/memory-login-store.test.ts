import t from 'tap'
import { createMemoryLoginStore } from '../../src/stores/memory-login-store.ts'
import { adoptionCases, loginStoreCases } from '../../src/testing/index.ts'
import { newLogin, NO_LIMIT } from '../../src/testing/store-case.ts'
import { TestClock } from '@drawbridge/test-support/clock'

t.test('the contract', async (t) => {
  for (const { name, run } of [...loginStoreCases, ...adoptionCases]) {
    await t.test(name, () =>
      run(() => {
        const clock = new TestClock(Date.now())
        return {
          store: createMemoryLoginStore({ now: clock.now }),
          now: clock.now,
          advance: async (ms) => clock.advance(ms),
          close: async () => {}
        }
      })
    )
  }
})

function setUp(maxLogins: number) {
  const clock = new TestClock()
  const store = createMemoryLoginStore({ maxLogins, now: clock.now })
  const login = (userId: string, idleTimeoutSeconds = 600) =>
    newLogin({ userId, idleTimeoutSeconds }, clock.now())
  return { clock, store, login }
}

t.test('a full store rejects an insert and removes nothing', async (t) => {
  const { store, login } = setUp(3)
  const logins = ['a', 'b', 'c'].map((user) => login(user))
  for (const one of logins) await store.insert(one, NO_LIMIT)
  for (let again = 0; again < 2; again++) {
    await t.rejects(store.insert(login('d'), NO_LIMIT), { message: /full: 3 active logins.*maxLogins/ })
  }
  for (const one of logins) t.same(await store.find(one.id), one)
  t.same(await store.listByUser('d'), [])
  await store.remove((logins[0] as { id: string }).id)
  t.same((await store.insert(login('d'), NO_LIMIT))?.removed, [])
})

t.test('a store that was full accepts logins again when others have expired', async (t) => {
  const { store, login, clock } = setUp(10)
  const lasting = login('lasting', 3600)
  await store.insert(lasting, NO_LIMIT)
  for (let round = 0; round < 5; round++) {
    for (let made = 0; made < 9; made++) await store.insert(login(`user ${made}`, 60), NO_LIMIT)
    await t.rejects(store.insert(login('one too many'), NO_LIMIT))
    clock.advance(61_000)
  }
  t.same(await store.find(lasting.id), lasting)
})

t.test('expired logins are swept as new ones come, even if the store is not full', async (t) => {
  const { store, login, clock } = setUp(1000)
  for (let made = 0; made < 500; made++) await store.insert(login(`old ${made}`, 60), NO_LIMIT)
  clock.advance(61_000)
  for (let made = 0; made < 300; made++) await store.insert(login('new', 3600), NO_LIMIT)
  // Set back: a login that was not swept is active again, and takes a place.
  clock.set(-30_000)
  for (let made = 0; made < 700; made++) await store.insert(login('new', 3600), NO_LIMIT)
  await t.rejects(store.insert(login('new'), NO_LIMIT))
  t.equal((await store.listByUser('new')).length, 1000)
})

t.test('the default clock is that of the system', async (t) => {
  const store = createMemoryLoginStore()
  const now = Date.now()
  const [active, past] = [newLogin({ userId: 'a' }, now), newLogin({ userId: 'a' }, now - 3_600_000)]
  await store.insert(active, NO_LIMIT)
  await t.rejects(store.insert(past, NO_LIMIT))
  t.same(await store.listByUser('a'), [active])
})

t.test('options are checked', (t) => {
  const rejects = (options: unknown, message: RegExp) =>
    t.throws(() => createMemoryLoginStore(options as never), { code: 'DRAWBRIDGE_OPTION', message })
  rejects({ maxLogins: 0 }, /memoryLoginStore\.maxLogins must be a whole number from 1 to 10000000, got 0/)
  rejects({ max: 5 }, /memoryLoginStore\.max is not an option/)
  rejects({ now: 5 }, /memoryLoginStore\.now must be a function that returns milliseconds, got 5/)
  t.end()
})
