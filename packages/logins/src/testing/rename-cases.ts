import assert from 'node:assert/strict'
import type { Login } from '../login/login.ts'
import { NO_LIMIT, sha256, storeCase, type StoreFixture } from './store-case.ts'

const KEY = { secretHash: sha256('key'), name: 'deploy "a\\b"' }

/** What a text of JSON escapes, and what a pattern would take for something else. */
const NAMES = [
  'ada',
  '',
  '"',
  '\\',
  '\\"',
  '"],["',
  'a\tb\nc\0',
  '%1%a[',
  '\u2028 ü 漢字 🦊',
  'x'.repeat(1024)
]

/** Cases of {@link loginStoreCases}: a user has another name. */
export const renameCases = [
  storeCase('all logins of a user get another name, and nothing else of them changes', async (fixture) => {
    const { store } = fixture
    for (const userId of [fixture.newUserId(), `"\\ ${fixture.newUserId()} ","`]) {
      const logins = await insertEachKind(fixture, userId)
      const other = await fixture.insertLogin()
      for (const username of NAMES) {
        await store.renameUser(userId, username, 60)
        for (const login of logins) assert.deepEqual(await store.find(login.id), { ...login, username })
        assert.deepEqual(
          (await store.listByUser(userId)).map((login) => login.username),
          logins.map(() => username)
        )
      }
      assert.deepEqual(await store.find(other.id), other, 'a login of another user')
      const [first] = logins as [Login, ...Login[]]
      const data = { cart: [1] }
      const changed = await store.update(first.id, { data, authenticatedAt: first.authenticatedAt })
      assert.deepEqual(changed && { ...changed, lastSeenAt: 0 }, {
        ...first,
        username: NAMES.at(-1),
        data,
        lastSeenAt: 0
      })
    }
  }),

  storeCase(
    'a login that is written soon after has the new name, whatever it was to have',
    async (fixture) => {
      const { store, buildLogin, advance } = fixture
      const userId = fixture.newUserId()
      for (const username of NAMES) {
        await store.renameUser(userId, username, 60)
        for (const changes of [{}, { session: null, refresh: null }, keyOnly()]) {
          const login = buildLogin({ userId, username: 'old', ...changes })
          const inserted = await store.insert(login, NO_LIMIT)
          assert.deepEqual(inserted, { login: { ...login, username }, removed: [] })
          assert.deepEqual(await store.find(login.id), inserted.login)
        }
      }
      const stranger = buildLogin({ username: 'old' })
      assert.deepEqual(await store.insert(stranger, NO_LIMIT), { login: stranger, removed: [] })
      await store.renameUser(userId, 'soon forgotten', 1)
      await advance(1400)
      const late = buildLogin({ userId, username: 'later' })
      assert.deepEqual(await store.insert(late, NO_LIMIT), { login: late, removed: [] })
      assert.deepEqual(await store.find(late.id), late)
    }
  ),

  storeCase(
    'of 20 logins that are written while their user is renamed, none has the old name',
    async (fixture) => {
      const { store, buildLogin, newUserId } = fixture
      const userId = newUserId()
      const logins = Array.from({ length: 20 }, () => buildLogin({ userId, username: 'old' }))
      const writes: Array<() => Promise<unknown>> = logins.map((login) => () => store.insert(login, NO_LIMIT))
      writes.splice(10, 0, () => store.renameUser(userId, 'new', 60))
      await Promise.all(writes.map((write) => write()))
      assert.deepEqual(
        (await store.listByUser(userId)).map(({ username }) => username),
        logins.map(() => 'new')
      )
    }
  ),

  storeCase('a user without logins is renamed, and no login that was removed comes back', async (fixture) => {
    const { store, insertLogin } = fixture
    const login = await insertLogin()
    await store.remove(login.id)
    await store.renameUser(login.userId, 'new', 60)
    assert.equal(await store.find(login.id), null)
    assert.deepEqual(await store.listByUser(login.userId), [])
  })
]

/** One of each kind, the newest first. */
async function insertEachKind({ store, buildLogin, now }: StoreFixture, userId: string): Promise<Login[]> {
  const kinds: ReadonlyArray<Partial<Login>> = [
    { scopes: null, device: { userAgent: '"[]\\', address: '' } },
    { session: null, refresh: null, scopes: [] },
    { ...keyOnly(), scopes: ['"', 'read'] },
    { data: { text: '"]]\\', list: [[]] } }
  ]
  const logins = kinds.map((kind, at) => buildLogin({ userId, createdAt: now() - at, ...kind }))
  for (const login of logins.toReversed()) await store.insert(login, NO_LIMIT)
  return logins
}

const keyOnly = () => ({ session: null, refresh: null, key: KEY })
