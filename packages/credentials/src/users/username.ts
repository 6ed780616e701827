import { countCodePoints } from '../code-points.ts'

const MAX_LENGTH = 255

/**
 * Not allowed in a username: control, format and private-use characters, lone surrogates, code points that Unicode has
 * not assigned (their canonical form may change), invisible ones such as zero-width and bidi marks, line separators,
 * and U+FFFD, which replaces bytes that were no text.
 */
const FORBIDDEN = /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\uFFFD]/u

/**
 * What keyboards and copying add around a name, above all the space after an autocompleted address: white space, soft
 * hyphens, zero-width and bidi marks, byte order marks. Around a name they mean nothing and are removed; inside a name
 * they could make two names look the same, and are rejected.
 */
const SURROUNDING =
  /^[\s\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]+|[\s\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]+$/gu

/** Only single spaces, and only inside: a reader must be able to distinguish two names. */
const FORBIDDEN_SPACE = /^ | $| {2}|[^\S ]/u

/** A username in its two forms. */
export interface CanonicalUsername {
  /** For display: as the user wrote it, in Unicode form NFC, without what surrounds it. */
  readonly display: string
  /** For comparison: registration, sign-in and throttle identify the account by it. */
  readonly key: string
}

/**
 * The canonical form of a username: without surrounding white space and invisible marks, NFKC, lower case, NFKC again
 * (the case mapping of RFC 8265 section 3.3, except that compatibility characters are mapped and not rejected).
 * `Alice`, `ALICE` and fullwidth `ａlice` are one account; a Cyrillic `аlice` is another.
 *
 * @returns null when it is no username: empty, over 255 code points, ill-formed, or with forbidden characters.
 * @example
 * ```ts
 * canonicalizeUsername(' Zoë@Example.com') // { display: 'Zoë@Example.com', key: 'zoë@example.com' }
 * ```
 */
export function canonicalizeUsername(input: string): CanonicalUsername | null {
  // Code units first, at most two per code point, so that a long text is not even normalized.
  if (typeof input !== 'string' || input.length > 2 * MAX_LENGTH || !input.isWellFormed()) return null
  const trimmed = input.replaceAll(SURROUNDING, '')
  const key = trimmed.normalize('NFKC').toLowerCase().normalize('NFKC')
  if (key === '' || countCodePoints(key) > MAX_LENGTH) return null
  if (FORBIDDEN.test(trimmed) || FORBIDDEN.test(key) || FORBIDDEN_SPACE.test(key)) return null
  return { display: trimmed.normalize('NFC'), key }
}
