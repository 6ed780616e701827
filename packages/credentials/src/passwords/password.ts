import { countCodePoints } from '../code-points.ts'

export interface Password {
  /** As it was sent. */
  readonly raw: string
  /** In form NFC: what argon2id hashes are made of and the policy judges. */
  readonly normalized: string
}

/**
 * Reads a password. Its normal form is NFC, so that the same letters typed on another system are the same
 * password (NIST SP 800-63B-4 section 3.1.1.2). Nothing else is changed: case, spaces and controls count.
 *
 * @returns null for ill-formed Unicode: halves of surrogate pairs would all become U+FFFD on the way into the
 *   hash, and so be one password.
 */
export function parsePassword(raw: string): Password | null {
  if (typeof raw !== 'string' || !raw.isWellFormed()) return null
  return { raw: raw, normalized: raw.normalize('NFC') }
}

/** As {@link parsePassword}, and null also when it is empty or over `maxLength` code points in its normal form. */
export function parsePasswordAttempt(raw: string, maxLength: number): Password | null {
  // NFC makes no more than four code units into one code point; beyond that, normalising would be wasted work.
  if (typeof raw !== 'string' || raw.length > 4 * maxLength) return null
  const password = parsePassword(raw)
  if (password === null) return null
  const length = countCodePoints(password.normalized)
  return length === 0 || length > maxLength ? null : password
}

/**
 * The texts that a stored hash may have been made of. Ours are made of NFC; another system hashed what it was sent, and
 * so one account may be of NFC, as most keyboards write, and the next of NFD, as some phones and file names have it.
 * One text where the password is plain ASCII.
 */
export function unicodeForms({ raw, normalized }: Password): readonly string[] {
  return [...new Set([normalized, raw, raw.normalize('NFD')])]
}
