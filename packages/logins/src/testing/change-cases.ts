import assert from 'node:assert/strict'
import type { Login } from '../login/login.ts'
import type { LoginChange } from '../stores/login-change.ts'
import { addedRefresh, presentedToken, sha256, storeCase, type StoreFixture } from './store-case.ts'

const CONCURRENCY = 50

/** The secret of `newLogin` is replaced by another. */
const renewedSession = (text = 'next cookie', replaces = 'cookie') => ({
  secretHash: sha256(text),
  replaces: sha256(replaces)
})

/** The family of `newLogin` is replaced by another. */
const renewedRefresh = (text = 'next', replaces = 'family') => ({
  familyHash: sha256(`family ${text}`),
  hash: sha256(`token ${text}`),
  replaces: sha256(replaces)
})

/** Cases of {@link loginStoreCases}: the user of a login authenticates again. */
export const changeCases = [
  storeCase('authenticatedAt moves forward, and never back', async (fixture) => {
    const { store, insertLogin, now } = fixture
    const login = await insertLogin({ data: { cart: [1] } })
    const later = now() + 5000
    const moved = await changed(fixture, login, { authenticatedAt: later })
    assert.deepEqual(withoutUse(moved), withoutUse({ ...login, authenticatedAt: later }))
    const back = await changed(fixture, login, { authenticatedAt: later - 1 })
    assert.equal(back.authenticatedAt, later)
    const adopted = await insertLogin({ authenticatedAt: 0 })
    assert.equal((await changed(fixture, adopted, { authenticatedAt: later })).authenticatedAt, later)
    const ahead = await insertLogin({ authenticatedAt: later })
    assert.equal((await changed(fixture, ahead, { authenticatedAt: now() })).authenticatedAt, later)
    assert.deepEqual(
      (await store.listByUser(login.userId)).map(({ authenticatedAt }) => authenticatedAt),
      [later]
    )
  }),

  storeCase('to authenticate is use, and a change of data is not', async (fixture) => {
    const { insertLogin, advance, now } = fixture
    const login = await insertLogin()
    await advance(1200)
    assert.equal((await changed(fixture, login, { data: { a: 1 } })).lastSeenAt, login.lastSeenAt)
    const used = await changed(fixture, login, { authenticatedAt: now() })
    assert.ok(used.lastSeenAt >= login.lastSeenAt + 1000, `${used.lastSeenAt}`)
    assert.equal(used.expiresAt, login.expiresAt)
  }),

  storeCase('a session secret is replaced, and ends when the one before would have', async (fixture) => {
    const { insertLogin, now } = fixture
    for (const expiresAt of [null, now() + 60_000]) {
      const login = await insertLogin({ session: { secretHash: sha256('cookie'), expiresAt } })
      const session = renewedSession()
      const renewed = await changed(fixture, login, { authenticatedAt: now(), session })
      assert.deepEqual(renewed.session, { secretHash: session.secretHash, expiresAt })
      assert.deepEqual(renewed.refresh, login.refresh, 'no other credential is touched')
    }
  }),

  storeCase('a refresh token is replaced by the first of another family', async (fixture) => {
    const { store, insertLogin, now } = fixture
    const login = await insertLogin()
    await store.rotate(login.id, presentedToken(0))
    const { replaces, ...first } = renewedRefresh()
    const renewed = await changed(fixture, login, { authenticatedAt: now(), refresh: { ...first, replaces } })
    const rotatedAt = renewed.refresh?.rotatedAt
    assert.deepEqual(renewed.refresh, {
      ...first,
      generation: 0,
      previousHash: null,
      sealed: null,
      rotatedAt
    })
    assert.deepEqual(renewed.session, login.session)
    for (const generation of [0, 1])
      assert.deepEqual(await store.rotate(login.id, presentedToken(generation)), { kind: 'unknown' })
    const next = { familyHash: first.familyHash, hash: first.hash }
    assert.equal((await store.rotate(login.id, presentedToken(0, next))).kind, 'rotated')
  }),

  storeCase(
    'the credential that is not replaced is removed where that is asked for, and no other',
    async (fixture) => {
      const { store, insertLogin, now } = fixture
      const change = { authenticatedAt: now(), dropOther: true }
      const bySession = await insertLogin()
      const session = renewedSession()
      for (const again of [false, true]) {
        const renewed = await changed(fixture, bySession, { ...change, session })
        assert.deepEqual(
          [renewed.session?.secretHash, renewed.refresh],
          [session.secretHash, null],
          `${again}`
        )
      }
      assert.deepEqual(await store.rotate(bySession.id, presentedToken(0)), { kind: 'unknown' })
      const byToken = await insertLogin()
      const refresh = renewedRefresh()
      const renewed = await changed(fixture, byToken, { ...change, refresh })
      assert.deepEqual([renewed.session, renewed.refresh?.hash], [null, refresh.hash])
      assert.deepEqual(await store.carry(byToken.id, addedRefresh()), { kind: 'unknown' })
      const untouched = await insertLogin()
      await unchanged(fixture, untouched, { ...change, session: renewedSession('next', 'another cookie') })
      const { session: kept, refresh: also } = await changed(fixture, untouched, change)
      assert.deepEqual(
        [kept, also],
        [untouched.session, untouched.refresh],
        'one of them is left in any case'
      )
    }
  ),

  storeCase('repeated while the new credential is unused, a change is the same', async (fixture) => {
    const { store, insertLogin, now } = fixture
    const login = await insertLogin()
    const change = { authenticatedAt: now(), session: renewedSession(), refresh: renewedRefresh() }
    const first = await changed(fixture, login, change)
    const again = await changed(fixture, login, change)
    assert.deepEqual(withoutUse(again), withoutUse(first))
    const { familyHash, hash } = change.refresh
    await store.rotate(login.id, presentedToken(0, { familyHash, hash }))
    await unchanged(fixture, login, { refresh: change.refresh })
  }),

  storeCase(
    'a credential that the login does not have is not replaced, and nothing else is',
    async (fixture) => {
      const { insertLogin, now, advance } = fixture
      const both = await insertLogin()
      const more = { authenticatedAt: now() + 1000, data: { late: true } }
      await unchanged(fixture, both, { ...more, session: renewedSession('next', 'another cookie') })
      await unchanged(fixture, both, { ...more, refresh: renewedRefresh('next', 'another family') })
      const mixed = { session: renewedSession(), refresh: renewedRefresh('next', 'another family') }
      await unchanged(fixture, both, { ...more, ...mixed })
      const bare = await insertLogin({ session: null, refresh: null })
      await unchanged(fixture, bare, { ...more, session: renewedSession() })
      await unchanged(fixture, bare, { ...more, refresh: renewedRefresh() })
      const expired = await insertLogin({
        session: { secretHash: sha256('cookie'), expiresAt: now() + 1000 }
      })
      await advance(1400)
      await unchanged(fixture, expired, { ...more, session: renewedSession() })
    }
  ),

  storeCase(
    `of ${CONCURRENCY} parallel changes that replace one secret by others, one does`,
    async (fixture) => {
      const { store, insertLogin, now } = fixture
      const login = await insertLogin()
      const changes = Array.from({ length: CONCURRENCY }, (_, at) =>
        store.update(login.id, { authenticatedAt: now(), session: renewedSession(`cookie ${at}`) })
      )
      const outcomes = await Promise.all(changes)
      const winners = outcomes.filter((outcome) => outcome !== null)
      assert.equal(winners.length, 1)
      assert.deepEqual((await store.find(login.id))?.session, winners[0]?.session)
    }
  ),

  storeCase('what replaces a credential is one that is exchanged as any other', async (fixture) => {
    const { store, insertLogin, now } = fixture
    const login = await insertLogin({ refresh: null })
    await changed(fixture, login, { authenticatedAt: now(), session: renewedSession() })
    assert.deepEqual(await store.carry(login.id, addedRefresh()), { kind: 'unknown' })
    assert.equal((await store.carry(login.id, addedRefresh('next cookie'))).kind, 'added')
  })
]

async function changed({ store }: StoreFixture, { id }: Login, change: LoginChange): Promise<Login> {
  const login = await store.update(id, change)
  assert.ok(login !== null)
  assert.deepEqual(await store.find(id), login)
  return login
}

async function unchanged({ store }: StoreFixture, { id }: Login, change: LoginChange): Promise<void> {
  const before = await store.find(id)
  assert.equal(await store.update(id, change), null)
  assert.deepEqual(await store.find(id), before)
}

function withoutUse(login: Login): Login {
  return { ...login, lastSeenAt: 0 }
}
