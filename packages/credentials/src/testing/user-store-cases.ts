import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { UserStore } from '../users/user-store.ts'
import type { NewUser } from '../users/user.ts'
import { CONCURRENCY, newUser, type ProfilelessCase } from './store-case.ts'
import { userChangeCases } from './user-change-cases.ts'

/** Returns a store. It may contain users already, and may be the same one each time. */
export type MakeUserStore<Profile = undefined> = () => UserStore<Profile> | Promise<UserStore<Profile>>

/** One requirement of a store, as a test for any test runner. */
export interface ContractCase {
  readonly name: string
  /**
   * Rejects with an AssertionError when the store does not meet the requirement.
   * @param profile with which users are inserted, for a store that needs one.
   */
  run<Profile = undefined>(makeStore: MakeUserStore<Profile>, profile?: Profile): Promise<void>
}

const baseCases: readonly ProfilelessCase[] = [
  {
    name: 'a user is found by key and by id as it was inserted',
    async run(makeStore) {
      const store = await makeStore()
      const user = newUser({ username: `Zoë.${randomUUID()}` })
      const stored = await store.insert(user)
      assert.ok(stored, 'the key is free, and the user was not inserted')
      assert.deepEqual({ ...stored }, { ...user, id: stored.id })
      assert.equal(typeof stored.id, 'string')
      assert.deepEqual({ ...(await store.findByUsernameKey(user.usernameKey)) }, { ...stored })
      assert.deepEqual({ ...(await store.findById(stored.id)) }, { ...stored })
    }
  },
  {
    name: 'each user has a different id',
    async run(makeStore) {
      const store = await makeStore()
      const users = await Promise.all(Array.from({ length: CONCURRENCY }, () => store.insert(newUser())))
      assert.equal(new Set(users.map((user) => user?.id)).size, CONCURRENCY)
    }
  },
  {
    name: 'an unknown key resolves null',
    async run(makeStore) {
      const store = await makeStore()
      assert.equal(await store.findByUsernameKey(newUser().usernameKey), null)
      assert.equal(await store.findByUsernameKey(''), null)
      assert.equal(await store.findByUsernameKey('a\0b'), null)
    }
  },
  {
    name: 'an unknown id resolves null, whatever the text',
    async run(makeStore) {
      const store = await makeStore()
      for (const id of [
        '',
        'a\0b',
        '0',
        '-1',
        '1e3',
        '٣',
        '9223372036854775808',
        '9'.repeat(40),
        'nobody',
        '__proto__',
        "'",
        randomUUID(),
        'x'.repeat(5000)
      ]) {
        assert.equal(await store.findById(id), null, `id ${JSON.stringify(id.slice(0, 40))}`)
        assert.equal(await store.replacePasswordHash(id, 'old', 'new'), false)
      }
    }
  },
  {
    name: 'a key finds only the user that has it, whatever its characters mean elsewhere',
    async run(makeStore) {
      const store = await makeStore()
      const suffix = randomUUID()
      const keys = [
        '__proto__',
        'constructor',
        '*',
        '%',
        '_',
        'a:b',
        "o'brien",
        '"',
        '\\',
        '$1',
        '😀',
        'а',
        'a'
      ]
      const users = await Promise.all(keys.map((key) => store.insert(newUser({ username: key + suffix }))))
      for (const [at, key] of keys.entries()) {
        assert.equal((await store.findByUsernameKey(key + suffix))?.id, users[at]?.id, `key ${key}`)
      }
    }
  },
  {
    name: 'the longest username is stored in full',
    async run(makeStore) {
      const store = await makeStore()
      const user = newUser({ username: `${randomUUID()}${'😀'.repeat(219)}` })
      const stored = await store.insert(user)
      assert.equal((await store.findByUsernameKey(user.usernameKey))?.id, stored?.id)
      assert.equal(stored?.username, user.username)
    }
  },
  {
    name: 'a second user with the same key is rejected, and the first stays unchanged',
    async run(makeStore) {
      const store = await makeStore()
      const first = newUser()
      const stored = await store.insert(first)
      assert.equal(await store.insert({ ...first, passwordHash: 'another' }), null)
      assert.deepEqual({ ...(await store.findByUsernameKey(first.usernameKey)) }, { ...stored })
    }
  },
  {
    name: 'of many users with one key, inserted at the same moment, one is stored',
    async run(makeStore) {
      const store = await makeStore()
      const user = newUser()
      const inserted = await Promise.all(Array.from({ length: CONCURRENCY }, () => store.insert(user)))
      const winners = inserted.filter((stored) => stored !== null)
      assert.equal(winners.length, 1)
      assert.equal((await store.findByUsernameKey(user.usernameKey))?.id, winners[0]?.id)
    }
  },
  {
    name: 'of many spellings of one name, inserted at the same moment, one is stored',
    async run(makeStore) {
      const store = await makeStore()
      const usernameKey = `abcde${randomUUID()}`
      const spellings = Array.from({ length: CONCURRENCY }, (_, at) => spell(usernameKey, at))
      const users = spellings.map((username) => ({ ...newUser({ username }), usernameKey }))
      const inserted = await Promise.all(users.map((user) => store.insert(user)))
      const winners = inserted.filter((stored) => stored !== null)
      assert.equal(winners.length, 1, 'the column of the key needs a unique index')
      assert.deepEqual({ ...(await store.findByUsernameKey(usernameKey)) }, { ...winners[0] })
    }
  },
  {
    name: 'an id finds its user in one spelling only',
    async run(makeStore) {
      const store = await makeStore()
      const stored = await store.insert(newUser({ passwordHash: 'first' }))
      assert.ok(stored)
      const { id } = stored
      const others = [` ${id}`, `${id} `, `0${id}`, `+${id}`, `${id}.0`, `${id}e0`, `${id}\0`]
      for (const other of others) {
        assert.equal(await store.findById(other), null, `id ${JSON.stringify(other)}`)
        assert.equal(await store.replacePasswordHash(other, 'first', 'next'), false)
      }
    }
  },
  {
    name: 'a hash is replaced only if it still is the expected one',
    async run(makeStore) {
      const store = await makeStore()
      const stored = await store.insert(newUser({ passwordHash: 'first' }))
      assert.ok(stored)
      assert.equal(await store.replacePasswordHash(stored.id, 'first', 'second'), true)
      assert.deepEqual({ ...(await store.findById(stored.id)) }, { ...stored, passwordHash: 'second' })
      assert.equal(await store.replacePasswordHash(stored.id, 'first', 'third'), false)
      assert.equal((await store.findByUsernameKey(stored.usernameKey))?.passwordHash, 'second')
    }
  },
  {
    name: 'of many replacements of one hash at the same moment, one succeeds',
    async run(makeStore) {
      const store = await makeStore()
      const stored = await store.insert(newUser({ passwordHash: 'first' }))
      assert.ok(stored)
      const hashes = Array.from({ length: CONCURRENCY }, (_, at) => `next ${at}`)
      const results = await Promise.all(
        hashes.map((hash) => store.replacePasswordHash(stored.id, 'first', hash))
      )
      assert.equal(results.filter(Boolean).length, 1)
      assert.equal((await store.findById(stored.id))?.passwordHash, hashes[results.indexOf(true)])
    }
  },
  {
    name: "replacing one user's hash does not change the same hash of another user",
    async run(makeStore) {
      const store = await makeStore()
      const one = await store.insert(newUser({ passwordHash: 'shared' }))
      const other = await store.insert(newUser({ passwordHash: 'shared' }))
      assert.ok(one && other)
      assert.equal(await store.replacePasswordHash(one.id, 'shared', 'own'), true)
      assert.equal((await store.findById(other.id))?.passwordHash, 'shared')
    }
  },
  {
    name: 'a long hash is stored in full',
    async run(makeStore) {
      const store = await makeStore()
      const passwordHash = `scrypt:32768:8:1$${'s'.repeat(64)}$${'f'.repeat(128)}`
      const stored = await store.insert(newUser({ passwordHash }))
      assert.ok(stored)
      assert.equal((await store.findById(stored.id))?.passwordHash, passwordHash)
    }
  },
  {
    name: 'a disabled user is found, and is disabled',
    async run(makeStore) {
      const store = await makeStore()
      const user = newUser({ disabled: true })
      await store.insert(user)
      assert.equal((await store.findByUsernameKey(user.usernameKey))?.disabled, true)
    }
  },
  {
    name: 'a store that works resolves a ping',
    async run(makeStore) {
      assert.equal(await (await makeStore()).ping(), undefined)
    }
  }
]

/**
 * The contract of {@link UserStore} as test cases, for any test runner: one test per case. Where a store lacks an optional
 * method, the cases of this method pass.
 *
 * @example
 * ```ts
 * import { test } from 'node:test'
 *
 * for (const { name, run } of userStoreCases) test(name, () => run(createMemoryUserStore))
 * ```
 */
export const userStoreCases: readonly ContractCase[] = [...baseCases, ...userChangeCases].map((each) => ({
  name: each.name,
  run: (makeStore, profile) =>
    each.run(async () => withProfile((await makeStore()) as unknown as UserStore, profile))
}))

/** The store, whose users are inserted with this profile. */
function withProfile(store: UserStore, profile: unknown): UserStore {
  return {
    findByUsernameKey: (key) => store.findByUsernameKey(key),
    findById: (id) => store.findById(id),
    insert: (user) =>
      store.insert(profile === undefined ? user : ({ ...user, profile } as unknown as NewUser)),
    replacePasswordHash: (...input) => store.replacePasswordHash(...input),
    ping: () => store.ping(),
    ...(store.setDisabled && { setDisabled: (...input) => store.setDisabled!(...input) }),
    ...(store.remove && { remove: (id) => store.remove!(id) }),
    ...(store.rename && { rename: (...input) => store.rename!(...input) })
  }
}

/** One of many spellings of a name in lower case: the bits of `at` are its capitals. */
function spell(name: string, at: number): string {
  return name.replaceAll(/./g, (letter, bit: number) => ((at >> bit) & 1 ? letter.toUpperCase() : letter))
}
