import { hkdfSync } from 'node:crypto'
import * as v from 'valibot'
import { VALUE_OMITTED } from '@drawbridge/options'

const MIN_BYTES = 32

/** A root secret, or several: the first signs, all verify, so that one can be replaced with nobody logged out. */
export type RootSecret = string | readonly string[]

const singleSecret = v.pipe(
  v.custom<string>((value) => typeof value === 'string', 'must be a string'),
  v.check((text) => Buffer.byteLength(text) >= MIN_BYTES && new Set(text).size >= 8)
)

/**
 * Checks a {@link RootSecret}: each at least 32 bytes (ASVS 5.0 11.2.3, RFC 8725 section 3.5) and not the same few
 * characters over and over. The message never shows the value.
 */
export const rootSecret = v.pipe(
  v.custom<RootSecret>((value) => {
    // Spread, for `every` passes over the gaps of a list.
    const list = Array.isArray(value) ? [...(value as unknown[])] : [value]
    return list.length > 0 && list.every((item) => v.is(singleSecret, item))
  }, `must be a string of ${MIN_BYTES} bytes or more, hard to guess, or a list of such strings${VALUE_OMITTED}`),
  v.transform((value): readonly string[] => Object.freeze(typeof value === 'string' ? [value] : [...value]))
)

/**
 * One key of 32 bytes for each root secret, in their order, for one purpose alone: what is signed for one purpose
 * is worth nothing for another (HKDF, RFC 5869; the label is its `info`).
 */
export function deriveKeys(secrets: readonly string[], label: string): readonly Buffer[] {
  return secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, 'drawbridge', label, 32)))
}
