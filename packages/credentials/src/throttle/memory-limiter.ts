import { FixedWindowLimiter } from './fixed-window-limiter.ts'
import type { CreateLimiter } from './limiter.ts'

/** Counters in the memory of this process, each of at most `maxKeys` keys; beyond that the oldest are removed. */
export function createMemoryLimiters(maxKeys: number, now: () => number): CreateLimiter {
  return (options) => new FixedWindowLimiter(options, maxKeys, now)
}
