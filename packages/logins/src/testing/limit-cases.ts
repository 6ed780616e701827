import assert from 'node:assert/strict'
import type { Login } from '../login/login.ts'
import {
  addedRefresh,
  addedSession,
  type StoreFixture,
  NO_LIMIT,
  presentedToken,
  storeCase,
  removedBy
} from './store-case.ts'

/*
 * The steps are long enough for a store whose clock cannot be set and whose `advance` really waits. Nothing
 * is checked less than 1.2 s before the moment at which it changes, since a busy machine is late, nor less
 * than 0.4 s after it.
 */
export const limitCases = [
  storeCase('an unused login expires at its idle limit, for every method', async (fixture) => {
    const login = await fixture.insertLogin({ idleTimeoutSeconds: 3 })
    await fixture.advance(1800)
    assert.deepEqual(await fixture.store.find(login.id), login)
    await fixture.advance(1600)
    await assertGone(fixture, login)
  }),

  storeCase('use extends the idle limit, and never the absolute one', async (fixture) => {
    const { store, advance, now } = fixture
    const login = await fixture.insertLogin({ idleTimeoutSeconds: 3, expiresAt: now() + 5000 })
    await advance(1800)
    assert.deepEqual(await store.touch([{ loginId: login.id, seenAt: now() }]), [true])
    await advance(1800)
    assert.deepEqual(await store.touch([{ loginId: login.id, seenAt: now() }]), [true])
    assert.notEqual(await store.find(login.id), null)
    await advance(1800)
    await assertGone(fixture, login)
  }),

  storeCase('a touch from the future does not outlive the absolute limit', async (fixture) => {
    const { store, advance, now } = fixture
    const login = await fixture.insertLogin({ idleTimeoutSeconds: 2, expiresAt: now() + 1000 })
    await store.touch([{ loginId: login.id, seenAt: now() + 86_400_000 }])
    await advance(1400)
    await assertGone(fixture, login)
  }),

  storeCase('idleTimeoutSeconds 0 is no idle limit', async (fixture) => {
    const login = await fixture.insertLogin({ idleTimeoutSeconds: 0, expiresAt: fixture.now() + 3000 })
    await fixture.advance(1800)
    assert.deepEqual(await fixture.store.find(login.id), login)
    await fixture.advance(1600)
    await assertGone(fixture, login)
  }),

  storeCase('a rotation is use', async (fixture) => {
    const login = await fixture.insertLogin({ idleTimeoutSeconds: 3 })
    await fixture.advance(1800)
    const outcome = await fixture.store.rotate(login.id, presentedToken(0))
    assert.equal(outcome.kind, 'rotated')
    await fixture.advance(1800)
    const found = await fixture.store.find(login.id)
    assert.notEqual(found, null)
    assert.ok((found as Login).lastSeenAt >= login.lastSeenAt + 1000)
  }),

  storeCase('inserting a login that is already expired rejects and writes nothing', async (fixture) => {
    const { store, buildLogin, now } = fixture
    const expired = [
      buildLogin({ expiresAt: now() - 2000 }),
      buildLogin({ lastSeenAt: now() - 10_000, idleTimeoutSeconds: 5 }),
      buildLogin({ expiresAt: now() - 3_600_000, createdAt: now() - 7_200_000 })
    ]
    for (const one of expired) {
      await assert.rejects(store.insert(one, NO_LIMIT))
      assert.equal(await store.find(one.id), null)
      assert.deepEqual(await store.listByUser(one.userId), [])
    }
  }),

  storeCase('a touch moves lastSeenAt forward and never back', async ({ store, insertLogin }) => {
    const login = await insertLogin()
    const seen = async (seenAt: number) => {
      assert.deepEqual(await store.touch([{ loginId: login.id, seenAt }]), [true])
      return (await store.find(login.id))?.lastSeenAt
    }
    const at = login.lastSeenAt
    assert.equal(await seen(at - 60_000), at)
    assert.equal(await seen(at + 20), at + 20)
    assert.equal(await seen(at + 10), at + 20)
    assert.deepEqual(await store.find(login.id), { ...login, lastSeenAt: at + 20 })
  }),

  storeCase('a batch of touches returns in order which logins are active', async (fixture) => {
    const { store, insertLogin, buildLogin } = fixture
    const [a, b, removed] = [await insertLogin(), await insertLogin(), await insertLogin()]
    await store.remove(removed.id)
    const ids = [a.id, buildLogin().id, b.id, removed.id, a.id]
    // The later of the two, since a real clock advances between the inserts.
    const since = Math.max(a.lastSeenAt, b.lastSeenAt)
    const touches = ids.map((loginId, at) => ({ loginId, seenAt: since + at }))
    assert.deepEqual(await store.touch(touches), [true, false, true, false, true])
    assert.equal((await store.find(a.id))?.lastSeenAt, since + 4)
    assert.equal((await store.find(b.id))?.lastSeenAt, since + 2)
    assert.equal(await store.find(removed.id), null)
    assert.deepEqual(await store.touch([]), [])
  }),

  storeCase('a batch may have a thousand touches', async ({ store, insertLogin }) => {
    const login = await insertLogin()
    const touches = Array.from({ length: 1000 }, (_, at) => ({
      loginId: at % 2 === 0 ? login.id : `${login.id}${at}`,
      seenAt: login.lastSeenAt + 1
    }))
    assert.deepEqual(
      await store.touch(touches),
      touches.map((_, at) => at % 2 === 0)
    )
  }),

  storeCase(
    'an expired login does not count towards the limit, and is not returned as removed',
    async (fixture) => {
      const { store, buildLogin, newUserId } = fixture
      const user = newUserId()
      for (let made = 0; made < 3; made++)
        await store.insert(buildLogin({ userId: user, idleTimeoutSeconds: 1 }), 3)
      await fixture.advance(1400)
      const fresh = buildLogin({ userId: user })
      assert.deepEqual(await removedBy(store.insert(fresh, 1)), [])
      assert.deepEqual(await store.listByUser(user), [fresh])
    }
  )
]

/** Gone for every method, and still gone after every method. */
async function assertGone({ store, now }: StoreFixture, login: Login): Promise<void> {
  assert.equal(await store.find(login.id), null)
  assert.deepEqual(await store.listByUser(login.userId), [])
  assert.deepEqual(await store.touch([{ loginId: login.id, seenAt: now() }]), [false])
  assert.equal(await store.update(login.id, { data: { late: true } }), null)
  assert.deepEqual(await store.rotate(login.id, presentedToken(0)), { kind: 'unknown' })
  assert.deepEqual(await store.carry(login.id, addedSession(0, now() + 60_000)), { kind: 'unknown' })
  assert.deepEqual(await store.carry(login.id, addedRefresh()), { kind: 'unknown' })
  assert.deepEqual(await store.removeByUser(login.userId), [])
  assert.equal(await store.remove(login.id), null)
  assert.equal(await store.find(login.id), null)
}
