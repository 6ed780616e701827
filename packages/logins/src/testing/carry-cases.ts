import assert from 'node:assert/strict'
import type { Login } from '../login/login.ts'
import type { CarryInput } from '../stores/carry.ts'
import type { CarryOutcome } from '../stores/login-store.ts'
import {
  addedRefresh,
  addedSession,
  presentedToken,
  sha256,
  storeCase,
  type StoreFixture,
  removedBy
} from './store-case.ts'

const CONCURRENCY = 50

const UNKNOWN = { kind: 'unknown' }

/** Cases of {@link loginStoreCases}: a second credential for a login. */
export const carryCases = [
  storeCase('a refresh token adds a session secret, and nothing else changes', async (fixture) => {
    const login = await fixture.insertLogin({ session: null, data: { cart: [1] } })
    const input = addedSession(0, fixture.now() + 60_000)
    const added = await carried(fixture, login, input, 'added')
    assert.deepEqual(withoutUse(added), withoutUse({ ...login, session: input.session }))
  }),

  storeCase('a session secret adds a first refresh token, and nothing else changes', async (fixture) => {
    const login = await fixture.insertLogin({ refresh: null, data: { cart: [1] } })
    const { refresh, ...input } = addedRefresh()
    const added = await carried(fixture, login, { ...input, refresh }, 'added')
    const rotatedAt = added.refresh?.rotatedAt as number
    assert.ok(rotatedAt >= login.createdAt)
    const state = { ...refresh, generation: 0, previousHash: null, sealed: null, rotatedAt }
    assert.deepEqual(withoutUse(added), withoutUse({ ...login, refresh: state }))
  }),

  storeCase('to add a credential is use, and what stays is not', async (fixture) => {
    const { store, insertLogin, advance, now } = fixture
    const logins = [await insertLogin({ session: null }), await insertLogin({ refresh: null })] as const
    const inputs = [addedSession(0, now() + 60_000), addedRefresh()] as const
    await advance(1200)
    const added = await Promise.all(
      logins.map((login, at) => store.carry(login.id, inputs[at] as CarryInput))
    )
    for (const [at, outcome] of added.entries()) {
      const { lastSeenAt } = loginFrom(outcome)
      assert.ok(lastSeenAt >= (logins[at] as Login).lastSeenAt + 1000, `${lastSeenAt}`)
    }
    const late = { loginId: logins[0].id, seenAt: now() + 30_000 }
    assert.deepEqual(await store.touch([late]), [true])
    const kept = await carried(fixture, logins[0], inputs[0], 'kept')
    assert.equal(kept.lastSeenAt, late.seenAt)
  }),

  storeCase('lastSeenAt never moves back', async (fixture) => {
    const lastSeenAt = fixture.now() + 30_000
    const byToken = await fixture.insertLogin({ session: null, lastSeenAt })
    const input = addedSession(0, fixture.now() + 60_000)
    assert.equal((await carried(fixture, byToken, input, 'added')).lastSeenAt, lastSeenAt)
    const bySession = await fixture.insertLogin({ refresh: null, lastSeenAt })
    assert.equal((await carried(fixture, bySession, addedRefresh(), 'added')).lastSeenAt, lastSeenAt)
  }),

  storeCase('a valid credential of that kind stays', async (fixture) => {
    const login = await fixture.insertLogin()
    const { store, now } = fixture
    for (const input of [addedSession(0, now() + 60_000), addedRefresh()]) {
      assert.deepEqual(await carried(fixture, login, input, 'kept'), login)
    }
    await store.rotate(login.id, presentedToken(0))
    const rotated = await store.find(login.id)
    assert.deepEqual(await carried(fixture, login, addedRefresh(), 'kept'), rotated)
  }),

  storeCase(`of ${CONCURRENCY} parallel carries of a session secret one adds`, async (fixture) => {
    const login = await fixture.insertLogin({ session: null })
    const expiresAt = fixture.now() + 60_000
    await addsOnce(fixture, login, (at) => {
      const session = { secretHash: sha256(`cookie ${at}`), expiresAt: expiresAt + at }
      return { ...addedSession(0, expiresAt), session }
    })
  }),

  storeCase(`of ${CONCURRENCY} parallel carries of a refresh token one adds`, async (fixture) => {
    const login = await fixture.insertLogin({ refresh: null })
    await addsOnce(fixture, login, (at) => {
      const refresh = { familyHash: sha256(`family ${at}`), hash: sha256(`token ${at}`) }
      return { ...addedRefresh(), refresh }
    })
  }),

  storeCase('a credential that is not the login’s is unknown, and changes nothing', async (fixture) => {
    const { insertLogin, now } = fixture
    const byToken = await insertLogin({ session: null })
    const bySession = await insertLogin({ refresh: null })
    const pending = await insertLogin({ session: null, refresh: null })
    const session = (overrides = {}) => addedSession(0, now() + 60_000, overrides)
    const family = { familyHash: sha256('another family') }
    await isUnknown(fixture, bySession, addedRefresh('another cookie'))
    await isUnknown(fixture, bySession, session())
    await isUnknown(fixture, byToken, addedRefresh())
    await isUnknown(fixture, byToken, session(family))
    await isUnknown(fixture, byToken, {
      ...session(family),
      presented: { ...session(family).presented, generation: 7 }
    })
    await isUnknown(fixture, pending, session())
    await isUnknown(fixture, pending, addedRefresh())
  }),

  storeCase('a session secret of its own end is valid until then, and is then replaced', async (fixture) => {
    const { insertLogin, advance, now } = fixture
    const expiresAt = now() + 3000
    const session = { secretHash: sha256('cookie'), expiresAt }
    const [both, bySession] = [await insertLogin({ session }), await insertLogin({ session, refresh: null })]
    const input = addedSession(0, now() + 600_000)
    assert.deepEqual(await carried(fixture, both, input, 'kept'), both)
    await carried(fixture, both, addedRefresh(), 'kept')
    await advance(3400)
    await isUnknown(fixture, both, addedRefresh())
    await isUnknown(fixture, bySession, addedRefresh())
    assert.deepEqual((await carried(fixture, both, input, 'added')).session, input.session)
    await carried(fixture, both, addedRefresh('added cookie'), 'kept')
  }),

  storeCase('a replaced token adds a session secret while the window lasts', async (fixture) => {
    const login = await fixture.insertLogin({ session: null })
    await fixture.store.rotate(login.id, presentedToken(0))
    const rotated = (await fixture.store.find(login.id)) as Login
    const input = addedSession(0, fixture.now() + 60_000)
    const added = await carried(fixture, login, input, 'added')
    assert.deepEqual(withoutUse(added), withoutUse({ ...rotated, session: input.session }))
  }),

  storeCase(
    'a replaced token removes the login after the window, with or without a session',
    async (fixture) => {
      const { insertLogin, advance, now } = fixture
      const logins = [await insertLogin({ session: null }), await insertLogin()]
      for (const { id } of logins) await fixture.store.rotate(id, presentedToken(0))
      await advance(1400)
      for (const login of logins)
        await isReuse(fixture, login, addedSession(0, now() + 60_000, { graceSeconds: 1 }))
    }
  ),

  storeCase('an older token, and another secret of a known generation, remove the login', async (fixture) => {
    const { store, insertLogin, now } = fixture
    const older = await insertLogin({ session: null })
    await store.rotate(older.id, presentedToken(0))
    await store.rotate(older.id, presentedToken(1))
    await isReuse(fixture, older, addedSession(0, now() + 60_000))
    const other = { hash: sha256('not that token') }
    await isReuse(fixture, await insertLogin({ session: null }), addedSession(0, now() + 60_000, other))
  }),

  storeCase('of parallel reuses one removes the login and all others find none', async (fixture) => {
    const login = await fixture.insertLogin({ session: null })
    const input = addedSession(0, fixture.now() + 60_000, { hash: sha256('not that token') })
    const outcomes = await parallel(() => fixture.store.carry(login.id, input))
    assert.equal(count(outcomes, 'reused'), 1)
    assert.equal(count(outcomes, 'unknown'), CONCURRENCY - 1)
    assert.equal(await fixture.store.find(login.id), null)
  }),

  storeCase('an added session secret outlasts each other change', async (fixture) => {
    const { store, insertLogin, now } = fixture
    const login = await insertLogin({ session: null })
    const input = addedSession(0, now() + 60_000)
    await carried(fixture, login, input, 'added')
    await store.touch([{ loginId: login.id, seenAt: now() + 1000 }])
    await store.update(login.id, { data: { late: true } })
    assert.equal((await store.rotate(login.id, presentedToken(0))).kind, 'rotated')
    const found = await store.find(login.id)
    assert.deepEqual(found?.session, input.session)
    assert.deepEqual(found?.data, { late: true })
    assert.equal(found?.refresh?.generation, 1)
  }),

  storeCase('an added refresh token rotates', async (fixture) => {
    const { store, insertLogin, now } = fixture
    const login = await insertLogin({ refresh: null })
    await carried(fixture, login, addedRefresh(), 'added')
    await store.touch([{ loginId: login.id, seenAt: now() + 1000 }])
    await store.update(login.id, { data: { late: true } })
    assert.equal((await store.rotate(login.id, presentedToken(0))).kind, 'rotated')
    assert.equal((await store.rotate(login.id, presentedToken(0))).kind, 'repeated')
    const found = await store.find(login.id)
    assert.deepEqual(found?.session, login.session)
    assert.equal(found?.refresh?.generation, 1)
  }),

  storeCase(
    'a login with a second credential is one login of its user, and no pending one',
    async (fixture) => {
      const { store, buildLogin, insertLogin, now } = fixture
      const login = await insertLogin({ session: null })
      const added = await carried(fixture, login, addedSession(0, now() + 60_000), 'added')
      assert.deepEqual(await store.listByUser(login.userId), [added])
      const pending = buildLogin({ userId: login.userId, createdAt: now() + 1, session: null, refresh: null })
      assert.deepEqual(await removedBy(store.insert(pending, 1)), [])
      assert.deepEqual(
        await removedBy(store.insert(buildLogin({ userId: login.userId, createdAt: now() + 2 }), 1)),
        [login.id]
      )
    }
  ),

  storeCase('a login whose only session secret has expired is no pending one', async (fixture) => {
    const { store, buildLogin, insertLogin, now } = fixture
    const session = { secretHash: sha256('cookie'), expiresAt: now() - 1000 }
    const login = await insertLogin({ session, refresh: null })
    const pending = buildLogin({ userId: login.userId, createdAt: now() + 1, session: null, refresh: null })
    assert.deepEqual(await removedBy(store.insert(pending, 1)), [])
    assert.deepEqual(await store.find(login.id), login)
  })
]

/** The outcome has the login as the store then has it. */
async function carried(
  { store }: StoreFixture,
  { id }: Login,
  input: CarryInput,
  kind: 'added' | 'kept'
): Promise<Login> {
  const outcome = await store.carry(id, input)
  assert.deepEqual(outcome, { kind, login: await store.find(id) })
  return loginFrom(outcome)
}

async function isUnknown({ store }: StoreFixture, login: Login, input: CarryInput): Promise<void> {
  const before = await store.find(login.id)
  assert.notEqual(before, null)
  assert.deepEqual(await store.carry(login.id, input), UNKNOWN)
  assert.deepEqual(await store.find(login.id), before)
}

async function isReuse({ store }: StoreFixture, login: Login, input: CarryInput): Promise<void> {
  const before = await store.find(login.id)
  assert.deepEqual(await store.carry(login.id, input), { kind: 'reused', login: before })
  assert.equal(await store.find(login.id), null)
  assert.deepEqual(await store.listByUser(login.userId), [])
  assert.deepEqual(await store.carry(login.id, input), UNKNOWN)
}

/** Each of the parallel calls offers another credential; all return the one that was stored. */
async function addsOnce(
  { store }: StoreFixture,
  { id }: Login,
  offer: (at: number) => CarryInput
): Promise<void> {
  const outcomes = await parallel((at) => store.carry(id, offer(at)))
  assert.equal(count(outcomes, 'added'), 1)
  assert.equal(count(outcomes, 'kept'), CONCURRENCY - 1)
  const stored = await store.find(id)
  for (const outcome of outcomes) assert.deepEqual(loginFrom(outcome), stored)
}

function parallel(carry: (at: number) => Promise<CarryOutcome>): Promise<CarryOutcome[]> {
  return Promise.all(Array.from({ length: CONCURRENCY }, (_, at) => carry(at)))
}

function loginFrom(outcome: CarryOutcome): Login {
  assert.notEqual(outcome.kind, 'unknown')
  return (outcome as Exclude<CarryOutcome, { kind: 'unknown' }>).login
}

const withoutUse = (login: Login): Login => ({ ...login, lastSeenAt: 0 })
const count = (outcomes: readonly CarryOutcome[], kind: CarryOutcome['kind']) =>
  outcomes.filter((outcome) => outcome.kind === kind).length
