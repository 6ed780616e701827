import { Redis } from 'ioredis'
import t from 'tap'
import { createRedisLoginStore } from '../../../src/redis/index.ts'
import type { LoginStore } from '../../../src/stores/login-store.ts'
import type { AdoptionStore } from '../../../src/stores/adoption-store.ts'
import { createMemoryLoginStore } from '../../../src/stores/memory-login-store.ts'
import { PHASES } from '../../../src/stores/phase.ts'
import { newLogin } from '../../../src/testing/store-case.ts'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'

const NOW = Date.UTC(2040, 0, 1)

/** A store that has a migration and a login, and both for as long as the test says. */
interface Subject {
  readonly store: LoginStore
  readonly adoptions: AdoptionStore
  readonly migration: string
  readonly userId: string
  readonly setTime: (at: number) => void
}

const old = (migration: string, key = 'key') => ({
  migration,
  key,
  ledBy: 'old' as const,
  issuedAt: (NOW - 5000) as number | null,
  claimedUntil: NOW + 60_000
})

/** Every order of a bar of the user, one of all, a claim, and a credential of each age. */
const ADOPTIONS = [null, NOW - 5001, NOW - 5000, NOW - 4999].flatMap((ofUser) =>
  [null, NOW - 5001, NOW - 5000].flatMap((ofAll) =>
    (['none', 'login', 'revoked', 'nobody'] as const).flatMap((claim) =>
      [null, NOW - 5001, NOW - 5000, NOW - 4999].map((issuedAt) => ({ ofUser, ofAll, claim, issuedAt }))
    )
  )
)

async function adopt(subject: Subject, { ofUser, ofAll, claim, issuedAt }: (typeof ADOPTIONS)[number]) {
  const { store, adoptions, migration, userId } = subject
  const first = { ...newLogin({ userId }, NOW), id: sameId(userId, 'A') }
  if (claim === 'login' || claim === 'revoked') await adoptions.adopt(first, old(migration), 100)
  if (claim === 'revoked') await store.remove(first.id)
  if (claim === 'nobody') await adoptions.claim(userId, { ...old(migration), owner: null })
  if (ofUser !== null) await adoptions.bar(userId, ofUser, NOW + 1000)
  if (ofAll !== null) await adoptions.bar(null, ofAll, NOW + 1000)
  const second = { ...newLogin({ userId, createdAt: NOW - 10 }, NOW), id: sameId(userId, 'B') }
  const status = await adoptions.findClaim(userId, old(migration), issuedAt)
  const outcome = await adoptions.adopt(second, { ...old(migration), issuedAt }, 100)
  return [outcome.kind, status, outcome, await adoptions.find(first.id), await adoptions.find(second.id)]
}

/** The tag of a user is the beginning of each id of the user. */
function sameId(userId: string, letter: string): string {
  return newLogin({ userId }, NOW).id.slice(0, 5) + letter.repeat(23)
}

const MOVES = [null, ...PHASES].flatMap((phase) =>
  [null, 0, 1, 2].flatMap((from) =>
    PHASES.flatMap((to) =>
      [-1, 999, 1000].flatMap((elapsed) =>
        [undefined, 7].map((lostVersion) => ({ phase, from, to, elapsed, lostVersion }))
      )
    )
  )
)

async function move(subject: Subject, { phase, from, to, elapsed, lostVersion }: (typeof MOVES)[number]) {
  const { adoptions, migration, setTime } = subject
  const step = { by: 'ada', minIntervalMs: 1000, ...(lostVersion !== undefined && { lostVersion }) }
  if (phase !== null) await adoptions.movePhase(migration, { ...step, from: null, to: phase, lostVersion: 0 })
  setTime(NOW + elapsed)
  const outcome = await adoptions.movePhase(migration, { ...step, from, to })
  setTime(NOW)
  return [outcome.kind, outcome, await adoptions.readPhase(migration)]
}

t.test('the scripts decide as decideAdopt and decideMove', { skip: skipWithoutRedis }, async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const client = new Redis({ port: server.port, host: '127.0.0.1' })
  t.teardown(() => client.disconnect())
  let runs = 0

  const open = () => {
    let time = NOW
    const now = () => time
    const redis = createRedisLoginStore({
      redis: client,
      prefix: `test${runs++}`,
      now,
      commandTimeoutMs: 20_000
    })
    const setTime = (to: number) => void (time = to)
    const toSubject =
      (store: LoginStore) =>
      (migration: string): Subject => {
        return { store, adoptions: store.adoptions as AdoptionStore, migration, userId: 'user', setTime }
      }
    return {
      redis: toSubject(redis),
      memory: toSubject(createMemoryLoginStore({ now })),
      close: redis.close.bind(redis)
    }
  }
  const compare = async (
    { redis, memory }: ReturnType<typeof open>,
    migration: string,
    run: (subject: Subject) => Promise<readonly unknown[]>
  ) => {
    const [actual, expected] = [await run(redis(migration)), await run(memory(migration))]
    t.same(actual, expected)
    return expected[0] as string
  }

  const kinds = new Set<string>()
  for (const input of ADOPTIONS) {
    // Of its own, since each has bars of all users.
    const stores = open()
    kinds.add(await compare(stores, 'm', (subject) => adopt(subject, input)))
    await stores.close()
  }
  t.same([...kinds].toSorted(), ['adopted', 'barred', 'existing', 'revoked'])
  const decisions = new Set<string>()
  const stores = open()
  for (const [at, input] of MOVES.entries())
    decisions.add(await compare(stores, `m${at}`, (subject) => move(subject, input)))
  await stores.close()
  t.same([...decisions].toSorted(), ['changed', 'moved', 'not-neighbour', 'too-soon'])
})
