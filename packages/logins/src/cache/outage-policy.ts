import { OptionError, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'

/** What a stale node does on a cache miss: ask the store, or answer 503. */
export type OnStale = 'ask-store' | 'fail-closed'

/**
 * What a node does while the store is down: answer 503, or serve what was verified no longer ago than that, although its login
 * may have been revoked since (RFC 5861, `stale-if-error`).
 */
export type OnStoreDown = 'fail-closed' | { readonly serveStaleForSeconds: number }

/** What one route does in an outage, where it is not what the whole service does. */
export interface OutagePolicy {
  readonly onStale?: OnStale
  readonly onStoreDown?: OnStoreDown
}

/** How the credentials of one route's requests are checked. */
export interface RoutePolicy extends OutagePolicy {
  /** False: a request does not reset the idle timeout of its login, such as one that a page sends by itself. Default true. */
  readonly countsAsUse?: boolean
}

const MAX_SECONDS = 86_400

/** {@link OnStale} as an option. */
export const onStaleOption = v.picklist(['ask-store', 'fail-closed'], 'must be "ask-store" or "fail-closed"')

/** {@link OnStoreDown} as an option. */
export const onStoreDownOption = v.union(
  [v.literal('fail-closed'), v.strictObject({ serveStaleForSeconds: wholeNumber(1, MAX_SECONDS) })],
  'must be "fail-closed" or { serveStaleForSeconds: a whole number }'
)

/** Another node's clock may be ahead by this much, and date what it signs later than a revocation that came after. */
const CLOCK_SKEW_SECONDS = 60

/**
 * A revocation must be remembered for as long as a stale credential is served, or the credential is served again after it.
 * @throws OptionError
 */
export function checkServeStaleFor(
  owner: string,
  onStoreDown: OnStoreDown | undefined,
  retentionSeconds: number
): void {
  if (onStoreDown === undefined || onStoreDown === 'fail-closed') return
  const { serveStaleForSeconds } = onStoreDown
  if (serveStaleForSeconds <= retentionSeconds - CLOCK_SKEW_SECONDS) return
  throw new OptionError(
    `${owner}.onStoreDown.serveStaleForSeconds (${serveStaleForSeconds}) with ${CLOCK_SKEW_SECONDS} for the skew of clocks ` +
      `must not be above logins.retentionSeconds (${retentionSeconds})`
  )
}
