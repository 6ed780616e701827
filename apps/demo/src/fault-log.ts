import type { FeedEvent } from '@drawbridge/logins/redis'
import type { FastifyBaseLogger } from 'fastify'

/** While a server is down, the same fault occurs many times per second. */
const REPEAT_INTERVAL_MS = 10_000
const MAX_FAULTS = 100

/** Logs background errors, each message at most once per {@link REPEAT_INTERVAL_MS}. */
export function createFaultLogger(log: FastifyBaseLogger): (error: unknown) => void {
  const loggedAt = new Map<string, number>()
  return (error) => {
    const fault = error instanceof Error ? error.message : String(error)
    const now = Date.now()
    if (now - (loggedAt.get(fault) ?? -Infinity) < REPEAT_INTERVAL_MS) return
    if (loggedAt.size >= MAX_FAULTS) loggedAt.clear()
    loggedAt.set(fault, now)
    log.error({ err: error }, 'background error')
  }
}

/** Logs each change of the feed's state; its cause goes to `onError`. */
export function createFeedLogger(
  log: FastifyBaseLogger,
  onError: (error: unknown) => void
): (event: FeedEvent) => void {
  return (event) => {
    switch (event.type) {
      case 'fresh':
        return log.info(
          { feed: 'fresh' },
          'the feed is fresh: requests are served from the cache of this node'
        )
      case 'stale':
        return log.warn({ feed: 'stale' }, 'the feed is stale: this node does not trust its cache')
      case 'reset':
        return log.warn(
          { feed: 'reset', log: event.log, reason: event.reason },
          'a log of the feed was replaced: every credential is verified again'
        )
      case 'clock-offset':
        return log[event.isTooFar ? 'warn' : 'info'](
          { feed: 'clock-offset', offsetMs: event.offsetMs },
          event.isTooFar
            ? 'the clock of this node differs from that of Redis: time limits follow the clock of Redis'
            : 'the clock of this node is right again'
        )
      case 'error':
        return onError(event.error)
    }
  }
}
