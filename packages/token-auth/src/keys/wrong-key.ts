import { OptionError } from '@drawbridge/options'

/** Shows nothing of the key but its `kid`. */
export function wrongKey(kid: string, rule: string): OptionError {
  return new OptionError(`tokenAuth.keys: key ${JSON.stringify(kid)} ${rule}`)
}
