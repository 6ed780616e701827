import assert from 'node:assert/strict'
import type { Login } from '../login/login.ts'
import { type StoreFixture, NO_LIMIT, storeCase } from './store-case.ts'

export const userCases = [
  storeCase('the logins of a user are listed the newest first', async (fixture) => {
    const logins = await insertSeveral(fixture, 4)
    await fixture.insertLogin()
    assert.deepEqual(await fixture.store.listByUser(sharedUserId(logins)), logins.toReversed())
  }),

  storeCase('all logins of a user end at once, and nobody else', async (fixture) => {
    const { store } = fixture
    const logins = await insertSeveral(fixture, 5)
    const other = await fixture.insertLogin()
    const ended = await store.removeByUser(sharedUserId(logins))
    assert.deepEqual(ended.toSorted(), toIds(logins).toSorted())
    for (const { id } of logins) assert.equal(await store.find(id), null)
    assert.deepEqual(await store.listByUser(sharedUserId(logins)), [])
    assert.deepEqual(await store.find(other.id), other)
    assert.deepEqual(await store.removeByUser(sharedUserId(logins)), [])
  }),

  storeCase('all but one', async (fixture) => {
    const { store } = fixture
    const logins = await insertSeveral(fixture, 4)
    const [, kept] = logins as [Login, Login]
    const ended = await store.removeByUser(kept.userId, kept.id)
    assert.equal(ended.length, 3)
    assert.ok(!ended.includes(kept.id))
    assert.deepEqual(await store.listByUser(kept.userId), [kept])
    const stranger = await fixture.insertLogin()
    assert.deepEqual(await store.removeByUser(kept.userId, stranger.id), [kept.id])
    assert.deepEqual(await store.find(stranger.id), stranger)
  }),

  storeCase('one login too many ends the oldest', async (fixture) => {
    const { store } = fixture
    const logins = await insertSeveral(fixture, 3)
    const [oldest, ...others] = logins as [Login, ...Login[]]
    const newest = newerLogin(fixture, logins)
    assert.deepEqual(await store.insert(newest, 3), [oldest.id])
    assert.equal(await store.find(oldest.id), null)
    assert.deepEqual(await store.listByUser(oldest.userId), [newest, ...others.toReversed()])
  }),

  storeCase('a lower limit ends as many as are too many', async (fixture) => {
    const { store } = fixture
    const logins = await insertSeveral(fixture, 5)
    const newest = newerLogin(fixture, logins)
    const ended = await store.insert(newest, 2)
    assert.deepEqual(ended.toSorted(), toIds(logins.slice(0, 4)).toSorted())
    const last = { ...newerLogin(fixture, logins), createdAt: newest.createdAt + 1 }
    assert.equal((await store.insert(last, 1)).length, 2)
    assert.deepEqual(await store.listByUser(last.userId), [last])
  }),

  storeCase('the new login stays, even where the clock that made it is behind', async (fixture) => {
    const { store } = fixture
    const logins = await insertSeveral(fixture, 2)
    const behind = fixture.buildLogin({ userId: sharedUserId(logins), createdAt: fixture.now() - 60_000 })
    assert.deepEqual(await store.insert(behind, 2), [logins[0]?.id])
    assert.deepEqual(await store.find(behind.id), behind)
  }),

  storeCase(
    'a pending login ends none that is carried, and none that is carried ends it',
    async (fixture) => {
      const { store } = fixture
      const logins = await insertSeveral(fixture, 3)
      const userId = sharedUserId(logins)
      const pending = Array.from({ length: 4 }, (_, at) =>
        fixture.buildLogin({ userId, createdAt: fixture.now() + 1 + at, session: null, refresh: null })
      ) as [Login, Login, Login, Login]
      const [first, ...others] = pending
      for (const one of [first, ...others.slice(0, 2)]) assert.deepEqual(await store.insert(one, 3), [])
      assert.deepEqual(await store.insert(others[2] as Login, 3), [first.id], 'the oldest that is pending')
      const oldest = logins[0] as Login
      const bySession = fixture.buildLogin({ userId, createdAt: fixture.now() + 9, refresh: null })
      assert.deepEqual(await store.insert(bySession, 3), [oldest.id], 'the oldest that is carried')
      const byToken = fixture.buildLogin({ userId, createdAt: fixture.now() + 10, session: null })
      assert.deepEqual(await store.insert(byToken, 3), [logins[1]?.id])
      const left = [byToken, bySession, ...others.toReversed(), logins[2] as Login]
      assert.deepEqual(toIds(await store.listByUser(userId)), toIds(left))
      assert.deepEqual((await store.removeByUser(userId)).toSorted(), toIds(left).toSorted())
    }
  ),

  storeCase('the limit of one user is not that of another', async (fixture) => {
    const one = await fixture.insertLogin()
    assert.deepEqual(await fixture.store.insert(fixture.buildLogin(), 1), [])
    assert.deepEqual(await fixture.store.find(one.id), one)
  }),

  storeCase('20 parallel inserts keep the limit', async ({ store, buildLogin, newUserId }) => {
    const user = newUserId()
    const logins = Array.from({ length: 20 }, () => buildLogin({ userId: user }))
    const ended = (await Promise.all(logins.map((one) => store.insert(one, 5)))).flat()
    const active = toIds(await store.listByUser(user))
    assert.equal(active.length, 5)
    assert.equal(ended.length, 15)
    assert.deepEqual([...ended, ...active].toSorted(), toIds(logins).toSorted())
  })
]

/** Logins of one user, the oldest first. */
async function insertSeveral(
  { store, buildLogin, newUserId, now }: StoreFixture,
  count: number
): Promise<readonly Login[]> {
  const [user, at] = [newUserId(), now() - count]
  const logins = Array.from({ length: count }, (_, made) =>
    buildLogin({ userId: user, createdAt: at + made })
  )
  // Not in the order of their age: what counts is createdAt.
  for (const one of logins.toReversed()) await store.insert(one, NO_LIMIT)
  return logins
}

const newerLogin = (fixture: StoreFixture, logins: readonly Login[]): Login =>
  fixture.buildLogin({ userId: sharedUserId(logins), createdAt: fixture.now() + 1 })
const sharedUserId = (logins: readonly Login[]): string => (logins[0] as Login).userId
const toIds = (logins: readonly Login[]): string[] => logins.map(({ id }) => id)
