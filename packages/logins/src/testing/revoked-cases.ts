import assert from 'node:assert/strict'
import type { Login } from '../login/login.ts'
import {
  addedRefresh,
  addedSession,
  type StoreFixture,
  presentedToken,
  sha256,
  storeCase
} from './store-case.ts'

const ROUNDS = 200

const RENEWED = { secretHash: sha256('next cookie'), replaces: sha256('cookie') }

/** Cases of {@link loginStoreCases}: a removed login stays removed. */
export const revokedCases = [
  storeCase('after remove, no write brings the login back', async (fixture) => {
    const login = await rotatedOnce(fixture)
    assert.equal((await fixture.store.remove(login.id))?.id, login.id)
    await staysRevoked(fixture, login)
  }),

  storeCase('after removeByUser, no write brings the login back', async (fixture) => {
    const login = await rotatedOnce(fixture)
    await fixture.store.removeByUser(login.userId)
    await staysRevoked(fixture, login)
  }),

  storeCase('after a reuse, no write brings the login back', async (fixture) => {
    const login = await rotatedOnce(fixture)
    await fixture.store.rotate(login.id, presentedToken(1))
    assert.equal((await fixture.store.rotate(login.id, presentedToken(0))).kind, 'reused')
    await staysRevoked(fixture, login)
  }),

  storeCase('after it was removed to make room, no write brings the login back', async (fixture) => {
    const login = await rotatedOnce(fixture)
    await fixture.store.insert(fixture.buildLogin({ userId: login.userId }), 1)
    await staysRevoked(fixture, login)
  }),

  storeCase('a login is removed once', async ({ store, insertLogin }) => {
    const login = await insertLogin()
    const results = await Promise.all(Array.from({ length: 20 }, () => store.remove(login.id)))
    assert.deepEqual(
      results.filter((removed) => removed !== null),
      [login]
    )
    assert.equal(await store.remove(login.id), null)
  }),

  storeCase(`${ROUNDS} removals win over writes in flight`, async (fixture) => {
    for (let round = 0; round < ROUNDS; round++) {
      const login = await rotatedOnce(fixture)
      await race(round, login, fixture, () => fixture.store.remove(login.id))
    }
  }),

  storeCase(`${ROUNDS} removals of a user win over writes in flight`, async (fixture) => {
    for (let round = 0; round < ROUNDS; round++) {
      const login = await rotatedOnce(fixture)
      await race(round, login, fixture, () => fixture.store.removeByUser(login.userId))
    }
  })
]

/** A login whose first token is replaced and may still be repeated. */
async function rotatedOnce({ store, insertLogin }: StoreFixture): Promise<Login> {
  const login = await insertLogin()
  await store.rotate(login.id, presentedToken(0))
  return login
}

/** Removes the login at a different position among its writes in each round. */
async function race(
  round: number,
  login: Login,
  fixture: StoreFixture,
  revoke: () => Promise<unknown>
): Promise<void> {
  const { store } = fixture
  const revoked = async () => {
    await revoke()
    assert.equal(await store.find(login.id), null, 'removed, and found while other writes are in flight')
  }
  const inFlight: Array<() => Promise<unknown>> = [
    () => store.update(login.id, { data: { late: true } }),
    () => store.update(login.id, { authenticatedAt: fixture.now(), session: RENEWED }),
    () => store.touch([{ loginId: login.id, seenAt: fixture.now() }]),
    () => store.rotate(login.id, presentedToken(0)),
    () => store.rotate(login.id, presentedToken(1)),
    () => store.carry(login.id, addedSession(1, fixture.now() + 60_000)),
    () => store.renameUser(login.userId, 'another', 1)
  ]
  inFlight.splice(round % (inFlight.length + 1), 0, revoked)
  await Promise.all(inFlight.map((act) => act()))
  await staysRevoked(fixture, login)
}

async function staysRevoked({ store, now }: StoreFixture, login: Login): Promise<void> {
  await store.renameUser(login.userId, 'another', 1)
  assert.deepEqual(await store.touch([{ loginId: login.id, seenAt: now() }]), [false])
  assert.equal(await store.update(login.id, { data: { late: true } }), null)
  assert.equal(await store.update(login.id, { authenticatedAt: now(), session: RENEWED }), null)
  for (const generation of [0, 1, 2, 7]) {
    assert.deepEqual(await store.rotate(login.id, presentedToken(generation)), { kind: 'unknown' })
    const carry = addedSession(generation, now() + 60_000)
    assert.deepEqual(await store.carry(login.id, carry), { kind: 'unknown' })
  }
  assert.deepEqual(await store.carry(login.id, addedRefresh()), { kind: 'unknown' })
  assert.equal(await store.find(login.id), null)
  assert.ok(!(await store.listByUser(login.userId)).some(({ id }) => id === login.id))
  assert.equal(await store.remove(login.id), null)
}
