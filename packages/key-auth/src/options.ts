import type { Logins, RootSecret } from '@drawbridge/logins'
import { carrierLogins, rootSecret } from '@drawbridge/logins/carrier'
import { parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'

/** Options of {@link keyAuth}. */
export interface KeyAuthOptions {
  /** The logins: `createLogins`. The same instance as session-auth's and token-auth's where they are registered. */
  readonly logins: Logins
  /**
   * Root secret of the keys, 32 bytes or more; of several, the first makes keys and all verify. Keys live long: a secret that
   * is left out ends all that were made under it.
   */
  readonly secret: RootSecret
  /** The longest life of a key, seconds, 60 to 315 360 000 (ten years). Default 31 622 400 (366 days). */
  readonly maxLifetimeSeconds?: number
}

const DAY = 86_400

const schema = v.strictObject({
  logins: carrierLogins,
  secret: rootSecret,
  maxLifetimeSeconds: v.optional(wholeNumber(60, 3650 * DAY), 366 * DAY)
})

/** The options, checked and with defaults. */
export type ParsedOptions = Readonly<v.InferOutput<typeof schema>>

/** @throws OptionError */
export function parseKeyAuthOptions(input: KeyAuthOptions): ParsedOptions {
  return parseOptions('keyAuth', schema, input)
}
