import { codePoints } from '../code-points.ts'

const MAX_LENGTH = 255

/**
 * What no username holds: controls, format and private characters, half surrogates, code points that Unicode
 * has not given out (their canonical form may change), invisible ones such as zero-width and bidi marks, line
 * ends, and U+FFFD, which is what is left of bytes that were no text.
 */
const REFUSED = /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\uFFFD]/u

/**
 * What keyboards and copies add around a name, above all the space after a completed address: white space, soft hyphens,
 * zero-width and bidi marks, byte order marks. On either side of a name they mean nothing; inside they could tell two
 * names apart, and are refused.
 */
const OUTSIDE =
  /^[\s\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]+|[\s\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]+$/gu

/** Spaces only inside and only one by one: whoever reads a name must be able to tell it from another. */
const REFUSED_SPACE = /^ | $| {2}|[^\S ]/u

export interface Username {
  /** As the user wrote it, in form NFC and without what stands around it: what is shown. */
  readonly shown: string
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
export function canonicalUsername(typed: string): Username | null {
  // Code units first: at most two a code point, and normalising must not be a way to make work.
  if (typeof typed !== 'string' || typed.length > 2 * MAX_LENGTH || !typed.isWellFormed()) return null
  const raw = typed.replaceAll(OUTSIDE, '')
  const key = raw.normalize('NFKC').toLowerCase().normalize('NFKC')
  if (key === '' || codePoints(key) > MAX_LENGTH) return null
  if (REFUSED.test(raw) || REFUSED.test(key) || REFUSED_SPACE.test(key)) return null
  return { shown: raw.normalize('NFC'), key }
}
