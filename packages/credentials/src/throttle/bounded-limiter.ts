import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { BoundedStorage } from './bounded-storage.ts'
import type { LimiterOptions } from './limiter.ts'

/**
 * The library's memory limiter over a storage of ours: its own keeps an entry and a timer for every key it has
 * seen, so that a stream of made-up usernames fills the memory.
 */
export class BoundedLimiter extends RateLimiterMemory {
  constructor({ points, duration }: LimiterOptions, storage: BoundedStorage) {
    super({ points, duration, keyPrefix: '' })
    const limiter = this as unknown as { _memoryStorage?: { incrby?: unknown; delete?: unknown } }
    // Not the library's published face. Were it to move there, this must fail at boot and not lose the bound.
    if (typeof limiter._memoryStorage?.incrby !== 'function') {
      throw new Error('this version of rate-limiter-flexible keeps its counts elsewhere')
    }
    limiter._memoryStorage = storage as unknown as { incrby: unknown; delete: unknown }
  }
}
