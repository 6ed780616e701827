import { Argon2Hasher, type HashingCost } from './argon2-hasher.ts'
import { type Check, readForeignHash } from './foreign/foreign-hash.ts'
import type { Password } from './password.ts'

/** `outdated`: it matches, and the hash should be replaced. `unusable`: no password can match this hash. */
export type Comparison = 'matches' | 'outdated' | 'differs' | 'unusable'

export interface PasswordHasher {
  hash(password: Password): Promise<string>
  /** Costs the same where there is nothing to compare with: pass null for an unknown user. Never rejects a hash. */
  compare(stored: string | null, password: Password): Promise<Comparison>
}

/** argon2id for what is made here, and verification of what was made elsewhere. */
export function createPasswordHasher(cost: HashingCost): PasswordHasher {
  const argon2 = new Argon2Hasher(cost)
  return {
    hash: (password) => argon2.hash(password),
    compare: (stored, password) => compare(argon2, stored, password)
  }
}

async function compare(argon2: Argon2Hasher, stored: string | null, password: Password): Promise<Comparison> {
  const known = typeof stored === 'string' ? read(argon2, stored) : null
  const same = known === null ? null : await attempt(known.check, password)
  if (known === null || same === null) {
    await argon2.pretend(password)
    return 'unusable'
  }
  if (!same) return 'differs'
  return known.outdated ? 'outdated' : 'matches'
}

function read(argon2: Argon2Hasher, stored: string): { check: Check; outdated: boolean } | null {
  const own = argon2.read(stored)
  if (own !== null) return own
  const check = readForeignHash(stored)
  return check === null ? null : { check, outdated: true }
}

/** @returns null when the hash has the right form and still cannot be computed: its base64 is of no whole bytes. */
async function attempt(check: Check, password: Password): Promise<boolean | null> {
  try {
    return await check(password)
  } catch {
    return null
  }
}
