import { OptionError, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import type { OnStoreDown } from './logins.ts'

const MAX_SECONDS = 86_400

/** What a node does that is not fresh, as an option. */
export const onStaleOption = v.picklist(['store', 'closed'], 'must be "store" or "closed"')

/** What a node does when the store cannot be asked, as an option. */
export const onStoreDownOption = v.union(
  [v.literal('closed'), v.strictObject({ serveForSeconds: wholeNumber(1, MAX_SECONDS) })],
  'must be "closed" or { serveForSeconds: a whole number }'
)

/** Another node's clock may be ahead by so much, and date what it signs later than a revocation that came after. */
const CLOCK_SKEW_SECONDS = 60

/** Whatever is served unsure must be remembered as ended for as long, or it is served again after its log-out. */
export function checkServeFor(
  owner: string,
  onStoreDown: OnStoreDown | undefined,
  retentionSeconds: number
): void {
  if (onStoreDown === undefined || onStoreDown === 'closed') return
  const { serveForSeconds } = onStoreDown
  if (serveForSeconds <= retentionSeconds - CLOCK_SKEW_SECONDS) return
  throw new OptionError(
    `${owner}.onStoreDown.serveForSeconds (${serveForSeconds}) with ${CLOCK_SKEW_SECONDS} for the skew of clocks ` +
      `must not be above logins.retentionSeconds (${retentionSeconds})`
  )
}
