import t from 'tap'
import type { Login } from '../../src/login/login.ts'
import type { LoginStore } from '../../src/stores/login-store.ts'
import { createMemoryLoginStore } from '../../src/stores/memory-login-store.ts'
import { carriedLogin, decideCarry } from '../../src/stores/carry.ts'
import { changedLogin } from '../../src/stores/login-change.ts'
import { rotatedState } from '../../src/stores/rotation.ts'
import { loginStoreCases } from '../../src/testing/index.ts'
import { NO_LIMIT } from '../../src/testing/store-case.ts'
import { TestClock } from '@drawbridge/test-support/clock'

type Sabotage = (store: LoginStore, clock: TestClock) => Partial<LoginStore>

/** The names of the cases that a store breaks. */
async function failedCases(sabotage: Sabotage): Promise<string[]> {
  const failed: string[] = []
  for (const { name, run } of loginStoreCases) {
    await run(() => {
      const clock = new TestClock()
      const real = createMemoryLoginStore({ now: clock.now })
      const replaced: Record<string, unknown> = { ...sabotage(real, clock) }
      const store = new Proxy(real, {
        get: (target, method: keyof LoginStore) => {
          const member: unknown = replaced[method] ?? target[method]
          return typeof member === 'function' ? (member.bind(target) as unknown) : member
        }
      })
      return { store, now: clock.now, advance: async (ms) => clock.advance(ms), close: async () => {} }
    }).catch(() => failed.push(name))
  }
  return failed
}

/** Writes a login whatever has become of it meanwhile, as a plain SET does. */
async function overwrite(store: LoginStore, login: Login): Promise<Login> {
  await store.remove(login.id)
  await store.insert(login, NO_LIMIT)
  return login
}

const SABOTAGES: Record<string, { readonly store: Sabotage; readonly fails: RegExp }> = {
  'reads, waits, and writes the data whatever became of the login': {
    store: (store) => ({
      update: async (loginId, { data = {} }) => {
        const login = await store.find(loginId)
        return login && overwrite(store, { ...login, data })
      }
    }),
    fails: /removals win over writes in flight/
  },
  'moves authenticatedAt back': {
    store: (store) => ({
      update: async (loginId, change) => {
        const login = await store.update(loginId, change)
        const { authenticatedAt = login?.authenticatedAt ?? 0 } = change
        return login && overwrite(store, { ...login, authenticatedAt })
      }
    }),
    fails: /authenticatedAt moves forward, and never back/
  },
  'reads, waits, and replaces the session secret': {
    store: (store, clock) => ({
      update: async (loginId, change) => {
        const login = await store.find(loginId)
        const next = login && changedLogin(login, change, clock.now())
        return next && overwrite(store, next)
      }
    }),
    fails: /parallel changes that replace one secret by others, one does/
  },
  'replaces the session secret whatever it was': {
    store: (store) => ({
      update: async (loginId, { session, ...change }) => {
        const secretHash = (await store.find(loginId))?.session?.secretHash ?? ''
        return store.update(loginId, {
          ...change,
          ...(session && { session: { ...session, replaces: secretHash } })
        })
      }
    }),
    fails: /a credential that the login does not have is not replaced/
  },
  'reads, waits, and touches whatever became of the login': {
    store: (store) => ({
      touch: async (touches) => {
        const found = await Promise.all(touches.map(({ loginId }) => store.find(loginId)))
        for (const login of found) if (login !== null) await overwrite(store, login)
        return found.map((login) => login !== null)
      }
    }),
    fails: /removals win over writes in flight/
  },
  'reads, waits, and rotates': {
    store: (store, clock) => ({
      rotate: async (loginId, rotation) => {
        const login = await store.find(loginId)
        if (!login?.refresh || login.refresh.hash !== rotation.hash) return store.rotate(loginId, rotation)
        const next = { ...login, refresh: rotatedState(rotation, clock.now()) }
        return { kind: 'rotated', login: await overwrite(store, next) }
      }
    }),
    fails: /of 100 parallel rotations one wins/
  },
  'answers a replay with the successor that the loser offered': {
    store: (store, clock) => ({
      rotate: async (loginId, rotation) => {
        const outcome = await store.rotate(loginId, rotation)
        if (outcome.kind !== 'repeated') return outcome
        return { kind: 'repeated', login: { ...outcome.login, refresh: rotatedState(rotation, clock.now()) } }
      }
    }),
    fails: /same successor/
  },
  'lets the login of a reused token live': {
    store: (store) => ({
      rotate: async (loginId, rotation) => {
        const login = await store.find(loginId)
        const outcome = await store.rotate(loginId, rotation)
        if (outcome.kind === 'reused') await store.insert(login as Login, NO_LIMIT)
        return outcome
      }
    }),
    fails: /two generations old removes the login/
  },
  'reads, waits, and carries': {
    store: (store, clock) => ({
      carry: async (loginId, input) => {
        const login = await store.find(loginId)
        if (!login || decideCarry(login, input, clock.now()) !== 'add') return store.carry(loginId, input)
        return { kind: 'added', login: await overwrite(store, carriedLogin(login, input, clock.now())) }
      }
    }),
    fails: /of 50 parallel carries of a session secret one adds/
  },
  'replaces a credential that is valid': {
    store: (store, clock) => ({
      carry: async (loginId, input) => {
        const outcome = await store.carry(loginId, input)
        if (outcome.kind !== 'kept') return outcome
        return {
          kind: 'kept',
          login: await overwrite(store, carriedLogin(outcome.login, input, clock.now()))
        }
      }
    }),
    fails: /a valid credential of that kind stays/
  },
  'accepts a session secret that has expired': {
    store: (store, clock) => ({
      carry: async (loginId, input) => {
        const login = await store.find(loginId)
        const isAnother = input.add === 'session' || login?.session?.secretHash !== input.presented.secretHash
        if (login === null || isAnother || login.refresh !== null) return store.carry(loginId, input)
        return { kind: 'added', login: await overwrite(store, carriedLogin(login, input, clock.now())) }
      }
    }),
    fails: /a session secret of its own end/
  },
  'leaves the login of a replaced token that asks for a session': {
    store: (store) => ({
      carry: async (loginId, input) => {
        const login = await store.find(loginId)
        const outcome = await store.carry(loginId, input)
        if (outcome.kind === 'reused') await store.insert(login as Login, NO_LIMIT)
        return outcome
      }
    }),
    fails: /an older token, and another secret of a known generation/
  },
  'moves a limit of the login by a carry': {
    store: (store) => ({
      carry: async (loginId, input) => {
        const outcome = await store.carry(loginId, input)
        if (outcome.kind !== 'added') return outcome
        const expiresAt = outcome.login.expiresAt + 1000
        return { kind: 'added', login: await overwrite(store, { ...outcome.login, expiresAt }) }
      }
    }),
    fails: /a refresh token adds a session secret, and nothing else changes/
  },
  'says it has removed before it has': {
    store: (store) => ({
      remove: async (loginId) => {
        const login = await store.find(loginId)
        setImmediate(() => void store.remove(loginId))
        return login
      }
    }),
    fails: /a login is removed once/
  },
  'counts before it inserts, with a wait in between': {
    store: (store) => ({
      insert: async (login, maxPerUser) => {
        const surplus = (await store.listByUser(login.userId)).slice(maxPerUser - 1)
        await store.insert(login, NO_LIMIT)
        for (const { id } of surplus) await store.remove(id)
        return { login, removed: surplus.map(({ id }) => id) }
      }
    }),
    fails: /20 parallel inserts respect the limit/
  },
  'ends a login to make room for one that is pending': {
    store: (store) => ({
      insert: async (login, maxPerUser) => {
        const surplus = (await store.listByUser(login.userId)).slice(maxPerUser - 1)
        const ended = await store.insert(login, maxPerUser)
        for (const { id } of surplus) await store.remove(id)
        const removed = [...new Set([...(ended?.removed ?? []), ...surplus.map(({ id }) => id)])]
        return { login, removed }
      }
    }),
    fails: /a pending login removes no active one/
  },
  'ends a key to make room for another': {
    store: (store) => ({
      insert: async (login, maxPerUser) => {
        const inserted = await store.insert(login, maxPerUser)
        if (inserted !== null) return inserted
        const others = await store.listByUser(login.userId)
        const oldest = others.findLast(({ key }) => key !== null) as Login
        await store.remove(oldest.id)
        await store.insert(login, maxPerUser)
        return { login, removed: [oldest.id] }
      }
    }),
    fails: /a key that is one too many is not inserted/
  },
  'counts keys as sign-ins': {
    store: (store) => ({
      insert: async (login, maxPerUser) => {
        const others = await store.listByUser(login.userId)
        if (login.key !== null && others.length >= maxPerUser) return null
        return store.insert(login, maxPerUser)
      }
    }),
    fails: /no key takes the place of a sign-in/
  },
  'counts keys, and then inserts': {
    store: (store) => ({
      insert: async (login, maxPerUser) => {
        if (login.key === null) return store.insert(login, maxPerUser)
        const keys = (await store.listByUser(login.userId)).filter(({ key }) => key !== null)
        return keys.length >= maxPerUser ? null : store.insert(login, NO_LIMIT)
      }
    }),
    fails: /of 20 keys inserted at once/
  },
  'renames the logins that it has, and forgets the name': {
    store: (store) => ({ renameUser: (userId, username) => store.renameUser(userId, username, 0) }),
    fails: /written soon after has the new name/
  },
  'gives a new login the new name, and leaves the others': {
    store: (store) => {
      const names = new Map<string, string>()
      return {
        renameUser: async (userId, username) => void names.set(userId, username),
        insert: (login, maxPerUser) =>
          store.insert({ ...login, username: names.get(login.userId) ?? login.username }, maxPerUser)
      }
    },
    fails: /all logins of a user get another name/
  },
  'reads, waits, and renames whatever became of the login': {
    store: (store) => ({
      renameUser: async (userId, username) => {
        const logins = await store.listByUser(userId)
        await Promise.resolve()
        for (const login of logins) await overwrite(store, { ...login, username })
      }
    }),
    fails: /removals win over writes in flight/
  },
  'gives all callers one object': {
    store: (store) => {
      const shared = new Map<string, Login>()
      return {
        find: async (loginId) => {
          const login = shared.get(loginId) ?? (await store.find(loginId))
          if (login !== null) shared.set(loginId, login)
          return login
        }
      }
    },
    fails: /copies/
  },
  'moves lastSeenAt back': {
    store: (store) => ({
      touch: async (touches) => {
        for (const { loginId, seenAt } of touches) {
          const login = await store.find(loginId)
          if (login !== null) await overwrite(store, { ...login, lastSeenAt: seenAt })
        }
        return store.touch(touches)
      }
    }),
    fails: /forward and never back/
  },
  'finds what has expired': {
    store: (store) => {
      const seen = new Map<string, Login>()
      return {
        insert: async (login, maxPerUser) => {
          seen.set(login.id, structuredClone(login))
          return store.insert(login, maxPerUser)
        },
        find: async (loginId) => (await store.find(loginId)) ?? seen.get(loginId) ?? null
      }
    },
    fails: /expires at its idle limit/
  },
  'lists the oldest first': {
    store: (store) => ({ listByUser: async (userId) => (await store.listByUser(userId)).toReversed() }),
    fails: /newest first/
  },
  'ends the one that was to be kept': {
    store: (store) => ({ removeByUser: (userId) => store.removeByUser(userId) }),
    fails: /but one are removed/
  }
}

for (const [what, { store, fails }] of Object.entries(SABOTAGES)) {
  t.test(`a store that ${what} does not pass`, async (t) => {
    const failed = await failedCases(store)
    t.ok(
      failed.some((name) => fails.test(name)),
      `fails: ${failed.join('; ') || 'nothing'}`
    )
  })
}

t.test('a correct store passes, and no two cases share a name', async (t) => {
  t.same(await failedCases(() => ({})), [])
  t.equal(new Set(loginStoreCases.map(({ name }) => name)).size, loginStoreCases.length)
})

t.test('a case closes its store, even where it fails', async (t) => {
  let closed = 0
  const [first] = loginStoreCases
  const subject = (store: LoginStore) => ({
    store,
    advance: async () => {},
    close: async () => void closed++
  })
  await first?.run(() => subject(createMemoryLoginStore()))
  t.equal(closed, 1)
  await t.rejects(first?.run(() => subject({} as LoginStore)) as Promise<void>)
  t.equal(closed, 2)
})
