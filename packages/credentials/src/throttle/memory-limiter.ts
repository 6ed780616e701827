import { BoundedLimiter } from './bounded-limiter.ts'
import { BoundedStorage } from './bounded-storage.ts'
import type { CreateLimiter } from './limiter.ts'

/** Counts of one process, at most `maxKeys` of a kind: past that, the oldest is forgotten. */
export function createMemoryLimiters(maxKeys: number, now: () => number): CreateLimiter {
  return (options) => new BoundedLimiter(options, new BoundedStorage(maxKeys, now))
}
