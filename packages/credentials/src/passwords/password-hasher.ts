import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { StoredUser } from '../users/user.ts'
import { Argon2Hasher, type HashingCost, SALT_BYTES } from './argon2-hasher.ts'
import type { HashVerifier, KnownHash, Match } from './known-hash.ts'
import { unicodeForms, type Password } from './password.ts'
import { isArgon2, parseHash } from './parse-hash.ts'

/**
 * `outdated`: it matches, and the hash should be replaced. `cut`: it matches, and so would other passwords, because the
 * hash does not read the whole of it. `unusable`: no password can match this hash.
 */
export type Comparison = 'matches' | 'outdated' | 'truncated' | 'differs' | 'unusable'

/** What names the password of a user. */
export type HashedPassword = Pick<StoredUser, 'id' | 'passwordHash'>

export interface PasswordHasher {
  /** Hashes a new password. Its salt is random, and so the proof is another, even of the same password set anew. */
  hash(password: Password): Promise<string>
  /** Hashes the password of `user` anew, at the cost of today. The proof stays what it was. */
  rehash(password: Password, user: HashedPassword): Promise<string>
  /**
   * Costs the same where there is nothing to compare with: pass null for an unknown user. Never rejects for what is
   * stored, only where a {@link HashVerifier} of the service rejects.
   */
  compare(stored: string | null, password: Password): Promise<Comparison>
  /** Names the password that a user has had since it was last set, and neither the hash nor its cost. No secret. */
  stampOf(user: HashedPassword): string
}

/** argon2id for what is made here, and verification of what was made elsewhere. */
export function createPasswordHasher(
  cost: HashingCost,
  verifiers: readonly HashVerifier[] = []
): PasswordHasher {
  const argon2 = new Argon2Hasher(cost)
  const key = randomBytes(32)
  const parse = (stored: string | null): KnownHash | null => parseHash(stored, verifiers)
  return {
    hash: (password) => argon2.hash(password),
    rehash: (password, user) =>
      argon2.hash(password, stableSalt(user.id, parse(user.passwordHash)) ?? undefined),
    compare: (stored, password) => compare(argon2, parse(stored), password),
    stampOf: (user) => proofOf(user, stableSalt(user.id, parse(user.passwordHash)), key)
  }
}

async function compare(
  argon2: Argon2Hasher,
  known: KnownHash | null,
  password: Password
): Promise<Comparison> {
  if (known === null) return compareDummy(argon2, password)
  for (const text of unicodeForms(password)) {
    const match = await tryCheck(known, text)
    if (match === null) return compareDummy(argon2, password)
    if (match === 'truncated') return 'truncated'
    if (match === 'matches') return isArgon2(known) && !argon2.isOutdated(known) ? 'matches' : 'outdated'
    if (isArgon2(known)) await argon2.topUp(text, known.work)
  }
  return 'differs'
}

async function compareDummy(argon2: Argon2Hasher, password: Password): Promise<'unusable'> {
  await argon2.verifyDummy(password)
  return 'unusable'
}

/** @returns null when the hash has the right form and still cannot be computed. */
async function tryCheck({ kind, check }: KnownHash, text: string): Promise<Match | null> {
  if (kind === 'custom') return check(text)
  try {
    return await check(text)
  } catch {
    return null
  }
}

/**
 * The salt for another hash of the same password, by which it is known for the same password. Whoever reads a user while
 * another node replaces the hash, by one of a higher cost or of our own form, so sees no change of the password: that
 * alone takes a new salt. A salt is no secret, and argon2 has the costs go into the hash (RFC 9106 section 3.2), so two
 * hashes of two costs with one salt have nothing in common. Of a foreign salt, which may be of any length and the
 * same for several users, it is a digest.
 *
 * @returns null for a hash whose salt only the service knows. A digest of the whole hash is no salt: where the hash is a
 *   fast one, it would serve to guess the password.
 */
function stableSalt(userId: string, known: KnownHash | null): Buffer | null {
  const salt = known?.salt ?? null
  if (salt === null || (known?.kind === 'argon2id' && salt.length === SALT_BYTES)) return salt
  return createHash('sha256').update(`${userId}\0`).update(salt).digest().subarray(0, SALT_BYTES)
}

/** 132 bits. */
const STAMP_LENGTH = 22

/**
 * Of a hash without a known salt, which a log-in leaves only where it could not be upgraded, the proof is of its bytes,
 * and under a key of this process, so that it too is of no use for guessing.
 */
function proofOf({ id, passwordHash }: HashedPassword, salt: Buffer | null, key: Buffer): string {
  const digest =
    salt === null
      ? createHmac('sha256', key).update(`${id}\0${passwordHash}`)
      : createHash('sha256').update(salt)
  return digest.digest('base64url').slice(0, STAMP_LENGTH)
}
