import { OptionError } from '@drawbridge/options'

/** The error for a key. It has nothing of the key but its `kid`. */
export function invalidKeyError(kid: string, rule: string): OptionError {
  return new OptionError(`tokenAuth.keys: key ${JSON.stringify(kid)} ${rule}`)
}
