import type { Feed, Revocation } from './feed.ts'

export interface MemoryFeedOptions {
  /** ms since the epoch. */
  readonly now?: () => number
  /** What the logins are stored in: feeds over the same object hear one another. Default: nothing that others have. */
  readonly over?: object
}

type Listener = (revocation: Revocation) => void

/** Of all feeds in this process, by what they are over. Nobody who has one of them has to know of the others. */
const listenersOver = new WeakMap<object, Set<Listener>>()

/**
 * The feed of a service of one process: who publishes is who listens, so it is always fresh. It remembers
 * nothing across a restart, which `coveredFrom` says.
 */
export function createMemoryFeed({ now = Date.now, over = {} }: MemoryFeedOptions = {}): Feed {
  const listeners = listenersOver.get(over) ?? new Set<Listener>()
  listenersOver.set(over, listeners)
  const own: Listener[] = []
  return {
    coveredFrom: now(),
    clockOffsetMs: 0,
    isShared: false,
    retentionSeconds: Infinity,
    trustEpoch: 0,
    publish: async (revocations) => {
      for (const revocation of revocations) for (const listener of listeners) listener(revocation)
      return ''
    },
    subscribe: (listener) => {
      own.push(listener)
      listeners.add(listener)
    },
    isFresh: () => true,
    renew: async () => true,
    reach: async () => true,
    health: () => ({ isFresh: true, leaseAgeMs: 0, flips: {}, clockOffsetMs: 0 }),
    ping: async () => {},
    close: async () => {
      for (const listener of own) listeners.delete(listener)
    }
  }
}
