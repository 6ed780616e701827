import { wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'

const MAX_SECONDS = 86_400

/** What a node does that is not fresh, as an option. */
export const onStaleOption = v.picklist(['store', 'closed'], 'must be "store" or "closed"')

/** What a node does when the store cannot be asked, as an option. */
export const onStoreDownOption = v.union(
  [v.literal('closed'), v.strictObject({ serveForSeconds: wholeNumber(1, MAX_SECONDS) })],
  'must be "closed" or { serveForSeconds: a whole number }'
)
