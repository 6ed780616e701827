import type { Feed, Revocation } from './feed.ts'

/**
 * The feed of a service of one process: who publishes is who listens, so it is always fresh. It remembers
 * nothing across a restart, which `coveredFrom` says.
 */
export function createMemoryFeed(options: { readonly now?: () => number } = {}): Feed {
  const now = options.now ?? Date.now
  const listeners: Array<(revocation: Revocation) => void> = []
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
      listeners.push(listener)
    },
    isFresh: () => true,
    renew: async () => true,
    reach: async () => true,
    health: () => ({ isFresh: true, leaseAgeMs: 0, flips: {}, clockOffsetMs: 0 }),
    ping: async () => {},
    close: async () => {
      listeners.length = 0
    }
  }
}
