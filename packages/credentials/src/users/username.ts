import { countCodePoints } from '../code-points.ts'

const MAX_LENGTH = 255

/**
 * What no username holds: controls, format and private characters, half surrogates, code points that Unicode
 * has not given out (their canonical form may change), invisible ones such as zero-width and bidi marks, line
 * ends, and U+FFFD, which is what is left of bytes that were no text.
 */
const FORBIDDEN = /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\uFFFD]/u

/**
 * What keyboards and copies add around a name, above all the space after a completed address: white space, soft hyphens,
 * zero-width and bidi marks, byte order marks. On either side of a name they mean nothing; inside they could tell two
 * names apart, and are refused.
 */
const SURROUNDING =
  /^[\s\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]+|[\s\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]+$/gu

/** Spaces only inside and only one by one: whoever reads a name must be able to tell it from another. */
const FORBIDDEN_SPACE = /^ | $| {2}|[^\S ]/u

export interface CanonicalUsername {
  /** As the user wrote it, in form NFC and without what stands around it: what is shown. */
  readonly display: string
  /** What is compared, and by which register, log-in and throttle mean the same account. */
  readonly key: string
}

/**
 * The canonical form of a username: without white space and invisible marks around it, NFKC, lower case, NFKC again (the
 * case mapping of RFC 8265 section 3.3, on compatibility characters mapped rather than refused). `Alice`, `ALICE` and
 * fullwidth `ａlice` are one account; a Cyrillic `аlice` is another.
 *
 * @returns null when it is no username: empty, over 255 code points, ill-formed, or with refused characters.
 */
export function canonicalizeUsername(input: string): CanonicalUsername | null {
  // Code units first: at most two a code point, and normalising must not be a way to make work.
  if (typeof input !== 'string' || input.length > 2 * MAX_LENGTH || !input.isWellFormed()) return null
  const trimmed = input.replaceAll(SURROUNDING, '')
  const key = trimmed.normalize('NFKC').toLowerCase().normalize('NFKC')
  if (key === '' || countCodePoints(key) > MAX_LENGTH) return null
  if (FORBIDDEN.test(trimmed) || FORBIDDEN.test(key) || FORBIDDEN_SPACE.test(key)) return null
  return { display: trimmed.normalize('NFC'), key }
}
