import type { Redis } from 'ioredis'
import type { RevocationFeed, Revocation } from '@drawbridge/logins'

/**
 * The obvious first attempt: a stream, read from the last id on, by a node that always considers itself
 * fresh. The negative control: the oracle must detect that it accepts revoked logins.
 */
export function createNaiveFeed(client: Redis, prefix: string): RevocationFeed {
  const stream = `${prefix}:naive`
  const listeners: Array<(revocation: Revocation) => void> = []
  const own = { retryStrategy: () => 20, maxRetriesPerRequest: null, lazyConnect: false }
  const [reading, writing] = [client.duplicate(own), client.duplicate({ ...own, maxRetriesPerRequest: 1 })]
  for (const one of [reading, writing]) one.on('error', () => {})
  let isClosed = false
  let onCaughtUp = () => {}
  /** Resolves when it has read to the end once: a node waits for that at boot, and never checks it again. */
  const caughtUp = new Promise<void>((resolve) => (onCaughtUp = resolve))
  const running = follow()

  async function follow(): Promise<void> {
    let cursor = '0-0'
    let isBehind = true
    while (!isClosed) {
      const read = isBehind
        ? reading.xread('COUNT', 1000, 'STREAMS', stream, cursor)
        : reading.xread('COUNT', 1000, 'BLOCK', 200, 'STREAMS', stream, cursor)
      const reply = await read.catch(() => undefined)
      for (const [id, fields] of reply?.[0]?.[1] ?? []) {
        cursor = id
        for (const listener of listeners) listener({ loginId: fields[1] as string })
      }
      if (reply !== null || !isBehind) continue
      isBehind = false
      onCaughtUp()
    }
  }

  return {
    isShared: true,
    maxStalenessMs: 1000,
    retentionSeconds: Infinity,
    trustEpoch: 0,
    coveredFrom: 0,
    clockOffsetMs: 0,
    publish: async (revocations) => {
      for (const { loginId } of revocations) await writing.xadd(stream, '*', 'l', loginId)
      return ''
    },
    publishChanges: async () => '',
    subscribe: (listener) => void listeners.push(listener),
    subscribeChanges: () => {},
    isFresh: () => true,
    renew: async () => (await caughtUp, true),
    waitForPosition: async () => true,
    health: () => ({ isFresh: true, leaseAgeMs: 0, resets: {}, clockOffsetMs: 0 }),
    ping: async () => {},
    close: async () => {
      isClosed = true
      onCaughtUp()
      reading.disconnect()
      writing.disconnect()
      await running
    }
  }
}
