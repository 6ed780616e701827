import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { StoredUser } from '../users/user.ts'
import { Argon2Hasher, type HashingCost, SALT_BYTES } from './argon2-hasher.ts'
import type { HashVerifier, KnownHash, Match } from './known-hash.ts'
import { unicodeForms, type Password } from './password.ts'
import { isArgon2, parseHash } from './parse-hash.ts'

/**
 * `outdated`: the password matches, and the hash should be replaced. `truncated`: it matches, and so would others,
 * because the algorithm does not read all of it. `unusable`: no password can match this hash.
 */
export type Comparison = 'matches' | 'outdated' | 'truncated' | 'differs' | 'unusable'

/** The part of a user that identifies the password. */
export type HashedPassword = Pick<StoredUser, 'id' | 'passwordHash'>

/** Hashes passwords and compares them with stored hashes. */
export interface PasswordHasher {
  /**
   * Hashes a new password with a random salt, so that the stamp is a new one, even if the same password is set again.
   */
  hash(password: Password): Promise<string>
  /** Hashes the password of `user` again, at the current cost. The stamp stays the same. */
  rehash(password: Password, user: HashedPassword): Promise<string>
  /**
   * Takes the same work when there is nothing to compare with: pass null for an unknown user. No stored hash makes it
   * reject, only a {@link HashVerifier} of the service that rejects.
   */
  compare(stored: string | null, password: Password): Promise<Comparison>
  /** Identifies the password since it was last set, independently of the hash and its cost. No secret. */
  stampOf(user: HashedPassword): string
  /** Whether `stampOf` is the same on every node: not for a hash whose salt is unknown, nor without a hash. */
  hasSharedStamp(user: HashedPassword): boolean
  /** For a user without one: a stamp that is the same on every node. Takes the work of a hash. */
  slowStampOf(user: HashedPassword): Promise<string>
}

/** Hashes new passwords with argon2id, and also verifies the hashes of other systems. */
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
    stampOf: (user) => createStamp(user, stableSalt(user.id, parse(user.passwordHash)), key),
    hasSharedStamp: ({ passwordHash }) => (parse(passwordHash)?.salt ?? null) !== null,
    slowStampOf: (user) => createSlowStamp(argon2, user)
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
 * The salt for another hash of the same password. An upgraded hash takes the salt of the old one over, and only a new
 * password gets a new salt: so a node that reads the user while another upgrades the hash does not take that for a
 * change of the password. A salt is no secret, and argon2 includes the cost in its input (RFC 9106 section 3.2), so two
 * hashes of two costs with the same salt have nothing in common. A foreign salt may be of any length and common to
 * several users, so a digest of it and the user id is used instead.
 *
 * @returns null for a hash whose salt only the service knows. A digest of the whole hash would be no substitute: if the
 *   hash is a fast one, the digest would help to guess the password.
 */
function stableSalt(userId: string, known: KnownHash | null): Buffer | null {
  const salt = known?.salt ?? null
  if (salt === null || (known?.kind === 'argon2id' && salt.length === SALT_BYTES)) return salt
  return createHash('sha256').update(`${userId}\0`).update(salt).digest().subarray(0, SALT_BYTES)
}

/** 132 bits. */
const STAMP_LENGTH = 22

/**
 * A digest of the salt. Where the salt is unknown, which after a sign-in is only a hash that could not be upgraded, it
 * is a MAC of the hash under a key of this process, so that it does not help to guess the password either.
 */
function createStamp({ id, passwordHash }: HashedPassword, salt: Buffer | null, key: Buffer): string {
  const digest =
    salt === null
      ? createHmac('sha256', key).update(`${id}\0${passwordHash}`)
      : createHash('sha256').update(salt)
  return digest.digest('base64url').slice(0, STAMP_LENGTH)
}

/**
 * A digest of the stored text that is as slow to compute as the hash of a password: a fast one would help to guess a password
 * that was hashed by a fast algorithm. A store of the service's own may have null for a user without a password.
 */
async function createSlowStamp(
  argon2: Argon2Hasher,
  { id, passwordHash }: { readonly id: string; readonly passwordHash: string | null }
): Promise<string> {
  const text = passwordHash ?? ''
  const salt = createHash('sha256').update(`stamp of ${id}`).digest().subarray(0, SALT_BYTES)
  const slow = await argon2.hash({ raw: text, normalized: text }, salt)
  return createHash('sha256').update(slow).digest('base64url').slice(0, STAMP_LENGTH)
}
