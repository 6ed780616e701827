import { OptionError } from '@drawbridge/options'

/** Shows nothing of the key but its `kid`. */
export function invalidKeyError(kid: string, rule: string): OptionError {
  return new OptionError(`tokenAuth.keys: key ${JSON.stringify(kid)} ${rule}`)
}
