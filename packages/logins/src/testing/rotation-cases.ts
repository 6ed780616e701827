import assert from 'node:assert/strict'
import type { RotateOutcome } from '../stores/login-store.ts'
import { sha256, presentedToken, storeCase } from './store-case.ts'

const CONCURRENCY = 100

/** Cases of {@link loginStoreCases}: the rotation of refresh tokens. */
export const rotationCases = [
  storeCase('the newest token rotates', async ({ store, insertLogin }) => {
    const login = await insertLogin()
    const rotation = presentedToken(0)
    const outcome = await store.rotate(login.id, rotation)
    const found = await store.find(login.id)
    assert.deepEqual(outcome, { kind: 'rotated', login: found })
    const rotatedAt = found?.refresh?.rotatedAt as number
    assert.ok(rotatedAt >= login.createdAt)
    const { familyHash, hash, nextHash, nextSealed } = rotation
    const refresh = {
      familyHash,
      generation: 1,
      hash: nextHash,
      previousHash: hash,
      sealed: nextSealed,
      rotatedAt
    }
    assert.deepEqual({ ...found, lastSeenAt: 0 }, { ...login, lastSeenAt: 0, refresh })
  }),

  storeCase(
    'the token before it gets the same successor while the window lasts',
    async ({ store, insertLogin }) => {
      const login = await insertLogin()
      await store.rotate(login.id, presentedToken(0))
      const stored = await store.find(login.id)
      for (let again = 0; again < 3; again++) {
        assert.deepEqual(await store.rotate(login.id, presentedToken(0)), { kind: 'repeated', login: stored })
      }
      assert.deepEqual(await store.find(login.id), stored)
    }
  ),

  storeCase('after the window it removes the login', async ({ store, insertLogin, advance }) => {
    const login = await insertLogin()
    await store.rotate(login.id, presentedToken(0, { graceSeconds: 1 }))
    await advance(1400)
    const outcome = await store.rotate(login.id, presentedToken(0, { graceSeconds: 1 }))
    assert.equal(outcome.kind, 'reused')
    assert.equal(loginIdFrom(outcome), login.id)
    assert.equal(await store.find(login.id), null)
    assert.deepEqual(await store.rotate(login.id, presentedToken(1)), { kind: 'unknown' })
    assert.deepEqual(await store.listByUser(login.userId), [])
  }),

  storeCase('with graceSeconds 0 the second use is always reuse', async ({ store, insertLogin }) => {
    const login = await insertLogin()
    await store.rotate(login.id, presentedToken(0, { graceSeconds: 0 }))
    assert.equal((await store.rotate(login.id, presentedToken(0, { graceSeconds: 0 }))).kind, 'reused')
    assert.equal(await store.find(login.id), null)
  }),

  storeCase(
    'a token two generations old removes the login, even inside the window',
    async ({ store, insertLogin }) => {
      const login = await insertLogin()
      await store.rotate(login.id, presentedToken(0))
      await store.rotate(login.id, presentedToken(1))
      assert.equal((await store.rotate(login.id, presentedToken(0))).kind, 'reused')
      assert.equal(await store.find(login.id), null)
    }
  ),

  storeCase('another secret of a known generation removes the login', async ({ store, insertLogin }) => {
    const other = { hash: sha256('not that token') }
    const newest = await insertLogin()
    assert.equal((await store.rotate(newest.id, presentedToken(0, other))).kind, 'reused')
    assert.equal(await store.find(newest.id), null)
    const previous = await insertLogin()
    await store.rotate(previous.id, presentedToken(0))
    assert.equal((await store.rotate(previous.id, presentedToken(0, other))).kind, 'reused')
    assert.equal(await store.find(previous.id), null)
  }),

  storeCase(
    'a token of a generation that the store has not reached rotates',
    async ({ store, insertLogin }) => {
      const login = await insertLogin()
      const outcome = await store.rotate(login.id, presentedToken(5))
      assert.equal(outcome.kind, 'rotated')
      const refresh = (await store.find(login.id))?.refresh
      assert.equal(refresh?.generation, 6)
      assert.equal((await store.rotate(login.id, presentedToken(5))).kind, 'repeated')
      assert.equal((await store.rotate(login.id, presentedToken(0))).kind, 'reused')
    }
  ),

  storeCase(
    'a token of another family is unknown in every generation, and removes nothing',
    async ({ store, insertLogin }) => {
      const login = await insertLogin()
      await store.rotate(login.id, presentedToken(0))
      const stored = await store.find(login.id)
      for (const generation of [0, 1, 2, 4_294_967_294]) {
        const forged = presentedToken(generation, { familyHash: sha256('another family') })
        assert.deepEqual(await store.rotate(login.id, forged), { kind: 'unknown' })
        assert.deepEqual(await store.find(login.id), stored)
      }
      assert.equal((await store.rotate(login.id, presentedToken(1))).kind, 'rotated')
    }
  ),

  storeCase(
    'a login without a refresh token has none to rotate, and does not change',
    async ({ store, insertLogin }) => {
      const login = await insertLogin({ refresh: null })
      assert.deepEqual(await store.rotate(login.id, presentedToken(0)), { kind: 'unknown' })
      assert.deepEqual(await store.find(login.id), login)
    }
  ),

  storeCase(
    'of 100 parallel rotations one wins and all get its successor',
    async ({ store, insertLogin }) => {
      const login = await insertLogin()
      for (let generation = 0; generation < 3; generation++) {
        const outcomes = await parallel((at) => {
          const offered = { nextHash: sha256(`token ${generation + 1}`), nextSealed: `sealed by ${at}` }
          return store.rotate(login.id, presentedToken(generation, offered))
        })
        const stored = (await store.find(login.id))?.refresh
        assert.equal(stored?.generation, generation + 1)
        assert.equal(count(outcomes, 'rotated'), 1)
        assert.equal(count(outcomes, 'repeated'), CONCURRENCY - 1)
        for (const outcome of outcomes) assert.deepEqual(refreshStateFrom(outcome), stored)
      }
    }
  ),

  storeCase(
    'of 100 parallel reuses one removes the login and all others find none',
    async ({ store, insertLogin }) => {
      const login = await insertLogin()
      for (let generation = 0; generation < 2; generation++)
        await store.rotate(login.id, presentedToken(generation))
      const outcomes = await parallel(() => store.rotate(login.id, presentedToken(0)))
      assert.equal(count(outcomes, 'reused'), 1)
      assert.equal(count(outcomes, 'unknown'), CONCURRENCY - 1)
      assert.equal(await store.find(login.id), null)
    }
  ),

  storeCase(
    'a record is no longer after a hundred rotations than after two',
    async ({ store, insertLogin }) => {
      const login = await insertLogin()
      const lengths: number[] = []
      for (let generation = 0; generation < 100; generation++) {
        assert.equal((await store.rotate(login.id, presentedToken(generation))).kind, 'rotated')
        lengths.push(JSON.stringify(await store.find(login.id)).length)
      }
      assert.ok((lengths[99] as number) <= (lengths[1] as number) + 2)
    }
  )
]

function parallel(rotate: (at: number) => Promise<RotateOutcome>): Promise<RotateOutcome[]> {
  return Promise.all(Array.from({ length: CONCURRENCY }, (_, at) => rotate(at)))
}

const count = (outcomes: readonly RotateOutcome[], kind: RotateOutcome['kind']) =>
  outcomes.filter((outcome) => outcome.kind === kind).length
const loginIdFrom = (outcome: RotateOutcome) => (outcome.kind === 'unknown' ? undefined : outcome.login.id)
const refreshStateFrom = (outcome: RotateOutcome) =>
  outcome.kind === 'unknown' ? undefined : outcome.login.refresh
