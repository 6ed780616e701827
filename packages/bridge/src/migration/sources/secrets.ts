import { OptionError, VALUE_OMITTED } from '@drawbridge/options'
import * as v from 'valibot'

/** Below this a secret can be guessed by whoever has one credential (RFC 8725 section 3.5). */
const STRONG_BYTES = 32

/** A secret of another system, or several: the first signs, all verify. */
export type OldSecret = string | readonly string[]

/** The schema of an {@link OldSecret}, of any length: it is as the other system has it. */
export const oldSecret = v.pipe(
  v.custom<OldSecret>((value) => {
    const list = Array.isArray(value) ? [...(value as unknown[])] : [value]
    return list.length > 0 && list.every((item) => typeof item === 'string' && item !== '')
  }, `must be a string, or a list of strings${VALUE_OMITTED}`),
  v.transform((value): readonly string[] => Object.freeze(typeof value === 'string' ? [value] : [...value]))
)

/**
 * A secret that can be guessed makes every credential of the other system forgeable, and ours with it: the service says that it
 * knows. @returns whether one is.
 *
 * @throws OptionError
 */
export function checkWeakSecret(owner: string, secrets: readonly string[], weakSecret: boolean): boolean {
  const isWeak = secrets.some((secret) => Buffer.byteLength(secret) < STRONG_BYTES)
  if (isWeak && !weakSecret)
    throw new OptionError(
      `${owner}.secret is shorter than ${STRONG_BYTES} bytes, and can be guessed from one credential. To accept its ` +
        `credentials all the same, for at most 90 days, set ${owner}.weakSecret`
    )
  return isWeak
}
