import { AssertionError } from 'node:assert/strict'
import t from 'tap'
import { userStoreCases } from '../../src/testing/index.ts'
import { createMemoryUserStore } from '../../src/users/memory-user-store.ts'
import type { UserStore } from '../../src/users/user-store.ts'
import type { NewUser, StoredUser } from '../../src/users/user.ts'

/** Stores with one fault each, and the case that must detect it. */
const wrong: readonly (readonly [
  what: string,
  caseName: RegExp,
  (store: UserStore) => Partial<UserStore>
])[] = [
  [
    'inserts two users with one name at the same moment',
    /inserted at the same moment/,
    (store) => ({
      insert: async (user: NewUser): Promise<StoredUser | null> => {
        if ((await store.findByUsernameKey(user.usernameKey)) !== null) return null
        await new Promise((resolve) => setImmediate(resolve))
        return (await store.insert(user)) ?? { ...user, id: 'second' }
      }
    })
  ],
  [
    'stores two spellings of one name, as with a unique index on another column',
    /many spellings/,
    (store) => ({
      insert: async (user) => (await store.insert(user)) ?? { ...user, id: user.username }
    })
  ],
  [
    'finds a user by another spelling of the id',
    /one spelling only/,
    (store) => ({ findById: (id) => store.findById(id.trim()) })
  ],
  [
    'overwrites the user who has the name',
    /the first stays/,
    (store) => {
      let last: StoredUser | null = null
      return {
        insert: async (user) => (last = (await store.insert(user)) ?? { ...user, id: 'second' }),
        findByUsernameKey: async () => last
      }
    }
  ],
  [
    'replaces a hash whatever it was',
    /still is the expected one/,
    (store) => ({
      replacePasswordHash: async (id, _expected, newHash) => {
        const user = await store.findById(id)
        return user !== null && store.replacePasswordHash(id, user.passwordHash, newHash)
      }
    })
  ],
  [
    'replaces by hash, not by user',
    /the same hash of another user/,
    (store) => {
      const users: StoredUser[] = []
      const changed = new Map<string, string>()
      return {
        insert: async (user) => {
          const stored = await store.insert(user)
          if (stored !== null) users.push(stored)
          return stored
        },
        replacePasswordHash: async (_id, expected, newHash) => {
          changed.set(expected, newHash)
          return true
        },
        findById: async (id) => {
          const user = users.find((each) => each.id === id)
          return user === undefined
            ? null
            : { ...user, passwordHash: changed.get(user.passwordHash) ?? user.passwordHash }
        }
      }
    }
  ],
  [
    'treats a key as a pattern',
    /whatever its characters mean/,
    (store) => ({ findByUsernameKey: (key) => store.findByUsernameKey(key.replace('%', '*')) })
  ],
  [
    'truncates long hashes',
    /long hash/,
    (store) => ({
      insert: (user) => store.insert({ ...user, passwordHash: user.passwordHash.slice(0, 100) })
    })
  ],
  [
    'truncates long names',
    /longest username/,
    (store) => ({ insert: (user) => store.insert({ ...user, username: user.username.slice(0, 255) }) })
  ],
  [
    'forgets that a user is disabled',
    /disabled/,
    (store) => ({ insert: (user) => store.insert({ ...user, disabled: false }) })
  ],
  [
    'disables every user',
    /setDisabled: another user/,
    (store) => {
      let all = false
      return {
        setDisabled: async (id, disabled) => {
          all ||= disabled
          return store.setDisabled!(id, disabled)
        },
        findByUsernameKey: async (key) => {
          const user = await store.findByUsernameKey(key)
          return user && { ...user, disabled: all }
        }
      }
    }
  ],
  [
    'cannot enable a user again',
    /setDisabled: a user is disabled/,
    (store) => ({ setDisabled: (id) => store.setDisabled!(id, true) })
  ],
  [
    'says that nobody was disabled where the user was already',
    /setDisabled: a user is disabled/,
    (store) => ({
      setDisabled: async (id, disabled) => {
        const before = await store.findById(id)
        await store.setDisabled!(id, disabled)
        return before !== null && before.disabled !== disabled
      }
    })
  ],
  [
    'only marks a removed user',
    /remove: a removed user is unknown/,
    (store) => ({ remove: (id) => store.setDisabled!(id, true) })
  ],
  [
    'gives the id of a removed user again',
    /remove: the id of a removed user/,
    (store) => {
      let free: string | null = null
      return {
        remove: async (id) => {
          free = id
          return store.remove!(id)
        },
        insert: async (user) => {
          const stored = await store.insert(user)
          return stored && { ...stored, id: free ?? stored.id }
        }
      }
    }
  ],
  [
    'says of each call that it removed the user',
    /remove: of many calls/,
    (store) => ({ remove: async (id) => (await store.remove!(id), true) })
  ],
  [
    'keeps the old name of a renamed user',
    /rename: a user is found by the new name/,
    (store) => {
      const old = new Map<string, string>()
      return {
        rename: async (id, name) => {
          old.set((await store.findById(id))?.usernameKey ?? '', name.usernameKey)
          return store.rename!(id, name)
        },
        findByUsernameKey: (key) => store.findByUsernameKey(old.get(key) ?? key)
      }
    }
  ],
  [
    'takes the name of a user for one that is taken from that user',
    /rename: the own name/,
    (store) => ({
      rename: async (id, name) =>
        (await store.findByUsernameKey(name.usernameKey)) === null ? store.rename!(id, name) : 'taken'
    })
  ],
  [
    'overlooks a disabled user at a renaming',
    /rename: the name of another user/,
    (store) => ({
      rename: async (id, name) => {
        const owner = await store.findByUsernameKey(name.usernameKey)
        return owner?.disabled === true ? 'renamed' : store.rename!(id, name)
      }
    })
  ],
  [
    'renames two users to one name at the same moment',
    /rename: of many users/,
    (store) => ({
      rename: async (id, name) => {
        if ((await store.findByUsernameKey(name.usernameKey)) !== null) return 'taken'
        await new Promise((resolve) => setImmediate(resolve))
        await store.rename!(id, name)
        return 'renamed'
      }
    })
  ],
  [
    'renames nobody, and says so of no id',
    /rename: an id that nobody has/,
    () => ({ rename: async () => 'taken' })
  ],
  [
    'finds somebody for an empty id',
    /unknown id/,
    () => ({
      findById: async () => ({ id: '', username: 'x', usernameKey: 'x', passwordHash: '', disabled: false })
    })
  ]
]

for (const [what, caseName, breakIt] of wrong) {
  t.test(`a store that ${what} fails its case`, async (t) => {
    const found = userStoreCases.find(({ name }) => caseName.test(name))
    if (found === undefined) return t.fail('no such case')
    await t.rejects(
      found.run(() => {
        const store = createMemoryUserStore()
        const whole: UserStore = {
          findByUsernameKey: (key) => store.findByUsernameKey(key),
          findById: (id) => store.findById(id),
          insert: (user) => store.insert(user),
          replacePasswordHash: (...input) => store.replacePasswordHash(...input),
          setDisabled: (...input) => store.setDisabled!(...input),
          remove: (id) => store.remove!(id),
          rename: (...input) => store.rename!(...input),
          ping: () => store.ping()
        }
        return { ...whole, ...breakIt(store) }
      }),
      AssertionError
    )
  })
}

t.test('a store without the optional methods meets the contract', async (t) => {
  const makeStore = (): UserStore => {
    const store = createMemoryUserStore()
    return {
      findByUsernameKey: (key) => store.findByUsernameKey(key),
      findById: (id) => store.findById(id),
      insert: (user) => store.insert(user),
      replacePasswordHash: (...input) => store.replacePasswordHash(...input),
      ping: () => store.ping()
    }
  }
  for (const { name, run } of userStoreCases) await t.resolves(run(makeStore), name)
})
