import type { Password } from '../password.ts'
import { readBcrypt } from './bcrypt.ts'
import { readPbkdf2 } from './pbkdf2.ts'
import { readScrypt } from './scrypt.ts'

/** Whether a password is the one that a hash was made of. */
export type Check = (password: Password) => Promise<boolean>

/**
 * Reads a hash that another system made: bcrypt, scrypt or pbkdf2. Such a hash is only ever verified, and
 * replaced by argon2id at the first log-in.
 *
 * @returns null when it is none of these, malformed, or dearer to verify than {@link readBcrypt} and the others
 *   allow: whoever can write one row must not be able to take a core for minutes.
 */
export function readForeignHash(stored: string): Check | null {
  return readBcrypt(stored) ?? readScrypt(stored) ?? readPbkdf2(stored)
}
