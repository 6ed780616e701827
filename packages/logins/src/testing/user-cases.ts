import assert from 'node:assert/strict'
import type { Login } from '../login.ts'
import { type Bench, NO_LIMIT, storeCase } from './store-case.ts'

export const userCases = [
  storeCase('the logins of a user are listed the newest first', async (bench) => {
    const logins = await several(bench, 4)
    await bench.inserted()
    assert.deepEqual(await bench.store.listByUser(userOf(logins)), logins.toReversed())
  }),

  storeCase('all logins of a user end at once, and nobody else', async (bench) => {
    const { store } = bench
    const logins = await several(bench, 5)
    const other = await bench.inserted()
    const ended = await store.removeByUser(userOf(logins))
    assert.deepEqual(ended.toSorted(), idsOf(logins).toSorted())
    for (const { id } of logins) assert.equal(await store.find(id), null)
    assert.deepEqual(await store.listByUser(userOf(logins)), [])
    assert.deepEqual(await store.find(other.id), other)
    assert.deepEqual(await store.removeByUser(userOf(logins)), [])
  }),

  storeCase('all but one', async (bench) => {
    const { store } = bench
    const logins = await several(bench, 4)
    const [, kept] = logins as [Login, Login]
    const ended = await store.removeByUser(kept.userId, kept.id)
    assert.equal(ended.length, 3)
    assert.ok(!ended.includes(kept.id))
    assert.deepEqual(await store.listByUser(kept.userId), [kept])
    const stranger = await bench.inserted()
    assert.deepEqual(await store.removeByUser(kept.userId, stranger.id), [kept.id])
    assert.deepEqual(await store.find(stranger.id), stranger)
  }),

  storeCase('one login too many ends the oldest', async (bench) => {
    const { store } = bench
    const logins = await several(bench, 3)
    const [oldest, ...others] = logins as [Login, ...Login[]]
    const newest = after(bench, logins)
    assert.deepEqual(await store.insert(newest, 3), [oldest.id])
    assert.equal(await store.find(oldest.id), null)
    assert.deepEqual(await store.listByUser(oldest.userId), [newest, ...others.toReversed()])
  }),

  storeCase('a lower limit ends as many as are too many', async (bench) => {
    const { store } = bench
    const logins = await several(bench, 5)
    const newest = after(bench, logins)
    const ended = await store.insert(newest, 2)
    assert.deepEqual(ended.toSorted(), idsOf(logins.slice(0, 4)).toSorted())
    const last = { ...after(bench, logins), createdAt: newest.createdAt + 1 }
    assert.equal((await store.insert(last, 1)).length, 2)
    assert.deepEqual(await store.listByUser(last.userId), [last])
  }),

  storeCase('the new login stays, even where the clock that made it is behind', async (bench) => {
    const { store } = bench
    const logins = await several(bench, 2)
    const behind = bench.login({ userId: userOf(logins), createdAt: bench.now() - 60_000 })
    assert.deepEqual(await store.insert(behind, 2), [logins[0]?.id])
    assert.deepEqual(await store.find(behind.id), behind)
  }),

  storeCase('a pending login ends none that is carried, and none that is carried ends it', async (bench) => {
    const { store } = bench
    const logins = await several(bench, 3)
    const userId = userOf(logins)
    const pending = Array.from({ length: 4 }, (_, at) =>
      bench.login({ userId, createdAt: bench.now() + 1 + at, session: null, refresh: null })
    ) as [Login, Login, Login, Login]
    const [first, ...others] = pending
    for (const one of [first, ...others.slice(0, 2)]) assert.deepEqual(await store.insert(one, 3), [])
    assert.deepEqual(await store.insert(others[2] as Login, 3), [first.id], 'the oldest that is pending')
    const oldest = logins[0] as Login
    const bySession = bench.login({ userId, createdAt: bench.now() + 9, refresh: null })
    assert.deepEqual(await store.insert(bySession, 3), [oldest.id], 'the oldest that is carried')
    const byToken = bench.login({ userId, createdAt: bench.now() + 10, session: null })
    assert.deepEqual(await store.insert(byToken, 3), [logins[1]?.id])
    const left = [byToken, bySession, ...others.toReversed(), logins[2] as Login]
    assert.deepEqual(idsOf(await store.listByUser(userId)), idsOf(left))
    assert.deepEqual((await store.removeByUser(userId)).toSorted(), idsOf(left).toSorted())
  }),

  storeCase('the limit of one user is not that of another', async (bench) => {
    const one = await bench.inserted()
    assert.deepEqual(await bench.store.insert(bench.login(), 1), [])
    assert.deepEqual(await bench.store.find(one.id), one)
  }),

  storeCase('20 parallel inserts keep the limit', async ({ store, login, userId }) => {
    const user = userId()
    const logins = Array.from({ length: 20 }, () => login({ userId: user }))
    const ended = (await Promise.all(logins.map((one) => store.insert(one, 5)))).flat()
    const alive = idsOf(await store.listByUser(user))
    assert.equal(alive.length, 5)
    assert.equal(ended.length, 15)
    assert.deepEqual([...ended, ...alive].toSorted(), idsOf(logins).toSorted())
  })
]

/** Logins of one user, the oldest first. */
async function several({ store, login, userId, now }: Bench, count: number): Promise<readonly Login[]> {
  const [user, at] = [userId(), now() - count]
  const logins = Array.from({ length: count }, (_, made) => login({ userId: user, createdAt: at + made }))
  // Not in the order of their age: what counts is createdAt.
  for (const one of logins.toReversed()) await store.insert(one, NO_LIMIT)
  return logins
}

const after = (bench: Bench, logins: readonly Login[]): Login =>
  bench.login({ userId: userOf(logins), createdAt: bench.now() + 1 })
const userOf = (logins: readonly Login[]): string => (logins[0] as Login).userId
const idsOf = (logins: readonly Login[]): string[] => logins.map(({ id }) => id)
