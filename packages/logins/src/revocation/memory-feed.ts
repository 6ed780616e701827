import { clock, parseOptions } from '@drawbridge/options'
import * as v from 'valibot'
import type { RevocationFeed } from './feed.ts'
import { Listeners } from './listeners.ts'

export interface MemoryFeedOptions {
  /** ms since the epoch. */
  readonly now?: () => number
  /** What the logins are stored in: feeds over the same object hear one another. Default: nothing that others have. */
  readonly store?: object
}

const schema = v.strictObject({
  now: v.optional(clock(), () => Date.now),
  store: v.optional(
    v.custom<object>((value) => typeof value === 'object' && value !== null, 'must be an object')
  )
})

/**
 * The feed of a service of one process: who publishes is who listens, so it is always fresh. It remembers
 * nothing across a restart, which `coveredFrom` says.
 */
export function createMemoryFeed(input: MemoryFeedOptions = {}): RevocationFeed {
  const { now, store = {} } = parseOptions('memoryFeed', schema, input)
  const listeners = new Listeners(store)
  return {
    coveredFrom: now(),
    clockOffsetMs: 0,
    isShared: false,
    retentionSeconds: Infinity,
    trustEpoch: 0,
    publish: async (revocations) => {
      listeners.publish(revocations)
      return ''
    },
    subscribe: (listener) => listeners.add(listener),
    isFresh: () => true,
    renew: async () => true,
    waitForPosition: async () => true,
    health: () => ({ isFresh: true, leaseAgeMs: 0, resets: {}, clockOffsetMs: 0 }),
    ping: async () => {},
    close: async () => listeners.close()
  }
}
