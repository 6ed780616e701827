import { type Argon2Hash, parseArgon2 } from './argon2-hash.ts'
import { parseBcrypt } from './foreign/bcrypt.ts'
import { parsePbkdf2 } from './foreign/pbkdf2.ts'
import { parseScrypt } from './foreign/scrypt.ts'
import type { HashKind, HashVerifier, KnownHash } from './known-hash.ts'

/** Longer than any format, and short enough for every pattern. */
const MAX_LENGTH = 1024

/**
 * Parses a stored hash: argon2id, a format that the service verifies itself, or bcrypt, scrypt or pbkdf2 as other
 * systems write them. Trailing white space is ignored: the line end of an import, the padding of a CHAR(n) column.
 *
 * @returns null when it is none of these, malformed, or more expensive to verify than the parsers allow: an attacker who
 *   can write one row must not be able to occupy a core for minutes.
 */
export function parseHash(stored: unknown, verifiers: readonly HashVerifier[]): KnownHash | null {
  if (typeof stored !== 'string' || stored.length > MAX_LENGTH) return null
  const text = stored.trimEnd()
  return parseArgon2(text) ?? parseCustom(text, verifiers) ?? parseForeignHash(text)
}

/** Whether a parsed hash is argon2id. */
export function isArgon2(known: KnownHash): known is Argon2Hash {
  return known.kind === 'argon2id'
}

/**
 * The algorithm with which a stored hash would be verified. Before you migrate users from another system, count with it
 * the users who could no longer sign in.
 *
 * @param verifiers the option `hashing.verifiers` of `createCredentials`; a hash of one of them is `custom`.
 * @returns null when no password can match the hash.
 * @example
 * ```ts
 * const lockedOut = hashes.filter((hash) => identifyHash(hash) === null).length
 * ```
 */
export function identifyHash(stored: unknown, verifiers: readonly HashVerifier[] = []): HashKind | null {
  return parseHash(stored, verifiers)?.kind ?? null
}

function parseForeignHash(text: string): KnownHash | null {
  return parseBcrypt(text) ?? parseScrypt(text) ?? parsePbkdf2(text)
}

function parseCustom(text: string, verifiers: readonly HashVerifier[]): KnownHash | null {
  const verifier = verifiers.find((candidate) => candidate.matches(text) === true)
  if (verifier === undefined) return null
  return {
    kind: 'custom',
    salt: null,
    check: async (password) => ((await verifier.verify(password, text)) === true ? 'matches' : 'differs')
  }
}
