import { hkdfSync } from 'node:crypto'
import * as v from 'valibot'
import { VALUE_OMITTED } from '@drawbridge/options'

const MIN_BYTES = 32

/**
 * A root secret, or several: the first signs, all verify, so that one can be replaced without logging anybody
 * out.
 */
export type RootSecret = string | readonly string[]

const singleSecret = v.pipe(
  v.custom<string>((value) => typeof value === 'string', 'must be a string'),
  v.check((text) => Buffer.byteLength(text) >= MIN_BYTES && new Set(text).size >= 8)
)

/**
 * The schema of a {@link RootSecret}: each at least 32 bytes (ASVS 5.0 11.2.3, RFC 8725 section 3.5) with at
 * least 8 different characters. The error message never contains the value.
 */
export const rootSecret = v.pipe(
  v.custom<RootSecret>((value) => {
    // Spread, because `every` skips the holes of a sparse array.
    const list = Array.isArray(value) ? [...(value as unknown[])] : [value]
    return list.length > 0 && list.every((item) => v.is(singleSecret, item))
  }, `must be a string of ${MIN_BYTES} bytes or more, hard to guess, or a list of such strings${VALUE_OMITTED}`),
  v.transform((value): readonly string[] => Object.freeze(typeof value === 'string' ? [value] : [...value]))
)

/**
 * Derives one key of 32 bytes from each root secret, in their order, for one purpose: a signature made for
 * one purpose is not valid for another (HKDF, RFC 5869; the label is its `info`).
 */
export function deriveKeys(secrets: readonly string[], label: string): readonly Buffer[] {
  return secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, 'drawbridge', label, 32)))
}
