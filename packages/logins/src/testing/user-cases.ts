import assert from 'node:assert/strict'
import type { Login } from '../login/login.ts'
import { type StoreFixture, NO_LIMIT, storeCase, removedBy } from './store-case.ts'

/** Cases of {@link loginStoreCases}: the logins of a user, and their limit. */
export const userCases = [
  storeCase('the logins of a user are listed newest first', async (fixture) => {
    const logins = await insertSeveral(fixture, 4)
    await fixture.insertLogin()
    assert.deepEqual(await fixture.store.listByUser(sharedUserId(logins)), logins.toReversed())
  }),

  storeCase('all logins of a user are removed at once, and no others', async (fixture) => {
    const { store } = fixture
    const logins = await insertSeveral(fixture, 5)
    const other = await fixture.insertLogin()
    const removed = await store.removeByUser(sharedUserId(logins))
    assert.deepEqual(removed.toSorted(), toIds(logins).toSorted())
    for (const { id } of logins) assert.equal(await store.find(id), null)
    assert.deepEqual(await store.listByUser(sharedUserId(logins)), [])
    assert.deepEqual(await store.find(other.id), other)
    assert.deepEqual(await store.removeByUser(sharedUserId(logins)), [])
  }),

  storeCase('all logins of a user but one are removed', async (fixture) => {
    const { store } = fixture
    const logins = await insertSeveral(fixture, 4)
    const [, spared] = logins as [Login, Login]
    const removed = await store.removeByUser(spared.userId, spared.id)
    assert.equal(removed.length, 3)
    assert.ok(!removed.includes(spared.id))
    assert.deepEqual(await store.listByUser(spared.userId), [spared])
    const stranger = await fixture.insertLogin()
    assert.deepEqual(await store.removeByUser(spared.userId, stranger.id), [spared.id])
    assert.deepEqual(await store.find(stranger.id), stranger)
  }),

  storeCase('one login too many removes the oldest', async (fixture) => {
    const { store } = fixture
    const logins = await insertSeveral(fixture, 3)
    const [oldest, ...others] = logins as [Login, ...Login[]]
    const newest = newerLogin(fixture, logins)
    assert.deepEqual(await removedBy(store.insert(newest, 3)), [oldest.id])
    assert.equal(await store.find(oldest.id), null)
    assert.deepEqual(await store.listByUser(oldest.userId), [newest, ...others.toReversed()])
  }),

  storeCase('a lower limit removes as many as exceed it', async (fixture) => {
    const { store } = fixture
    const logins = await insertSeveral(fixture, 5)
    const newest = newerLogin(fixture, logins)
    const removed = await removedBy(store.insert(newest, 2))
    assert.deepEqual(removed?.toSorted(), toIds(logins.slice(0, 4)).toSorted())
    const last = { ...newerLogin(fixture, logins), createdAt: newest.createdAt + 1 }
    assert.equal((await removedBy(store.insert(last, 1)))?.length, 2)
    assert.deepEqual(await store.listByUser(last.userId), [last])
  }),

  storeCase('the new login stays, even where its clock is behind', async (fixture) => {
    const { store } = fixture
    const logins = await insertSeveral(fixture, 2)
    const behind = fixture.buildLogin({ userId: sharedUserId(logins), createdAt: fixture.now() - 60_000 })
    assert.deepEqual(await removedBy(store.insert(behind, 2)), [logins[0]?.id])
    assert.deepEqual(await store.find(behind.id), behind)
  }),

  storeCase('a pending login removes no active one, and no active one removes it', async (fixture) => {
    const { store } = fixture
    const logins = await insertSeveral(fixture, 3)
    const userId = sharedUserId(logins)
    const pending = Array.from({ length: 4 }, (_, at) =>
      fixture.buildLogin({ userId, createdAt: fixture.now() + 1 + at, session: null, refresh: null })
    ) as [Login, Login, Login, Login]
    const [first, ...others] = pending
    for (const one of [first, ...others.slice(0, 2)])
      assert.deepEqual(await removedBy(store.insert(one, 3)), [])
    assert.deepEqual(
      await removedBy(store.insert(others[2] as Login, 3)),
      [first.id],
      'the oldest pending one'
    )
    const oldest = logins[0] as Login
    const bySession = fixture.buildLogin({ userId, createdAt: fixture.now() + 9, refresh: null })
    assert.deepEqual(await removedBy(store.insert(bySession, 3)), [oldest.id], 'the oldest active one')
    const byToken = fixture.buildLogin({ userId, createdAt: fixture.now() + 10, session: null })
    assert.deepEqual(await removedBy(store.insert(byToken, 3)), [logins[1]?.id])
    const left = [byToken, bySession, ...others.toReversed(), logins[2] as Login]
    assert.deepEqual(toIds(await store.listByUser(userId)), toIds(left))
    assert.deepEqual((await store.removeByUser(userId)).toSorted(), toIds(left).toSorted())
  }),

  storeCase('the limit of one user does not affect another', async (fixture) => {
    const one = await fixture.insertLogin()
    assert.deepEqual(await removedBy(fixture.store.insert(fixture.buildLogin(), 1)), [])
    assert.deepEqual(await fixture.store.find(one.id), one)
  }),

  storeCase('20 parallel inserts respect the limit', async ({ store, buildLogin, newUserId }) => {
    const user = newUserId()
    const logins = Array.from({ length: 20 }, () => buildLogin({ userId: user }))
    const outcomes = await Promise.all(logins.map((one) => removedBy(store.insert(one, 5))))
    const removed = outcomes.flatMap((ids) => ids ?? [])
    const active = toIds(await store.listByUser(user))
    assert.equal(active.length, 5)
    assert.equal(removed.length, 15)
    assert.deepEqual([...removed, ...active].toSorted(), toIds(logins).toSorted())
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
  // Inserted in another order than that of their age: what counts is createdAt.
  for (const one of logins.toReversed()) await store.insert(one, NO_LIMIT)
  return logins
}

const newerLogin = (fixture: StoreFixture, logins: readonly Login[]): Login =>
  fixture.buildLogin({ userId: sharedUserId(logins), createdAt: fixture.now() + 1 })
const sharedUserId = (logins: readonly Login[]): string => (logins[0] as Login).userId
const toIds = (logins: readonly Login[]): string[] => logins.map(({ id }) => id)
