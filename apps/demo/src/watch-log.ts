import type { FeedEvent } from '@drawbridge/logins/redis'
import type { FastifyBaseLogger } from 'fastify'

/** While a server is away the same fault comes many times a second. */
const SAME_FAULT_MS = 10_000
const MAX_FAULTS = 100

/** Faults that no request waits for, each of them once in a while. */
export function faultLog(log: FastifyBaseLogger): (error: unknown) => void {
  const saidAt = new Map<string, number>()
  return (error) => {
    const fault = error instanceof Error ? error.message : String(error)
    const now = Date.now()
    if (now - (saidAt.get(fault) ?? -Infinity) < SAME_FAULT_MS) return
    if (saidAt.size >= MAX_FAULTS) saidAt.clear()
    saidAt.set(fault, now)
    log.error({ err: error }, 'a fault that no request waits for')
  }
}

/** A line for each change of the feed's state; what led to it is told as a fault. */
export function feedLog(
  log: FastifyBaseLogger,
  onError: (error: unknown) => void
): (event: FeedEvent) => void {
  return (event) => {
    switch (event.type) {
      case 'fresh':
        return log.info({ feed: 'fresh' }, 'the feed is fresh: requests are answered by what this node holds')
      case 'stale':
        return log.warn({ feed: 'stale' }, 'the feed is stale: this node does not trust what it holds')
      case 'flip':
        return log.warn(
          { feed: 'flip', log: event.log, reason: event.reason },
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
