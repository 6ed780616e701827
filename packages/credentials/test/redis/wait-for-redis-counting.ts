import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { CreateLimiter } from '../../src/throttle/limiter.ts'

/** For `timeoutMs` in tests of counting in Redis: far longer than Redis takes, even on a machine that stalls. */
export const GENEROUS_TIMEOUT_MS = 10_000

/**
 * Resolves when these limiters count in Redis, and leaves no count behind: a node counts in memory until it is connected.
 */
export async function waitForRedisCounting(
  redis: Redis,
  createLimiter: CreateLimiter,
  prefix = 'drawbridge'
): Promise<void> {
  const probe = createLimiter({ keyPrefix: 'probe', points: 1, duration: 900 })
  while ((await redis.keys(`${prefix}:*`)).length === 0) {
    await probe.penalty('probe')
    await sleep(5)
  }
  await redis.del(...(await redis.keys(`${prefix}:*`)))
}
