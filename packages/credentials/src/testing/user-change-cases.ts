import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { UserStore } from '../users/user-store.ts'
import type { NewUser, StoredUser } from '../users/user.ts'
import { CONCURRENCY, newUser, type ProfilelessCase } from './store-case.ts'

type Optional = 'setDisabled' | 'remove' | 'rename'

/** A case of an optional method, which passes where the store lacks it. */
function caseOf<Method extends Optional>(
  method: Method,
  name: string,
  run: (store: UserStore & Required<Pick<UserStore, Method>>) => Promise<void>
): ProfilelessCase {
  return {
    name: `${method}: ${name}`,
    run: async (makeStore) => {
      const store = await makeStore()
      if (has(store, method)) await run(store)
    }
  }
}

function has<Method extends Optional>(
  store: UserStore,
  method: Method
): store is UserStore & Required<Pick<UserStore, Method>> {
  return store[method] !== undefined
}

/** Ids that no user has, among them other spellings of one that a user has. */
function strangeIds({ id }: StoredUser): readonly string[] {
  return ['', 'nobody', 'a\0b', '__proto__', "'", '9'.repeat(40), randomUUID(), ` ${id}`, `0${id}`, `${id}.0`]
}

/** The cases of the optional methods. */
export const userChangeCases: readonly ProfilelessCase[] = [
  caseOf('setDisabled', 'a user is disabled and enabled again, and nothing else changes', async (store) => {
    const stored = await insert(store)
    for (const disabled of [true, true, false, false]) {
      assert.equal(await store.setDisabled(stored.id, disabled), true)
      assert.deepEqual(await find(store, stored), { ...stored, disabled })
    }
  }),
  caseOf('setDisabled', 'another user, or an id that nobody has, is not touched', async (store) => {
    const [one, other] = [await insert(store), await insert(store)]
    for (const id of strangeIds(one)) assert.equal(await store.setDisabled(id, true), false, id)
    await store.setDisabled(one.id, true)
    assert.deepEqual(await find(store, other), { ...other })
  }),
  caseOf('remove', 'a removed user is unknown, and the name is free', async (store) => {
    const stored = await insert(store)
    assert.equal(await store.remove(stored.id), true)
    assert.equal(await store.findById(stored.id), null)
    assert.equal(await store.findByUsernameKey(stored.usernameKey), null)
    assert.equal(await store.replacePasswordHash(stored.id, stored.passwordHash, 'new'), false)
    assert.equal(await store.remove(stored.id), false, 'a second time')
    const next = await insert(store, { username: stored.username })
    assert.equal((await store.findByUsernameKey(stored.usernameKey))?.id, next.id)
  }),
  caseOf('remove', 'the id of a removed user is not given again', async (store) => {
    const stored = await insert(store)
    await store.remove(stored.id)
    const next = await insert(store)
    assert.notEqual(next.id, stored.id, 'in SQLite the column of the id needs AUTOINCREMENT')
  }),
  caseOf('remove', 'another user, or an id that nobody has, is not touched', async (store) => {
    const [one, other] = [await insert(store), await insert(store)]
    for (const id of strangeIds(one)) assert.equal(await store.remove(id), false, id)
    await store.remove(one.id)
    assert.deepEqual(await find(store, other), { ...other })
  }),
  caseOf('remove', 'of many calls at the same moment one removes the user', async (store) => {
    const { id } = await insert(store)
    const results = await Promise.all(Array.from({ length: CONCURRENCY }, () => store.remove(id)))
    assert.equal(results.filter(Boolean).length, 1)
  }),
  caseOf('rename', 'a user is found by the new name alone, under the same id', async (store) => {
    const stored = await insert(store)
    const name = newName(`Zoë.${randomUUID()}`)
    assert.equal(await store.rename(stored.id, name), 'renamed')
    assert.deepEqual(await find(store, { ...stored, ...name }), { ...stored, ...name })
    assert.deepEqual({ ...(await store.findById(stored.id)) }, { ...stored, ...name })
    assert.equal(await store.findByUsernameKey(stored.usernameKey), null)
    await insert(store, { username: stored.username })
  }),
  caseOf('rename', 'the own name is not taken, also in another spelling', async (store) => {
    const stored = await insert(store)
    const { usernameKey } = stored
    for (const username of [stored.username, stored.username.toUpperCase(), usernameKey]) {
      assert.equal(await store.rename(stored.id, { username, usernameKey }), 'renamed', username)
      assert.deepEqual(await find(store, stored), { ...stored, username })
    }
  }),
  caseOf(
    'rename',
    'the name of another user is taken, disabled or not, and nothing changes',
    async (store) => {
      const stored = await insert(store)
      for (const disabled of [false, true]) {
        const { username, usernameKey, ...other } = await insert(store, { disabled })
        for (const spelling of [username, username.toUpperCase()])
          assert.equal(await store.rename(stored.id, { username: spelling, usernameKey }), 'taken')
        assert.equal((await store.findByUsernameKey(usernameKey))?.id, other.id)
        assert.deepEqual(await find(store, stored), { ...stored })
      }
    }
  ),
  caseOf('rename', 'an id that nobody has is unknown', async (store) => {
    const stored = await insert(store)
    const name = newName(`User-${randomUUID()}`)
    for (const id of strangeIds(stored)) assert.equal(await store.rename(id, name), 'unknown', id)
    assert.equal(await store.findByUsernameKey(name.usernameKey), null)
    assert.deepEqual(await find(store, stored), { ...stored })
  }),
  caseOf('rename', 'of many users who take one name at the same moment, one gets it', async (store) => {
    const users = await Promise.all(Array.from({ length: CONCURRENCY }, () => insert(store)))
    const name = newName(`User-${randomUUID()}`)
    const results = await Promise.all([
      ...users.map(({ id }) => store.rename(id, name)),
      store.insert({ ...newUser(), ...name }).then((user) => (user === null ? 'taken' : 'renamed'))
    ])
    assert.equal(results.filter((result) => result === 'renamed').length, 1)
    assert.ok(results.every((result) => result === 'renamed' || result === 'taken'))
    const winner = users[results.indexOf('renamed')]
    if (winner !== undefined) assert.equal((await store.findByUsernameKey(name.usernameKey))?.id, winner.id)
  })
]

async function insert(
  store: UserStore,
  overrides: Partial<Omit<NewUser, 'usernameKey'>> = {}
): Promise<StoredUser> {
  const stored = await store.insert(newUser(overrides))
  assert.ok(stored, 'the key is free, and the user was not inserted')
  return stored
}

async function find(store: UserStore, { usernameKey }: StoredUser): Promise<object> {
  return { ...(await store.findByUsernameKey(usernameKey)) }
}

function newName(username: string): Pick<StoredUser, 'username' | 'usernameKey'> {
  return { username, usernameKey: username.toLowerCase() }
}
