import { countCodePoints } from '../code-points.ts'

/** A password as presented. */
export interface Password {
  /** As it was sent. */
  readonly raw: string
  /** In Unicode form NFC: what argon2id hashes are made of and what the policy checks. */
  readonly normalized: string
}

/**
 * Normalizes a password to NFC, so that the same letters typed on another system are the same password (NIST SP
 * 800-63B-4 section 3.1.1.2). Nothing else is changed: case, spaces and control characters count.
 *
 * @returns null for ill-formed Unicode: lone surrogates would all be encoded as U+FFFD, and so be the same password.
 */
export function parsePassword(raw: string): Password | null {
  if (typeof raw !== 'string' || !raw.isWellFormed()) return null
  return { raw, normalized: raw.normalize('NFC') }
}

/** As {@link parsePassword}, but also null when the normalized form is empty or longer than `maxLength` code points. */
export function parsePasswordAttempt(raw: string, maxLength: number): Password | null {
  // NFC combines at most four code units into one code point; a longer text need not be normalized.
  if (typeof raw !== 'string' || raw.length > 4 * maxLength) return null
  const password = parsePassword(raw)
  if (password === null) return null
  const length = countCodePoints(password.normalized)
  return length === 0 || length > maxLength ? null : password
}

/**
 * The texts that a stored hash may have been made of. Hashes of this package are of NFC; another system hashed what it
 * was sent, which may be NFC, as from most keyboards, or NFD, as from some phones. One text if the password is plain
 * ASCII.
 */
export function unicodeForms({ raw, normalized }: Password): readonly string[] {
  return [...new Set([normalized, raw, raw.normalize('NFD')])]
}
