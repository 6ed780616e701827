import { type Argon2Hash, parseArgon2 } from './argon2-hash.ts'
import { parseBcrypt } from './foreign/bcrypt.ts'
import { parsePbkdf2 } from './foreign/pbkdf2.ts'
import { parseScrypt } from './foreign/scrypt.ts'
import type { HashKind, HashVerifier, KnownHash } from './known-hash.ts'

/** More than any form allows, and little enough for every pattern. */
const MAX_LENGTH = 1024

/**
 * Reads a stored hash: argon2id, a form that the service verifies itself, or bcrypt, scrypt or pbkdf2 as other systems
 * write them. White space behind it is left out: a line end of an import, the spaces of a CHAR(n) column.
 *
 * @returns null when it is none of these, malformed, or dearer to verify than the readers allow: whoever can write one
 *   row must not be able to take a core for minutes.
 */
export function parseHash(stored: unknown, verifiers: readonly HashVerifier[]): KnownHash | null {
  if (typeof stored !== 'string' || stored.length > MAX_LENGTH) return null
  const text = stored.trimEnd()
  return parseArgon2(text) ?? parseCustom(text, verifiers) ?? parseForeignHash(text)
}

export function isArgon2(known: KnownHash): known is Argon2Hash {
  return known.kind === 'argon2id'
}

/**
 * By which algorithm a stored hash would be verified, or null where no password can match it: for counting, before users
 * are moved from another system, whose passwords would be lost. `own` is one of `verifiers`, the option
 * `hashing.verifiers` of `createCredentials`.
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
