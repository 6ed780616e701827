import { Redis } from 'ioredis'
import { createRedisLoginStore } from '../../src/redis/index.ts'
import type { AdoptionStore } from '../../src/stores/adoption-store.ts'
import { newLogin, NO_LIMIT } from '../../src/testing/store-case.ts'

/* A process that adopts the same old credential in several requests at once, whenever it is told to. */

const ADOPTIONS = 25

const redis = new Redis({ host: '127.0.0.1', port: Number(process.argv[2]), lazyConnect: true })
const store = createRedisLoginStore({ redis, commandTimeoutMs: 10_000 })
const adoptions = store.adoptions as AdoptionStore

async function adopt(userId: string): Promise<readonly string[]> {
  const now = Date.now()
  const old = { migration: 'express', key: `of ${userId}`, ledBy: 'old', issuedAt: now } as const
  const outcomes = await Promise.all(
    Array.from({ length: ADOPTIONS }, () =>
      adoptions.adopt(newLogin({ userId }, now), { ...old, claimedUntil: now + 3_600_000 }, NO_LIMIT)
    )
  )
  return outcomes.map((outcome) => ('login' in outcome ? `${outcome.kind} ${outcome.login.id}` : 'refused'))
}

process.on('message', (userId: string) => {
  void adopt(userId).then(
    (outcomes) => process.send?.(outcomes),
    (error: unknown) => process.send?.([String(error)])
  )
})
process.on('disconnect', () => process.exit())
await store.ping()
process.send?.([])
