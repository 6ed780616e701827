import { codePoints } from '../code-points.ts'

export interface Password {
  /** As it was sent: what a foreign hash was made of. */
  readonly given: string
  /** In form NFC: what argon2id hashes are made of and the policy judges. */
  readonly normal: string
}

/**
 * Reads a password. Its normal form is NFC, so that the same letters typed on another system are the same
 * password (NIST SP 800-63B-4 section 3.1.1.2). Nothing else is changed: case, spaces and controls count.
 *
 * @returns null for ill-formed Unicode: halves of surrogate pairs would all become U+FFFD on the way into the
 *   hash, and so be one password.
 */
export function readPassword(raw: string): Password | null {
  if (typeof raw !== 'string' || !raw.isWellFormed()) return null
  return { given: raw, normal: raw.normalize('NFC') }
}

/** As {@link readPassword}, and null also when it is empty or over `maxLength` code points in its normal form. */
export function readAttempt(raw: string, maxLength: number): Password | null {
  // NFC makes no more than four code units into one code point; beyond that, normalising would be wasted work.
  if (typeof raw !== 'string' || raw.length > 4 * maxLength) return null
  const password = readPassword(raw)
  if (password === null) return null
  const length = codePoints(password.normal)
  return length === 0 || length > maxLength ? null : password
}
