import type { FeedEvent } from '@drawbridge/logins/redis'
import type { FastifyBaseLogger } from 'fastify'

/** While a server is away the same fault comes many times a second. */
const REPEAT_INTERVAL_MS = 10_000
const MAX_FAULTS = 100

/** Faults that no request waits for, each of them once in a while. */
export function createFaultLogger(log: FastifyBaseLogger): (error: unknown) => void {
  const loggedAt = new Map<string, number>()
  return (error) => {
    const fault = error instanceof Error ? error.message : String(error)
    const now = Date.now()
    if (now - (loggedAt.get(fault) ?? -Infinity) < REPEAT_INTERVAL_MS) return
    if (loggedAt.size >= MAX_FAULTS) loggedAt.clear()
    loggedAt.set(fault, now)
    log.error({ err: error }, 'a fault that no request waits for')
  }
}

/** A line for each change of the feed's state; what led to it is told as a fault. */
export function createFeedLogger(
  log: FastifyBaseLogger,
  onError: (error: unknown) => void
): (event: FeedEvent) => void {
  return (event) => {
    switch (event.type) {
      case 'fresh':
        return log.info({ feed: 'fresh' }, 'the feed is fresh: requests are answered by what this node holds')
      case 'stale':
        return log.warn({ feed: 'stale' }, 'the feed is stale: this node does not trust what it holds')
      case 'reset':
        return log.warn(
          { feed: 'reset', log: event.log, reason: event.reason },
          'a log of the feed is another than before: all is verified once more'
        )
      case 'clock-offset':
        return log[event.isTooFar ? 'warn' : 'info'](
          { feed: 'clock-offset', offsetMs: event.offsetMs },
          event.isTooFar
            ? 'the clock of this node is off that of Redis: limits are kept by that of Redis'
            : 'the clock of this node is right again'
        )
      case 'error':
        return onError(event.error)
    }
  }
}
