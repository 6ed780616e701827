import { OptionError, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import type { OnStoreDown } from '../logins.ts'

const MAX_SECONDS = 86_400

/** What a node does that is not fresh, as an option. */
export const onStaleOption = v.picklist(['ask-store', 'fail-closed'], 'must be "ask-store" or "fail-closed"')

/** What a node does when the store cannot be asked, as an option. */
export const onStoreDownOption = v.union(
  [v.literal('fail-closed'), v.strictObject({ serveStaleForSeconds: wholeNumber(1, MAX_SECONDS) })],
  'must be "fail-closed" or { serveStaleForSeconds: a whole number }'
)

/** Another node's clock may be ahead by so much, and date what it signs later than a revocation that came after. */
const CLOCK_SKEW_SECONDS = 60

/** Whatever is served unsure must be remembered as ended for as long, or it is served again after its log-out. */
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
