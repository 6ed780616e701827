import assert from 'node:assert/strict'
import type { Login } from '../login/login.ts'
import {
  addedRefresh,
  addedSession,
  NO_LIMIT,
  presentedToken,
  sha256,
  storeCase,
  removedBy
} from './store-case.ts'

const NAMES = ['deploy', ']]', '"]]\n[["', 'a\tb', 'é ключ 鍵', '-', ' ']

/** The members by which a login is a key. */
const asKey = (name = 'deploy') =>
  ({ session: null, refresh: null, key: { secretHash: sha256('key'), name }, idleTimeoutSeconds: 0 }) as const

/** Cases of {@link loginStoreCases}: logins that a key carries. */
export const keyCases = [
  storeCase('a key is found exactly as it was inserted', async ({ store, buildLogin, now }) => {
    for (const name of NAMES) {
      for (const scopes of [null, [], ['read'], ['read', 'write']]) {
        const key = buildLogin({ ...asKey(name), scopes })
        assert.deepEqual(await removedBy(store.insert(key, NO_LIMIT)), [])
        assert.deepEqual(await store.find(key.id), key)
        const used = { ...key, lastSeenAt: now() + 1 }
        assert.deepEqual(await store.touch([{ loginId: key.id, seenAt: used.lastSeenAt }]), [true])
        assert.deepEqual(await store.listByUser(key.userId), [used])
      }
    }
  }),

  storeCase(
    'a key is presented by itself alone: it is not rotated, and carries nothing else',
    async (fixture) => {
      const { store, now } = fixture
      const key = await fixture.insertLogin(asKey())
      const byItsHash = presentedToken(0, { familyHash: sha256('key'), hash: sha256('key') })
      assert.deepEqual(await store.rotate(key.id, presentedToken(0)), { kind: 'unknown' })
      assert.deepEqual(await store.rotate(key.id, byItsHash), { kind: 'unknown' })
      for (const carry of [addedSession(0, now() + 60_000), addedRefresh(), addedRefresh('key')])
        assert.deepEqual(await store.carry(key.id, carry), { kind: 'unknown' })
      assert.deepEqual(await store.find(key.id), key)
    }
  ),

  storeCase(
    'a key is removed with the other logins of its user',
    async ({ store, buildLogin, insertLogin }) => {
      const signIn = await insertLogin()
      const [one, other] = [0, 1].map(() => buildLogin({ userId: signIn.userId, ...asKey() })) as [
        Login,
        Login
      ]
      for (const key of [one, other]) assert.deepEqual(await removedBy(store.insert(key, NO_LIMIT)), [])
      assert.deepEqual(await store.remove(one.id), one)
      assert.equal(await store.find(one.id), null)
      assert.deepEqual(await store.removeByUser(signIn.userId, signIn.id), [other.id])
      assert.deepEqual(await store.listByUser(signIn.userId), [signIn])
    }
  ),

  storeCase('no key takes the place of a sign-in, and no sign-in that of a key', async (fixture) => {
    const { store, buildLogin, newUserId, now } = fixture
    const userId = newUserId()
    let made = 0
    const build = (changes: Partial<Login> = {}) =>
      buildLogin({ userId, createdAt: now() + made++, ...changes })
    const asPending = { session: null, refresh: null }
    const [key, signIn, pending] = [build(asKey()), build(), build(asPending)]
    for (const login of [key, signIn, pending]) assert.deepEqual(await removedBy(store.insert(login, 1)), [])
    const [nextSignIn, nextPending] = [build(), build(asPending)]
    assert.deepEqual(await removedBy(store.insert(nextSignIn, 1)), [signIn.id])
    assert.deepEqual(await removedBy(store.insert(nextPending, 1)), [pending.id])
    const secondKey = build(asKey())
    assert.deepEqual(await removedBy(store.insert(secondKey, 2)), [])
    assert.deepEqual(await store.listByUser(userId), [secondKey, nextPending, nextSignIn, key])
  }),

  storeCase('a key that is one too many is not inserted, and removes none', async (fixture) => {
    const { store, buildLogin } = fixture
    const first = await fixture.insertLogin(asKey())
    const { userId } = first
    const surplus = buildLogin({ userId, ...asKey() })
    assert.equal(await store.insert(surplus, 1), null)
    assert.equal(await store.find(surplus.id), null)
    assert.deepEqual(await store.listByUser(userId), [first])
    assert.deepEqual(await store.remove(first.id), first)
    assert.deepEqual(await removedBy(store.insert(surplus, 1)), [])
    assert.deepEqual(await store.listByUser(userId), [surplus])
  }),

  storeCase(
    'a key that has expired takes no place',
    async ({ store, buildLogin, insertLogin, advance, now }) => {
      const { userId } = await insertLogin({ ...asKey(), expiresAt: now() + 1000 })
      await advance(1400)
      const next = buildLogin({ userId, ...asKey() })
      assert.deepEqual(await removedBy(store.insert(next, 1)), [])
      assert.deepEqual(await store.listByUser(userId), [next])
    }
  ),

  storeCase('of 20 keys inserted at once as many are stored as the limit allows', async (fixture) => {
    const { store, buildLogin, newUserId } = fixture
    const userId = newUserId()
    const keys = Array.from({ length: 20 }, () => buildLogin({ userId, ...asKey() }))
    const outcomes = await Promise.all(keys.map((key) => store.insert(key, 5)))
    const stored = keys.filter((_, at) => outcomes[at] !== null).map(({ id }) => id)
    assert.equal(stored.length, 5)
    assert.deepEqual((await store.listByUser(userId)).map(({ id }) => id).toSorted(), stored.toSorted())
  })
]
