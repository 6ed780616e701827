import { clock, parseOptions } from '@drawbridge/options'
import * as v from 'valibot'
import type { RevocationFeed } from './feed.ts'
import { Listeners } from './listeners.ts'

/** Options of {@link createMemoryFeed}. */
export interface MemoryFeedOptions {
  /** ms since the epoch. Default `Date.now`. */
  readonly now?: () => number
  /**
   * The object in which logins are stored: feeds over the same object share their revocations. Default: an
   * object of its own.
   */
  readonly store?: object
}

const schema = v.strictObject({
  now: v.optional(clock(), () => Date.now),
  store: v.optional(
    v.custom<object>((value) => typeof value === 'object' && value !== null, 'must be an object')
  )
})

/**
 * The feed of a service that is one process. The publisher is the listener, so it is always fresh. A restart
 * loses everything; `coveredFrom` accounts for that.
 */
export function createMemoryFeed(input: MemoryFeedOptions = {}): RevocationFeed {
  const { now, store = {} } = parseOptions('memoryFeed', schema, input)
  const listeners = new Listeners(store)
  return {
    coveredFrom: now(),
    clockOffsetMs: 0,
    isShared: false,
    maxStalenessMs: 0,
    retentionSeconds: Infinity,
    trustEpoch: 0,
    publish: async (revocations) => {
      listeners.publish(revocations)
      return ''
    },
    publishChanges: async (changes) => {
      listeners.publishChanges(changes)
      return ''
    },
    subscribe: (listener) => listeners.add(listener),
    subscribeChanges: (listener) => listeners.addForChanges(listener),
    isFresh: () => true,
    renew: async () => true,
    waitForPosition: async () => true,
    health: () => ({ isFresh: true, leaseAgeMs: 0, resets: {}, clockOffsetMs: 0 }),
    ping: async () => {},
    close: async () => listeners.close()
  }
}
