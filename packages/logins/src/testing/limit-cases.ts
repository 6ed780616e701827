import assert from 'node:assert/strict'
import type { Login } from '../login.ts'
import { type Bench, NO_LIMIT, shown, storeCase } from './store-case.ts'

/*
 * The steps are long enough for a store whose clock cannot be set and whose `advance` really waits: nothing is
 * looked at nearer than 1.2 s before the moment at which it changes, since a busy machine is late, nor than 0.4 s after it.
 */
export const limitCases = [
  storeCase('a login that nobody uses ends at its idle limit, for every verb', async (bench) => {
    const login = await bench.inserted({ idleSeconds: 3 })
    await bench.advance(1800)
    assert.deepEqual(await bench.store.find(login.id), login)
    await bench.advance(1600)
    await isGone(bench, login)
  }),

  storeCase('use moves the idle limit, and never the absolute one', async (bench) => {
    const { store, advance, now } = bench
    const login = await bench.inserted({ idleSeconds: 3, expiresAt: now() + 5000 })
    await advance(1800)
    assert.deepEqual(await store.touch([{ loginId: login.id, seenAt: now() }]), [true])
    await advance(1800)
    assert.deepEqual(await store.touch([{ loginId: login.id, seenAt: now() }]), [true])
    assert.notEqual(await store.find(login.id), null)
    await advance(1800)
    await isGone(bench, login)
  }),

  storeCase('a touch from the future does not outlive the absolute limit', async (bench) => {
    const { store, advance, now } = bench
    const login = await bench.inserted({ idleSeconds: 2, expiresAt: now() + 1000 })
    await store.touch([{ loginId: login.id, seenAt: now() + 86_400_000 }])
    await advance(1400)
    await isGone(bench, login)
  }),

  storeCase('idleSeconds 0 is no idle limit', async (bench) => {
    const login = await bench.inserted({ idleSeconds: 0, expiresAt: bench.now() + 3000 })
    await bench.advance(1800)
    assert.deepEqual(await bench.store.find(login.id), login)
    await bench.advance(1600)
    await isGone(bench, login)
  }),

  storeCase('a rotation is use', async (bench) => {
    const login = await bench.inserted({ idleSeconds: 3 })
    await bench.advance(1800)
    const outcome = await bench.store.rotate(login.id, shown(0))
    assert.equal(outcome.kind, 'rotated')
    await bench.advance(1800)
    const found = await bench.store.find(login.id)
    assert.notEqual(found, null)
    assert.ok((found as Login).lastSeenAt >= login.lastSeenAt + 1000)
  }),

  storeCase('a login that has ended already is not written, and that is an error', async (bench) => {
    const { store, login, now } = bench
    const dead = [
      login({ expiresAt: now() - 2000 }),
      login({ lastSeenAt: now() - 10_000, idleSeconds: 5 }),
      login({ expiresAt: now() - 3_600_000, createdAt: now() - 7_200_000 })
    ]
    for (const one of dead) {
      await assert.rejects(store.insert(one, NO_LIMIT))
      assert.equal(await store.find(one.id), null)
      assert.deepEqual(await store.listByUser(one.userId), [])
    }
  }),

  storeCase('a touch moves lastSeenAt forward and never back', async ({ store, inserted }) => {
    const login = await inserted()
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

  storeCase('a batch of touches says in order which logins are alive', async (bench) => {
    const { store, inserted, login } = bench
    const [a, b, ended] = [await inserted(), await inserted(), await inserted()]
    await store.remove(ended.id)
    const ids = [a.id, login().id, b.id, ended.id, a.id]
    // Of the newest: a clock that really goes on has moved between them.
    const since = Math.max(a.lastSeenAt, b.lastSeenAt)
    const touches = ids.map((loginId, at) => ({ loginId, seenAt: since + at }))
    assert.deepEqual(await store.touch(touches), [true, false, true, false, true])
    assert.equal((await store.find(a.id))?.lastSeenAt, since + 4)
    assert.equal((await store.find(b.id))?.lastSeenAt, since + 2)
    assert.equal(await store.find(ended.id), null)
    assert.deepEqual(await store.touch([]), [])
  }),

  storeCase('a batch may be of a thousand', async ({ store, inserted }) => {
    const login = await inserted()
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
    'a login that has expired frees its place, and is not among those that were ended',
    async (bench) => {
      const { store, login, userId } = bench
      const user = userId()
      for (let made = 0; made < 3; made++) await store.insert(login({ userId: user, idleSeconds: 1 }), 3)
      await bench.advance(1400)
      const fresh = login({ userId: user })
      assert.deepEqual(await store.insert(fresh, 1), [])
      assert.deepEqual(await store.listByUser(user), [fresh])
    }
  )
]

/** For every verb, and after every verb. */
async function isGone({ store, now }: Bench, login: Login): Promise<void> {
  assert.equal(await store.find(login.id), null)
  assert.deepEqual(await store.listByUser(login.userId), [])
  assert.deepEqual(await store.touch([{ loginId: login.id, seenAt: now() }]), [false])
  assert.equal(await store.update(login.id, { data: { late: true } }), null)
  assert.deepEqual(await store.rotate(login.id, shown(0)), { kind: 'unknown' })
  assert.deepEqual(await store.removeByUser(login.userId), [])
  assert.equal(await store.remove(login.id), false)
  assert.equal(await store.find(login.id), null)
}
