import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { CreateLimiter } from '../../src/throttle/limiter.ts'

/** For `timeoutMs` where counting in Redis is under test: far longer than Redis takes on a machine that stalls. */
export const GENEROUS_TIMEOUT_MS = 10_000

/**
 * Resolves when it is Redis that counts for these limiters, and leaves no count behind: until its connection is there
 * a node counts in memory.
 */
export async function waitForRedisCounting(
  redis: Redis,
  createLimiter: CreateLimiter,
  prefix = 'drawbridge'
): Promise<void> {
  const probe = createLimiter({ keyPrefix: 'probe', points: 1, duration: 900 })
  while ((await redis.keys(`${prefix}:*`)).length === 0) {
    await probe.penalty('is it there')
    await sleep(5)
  }
  await redis.del(...(await redis.keys(`${prefix}:*`)))
}
