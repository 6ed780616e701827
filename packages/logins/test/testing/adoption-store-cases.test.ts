import t from 'tap'
import type { AdoptionStore } from '../../src/stores/adoption-store.ts'
import type { LoginStore } from '../../src/stores/login-store.ts'
import { createMemoryLoginStore } from '../../src/stores/memory-login-store.ts'
import { adoptionCases, loginStoreCases } from '../../src/testing/index.ts'
import { decideMove, movedPhase, type StoredPhase } from '../../src/stores/phase.ts'
import { TestClock } from '@drawbridge/test-support/clock'

type Sabotage = (adoptions: AdoptionStore, store: LoginStore) => Partial<AdoptionStore>

/** The names of the cases that a store breaks. */
async function failedCases(sabotage: Sabotage): Promise<string[]> {
  const failed: string[] = []
  for (const { name, run } of adoptionCases) {
    await run(() => {
      const clock = new TestClock(Date.now())
      const store = createMemoryLoginStore({ now: clock.now })
      const real = store.adoptions as AdoptionStore
      const adoptions = withMethods(real, sabotage(real, store))
      return {
        store: withMethods(store, { adoptions }),
        now: clock.now,
        advance: async (ms) => clock.advance(ms),
        close: async () => {}
      }
    }).catch(() => failed.push(name))
  }
  return failed
}

function withMethods<T extends object>(target: T, replaced: Partial<T>): T {
  return new Proxy(target, {
    get: (_, name) => {
      const member: unknown = Reflect.get(replaced, name) ?? Reflect.get(target, name)
      return typeof member === 'function' ? (member.bind(target) as unknown) : member
    }
  })
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

const SABOTAGES: Record<string, { readonly adoptions: Sabotage; readonly fails: RegExp }> = {
  'looks for the claim, waits, and makes the login': {
    adoptions: (adoptions) => ({
      adopt: async (login, input, maxPerUser) => {
        const { kind } = await adoptions.findClaim(login.userId, input, input.issuedAt)
        if (kind !== 'unclaimed') return adoptions.adopt(login, input, maxPerUser)
        await nextTurn()
        const other = { ...input, key: `${input.key} ${login.id}` }
        const outcome = await adoptions.adopt(login, other, maxPerUser)
        await adoptions.claim(login.userId, { ...input, owner: { loginId: login.id, ledBy: 'old' } })
        return outcome
      }
    }),
    fails: /of 100 parallel adoptions one makes the login/
  },
  'forgets the claim with the login': {
    adoptions: (adoptions) => ({
      adopt: async (login, input, maxPerUser) => {
        const outcome = await adoptions.adopt(login, input, maxPerUser)
        if (outcome.kind !== 'revoked') return outcome
        return adoptions.adopt(login, { ...input, key: `${input.key} again` }, maxPerUser)
      }
    }),
    fails: /a claim outlives its login/
  },
  'has no bars': {
    adoptions: () => ({ bar: async () => {} }),
    fails: /a bar before a removal leaves no adoption in flight active/
  },
  'writes the bar after it has said so': {
    adoptions: (adoptions) => ({
      bar: async (...input) => void setImmediate(() => void adoptions.bar(...input))
    }),
    fails: /a bar before a removal leaves no adoption in flight active/
  },
  'makes room again for a login that is there': {
    adoptions: (adoptions, store) => ({
      adopt: async (login, input, maxPerUser) => {
        const outcome = await adoptions.adopt(login, input, maxPerUser)
        if (outcome.kind !== 'existing') return outcome
        for (const { id } of (await store.listByUser(login.userId)).slice(maxPerUser - 1))
          await store.remove(id)
        return outcome
      }
    }),
    fails: /makes room as an insert does, and makes it once/
  },
  'lets the last claim win': {
    adoptions: (adoptions) => ({
      claim: async (userId, input) => {
        await adoptions.claim(userId, input)
        return { loginId: input.owner?.loginId ?? null }
      }
    }),
    fails: /of parallel claims of one credential the first wins/
  },
  'does not say that the lead came back': {
    adoptions: (adoptions) => ({
      lead: async (loginId, input) => {
        const led = await adoptions.lead(loginId, input)
        return led && { ...led, returnedAt: null }
      }
    }),
    fails: /says that it came back/
  },
  'drops the adoption with the login': {
    adoptions: () => ({ findInactive: async () => [], listInactive: async () => [] }),
    fails: /the adoption is found until it is forgotten/
  },
  'forgets what is active': {
    adoptions: (adoptions) => {
      const forgotten = new Set<string>()
      return {
        find: async (loginId) => (forgotten.has(loginId) ? null : adoptions.find(loginId)),
        forget: async (loginIds) => {
          for (const loginId of loginIds) forgotten.add(loginId)
          await adoptions.forget(loginIds)
        }
      }
    },
    fails: /the adoption is found until it is forgotten/
  },
  'reads the phase, waits, and writes it': {
    adoptions: () => {
      const phases = new Map<string, StoredPhase>()
      return {
        readPhase: async (migration) => phases.get(migration) ?? null,
        movePhase: async (migration, input) => {
          const stored = phases.get(migration) ?? null
          if (decideMove(stored, input, Date.now()) !== 'move') return { kind: 'changed', stored }
          await nextTurn()
          const moved = movedPhase(migration, input, Date.now())
          phases.set(migration, moved)
          return { kind: 'moved', stored: moved }
        }
      }
    },
    fails: /of parallel steps from one version one is made/
  },
  'counts what it has adopted, active or not': {
    adoptions: (adoptions) => {
      let old = 0
      return {
        adopt: async (login, input, maxPerUser) => {
          const outcome = await adoptions.adopt(login, input, maxPerUser)
          if (outcome.kind === 'adopted' && input.ledBy === 'old') old++
          return outcome
        },
        countByLead: async (...input) => ({ ...(await adoptions.countByLead(...input)), old })
      }
    },
    fails: /counted by lead, exactly/
  },
  'counts what a user had, active or not': {
    adoptions: (adoptions) => {
      const counts = new Map<string, number>()
      return {
        adopt: async (login, input, maxPerUser) => {
          counts.set(login.userId, (counts.get(login.userId) ?? 0) + 1)
          return adoptions.adopt(login, input, maxPerUser)
        },
        countByLead: async (...input) => {
          const { mostOfOneUser, ...leads } = await adoptions.countByLead(...input)
          const count = Math.max(...counts.values())
          return { ...leads, mostOfOneUser: mostOfOneUser && { ...mostOfOneUser, count } }
        }
      }
    },
    fails: /of a user with several active logins/
  },
  'adds what is to be raised': {
    adoptions: (adoptions) => ({
      addCounts: (migration, phase, { add = {}, raise = {} }) =>
        adoptions.addCounts(migration, phase, { add: { ...add, ...raise } })
    }),
    fails: /numbers are added and raised/
  }
}

for (const [what, { adoptions, fails }] of Object.entries(SABOTAGES)) {
  t.test(`a store that ${what} does not pass`, async (t) => {
    const failed = await failedCases(adoptions)
    t.ok(
      failed.some((name) => fails.test(name)),
      `fails: ${failed.join('; ') || 'nothing'}`
    )
  })
}

t.test('a correct store passes, and no two cases share a name', async (t) => {
  t.same(await failedCases(() => ({})), [])
  const names = [...loginStoreCases, ...adoptionCases].map(({ name }) => name)
  t.equal(new Set(names).size, names.length)
})

t.test('a store without adoptions does not pass', async (t) => {
  const { adoptions: _, ...store } = createMemoryLoginStore()
  const [first] = adoptionCases
  const make = () => ({ store: store as LoginStore, advance: async () => {}, close: async () => {} })
  await t.rejects(first?.run(make) as Promise<void>, /has no adoptions/)
})
