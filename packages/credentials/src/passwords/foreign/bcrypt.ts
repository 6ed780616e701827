import { createHash, createHmac } from 'node:crypto'
import { verify } from '@node-rs/bcrypt'
import type { KnownHash } from '../known-hash.ts'

/** Derives the input of bcrypt from a password and the encoded salt. */
type Prepare = (password: string, salt: string) => string

const PATTERN =
  /^(?<prefix>bcrypt\$|\{bcrypt\}|bcrypt_sha256\$|\$wp|)\$2[aby]\$(?<cost>\d\d)\$(?<salt>[./A-Za-z\d]{22})(?<tag>[./A-Za-z\d]{31})$/

/** `$bcrypt-sha256$v=2,t=2b,r=12$<salt>$<tag>`; before passlib 1.7.3 `$bcrypt-sha256$2b,12$<salt>$<tag>`. */
const PASSLIB =
  /^\$bcrypt-sha256\$(?:(?<v2>v=2,t=)2[ab],r=|2[ab],)(?<cost>\d\d?)\$(?<salt>[./A-Za-z\d]{22})\$(?<tag>[./A-Za-z\d]{31})$/

const identity: Prepare = (password) => password

const PREPARE_BY_PREFIX: Readonly<Record<string, Prepare>> = {
  '': identity,
  // Django's BCryptPasswordHasher, and Spring Security's DelegatingPasswordEncoder.
  bcrypt$: identity,
  '{bcrypt}': identity,
  // Django's BCryptSHA256PasswordHasher.
  bcrypt_sha256$: (password) => createHash('sha256').update(password).digest('hex'),
  // WordPress since 6.8.
  $wp: (password) => createHmac('sha384', 'wp-sha384').update(password).digest('base64')
}

const passlibV1: Prepare = (password) => createHash('sha256').update(password).digest('base64')
const passlibV2: Prepare = (password, salt) => createHmac('sha256', salt).update(password).digest('base64')

/** About a second of one core; common costs are 10 to 12. */
const MAX_COST = 14

/** bcrypt ignores all bytes after these. */
const MAX_BYTES = 72

/** @returns null when it is no bcrypt hash, or its cost is above {@link MAX_COST}. */
export function parseBcrypt(stored: string): KnownHash | null {
  const common = PATTERN.exec(stored)?.groups
  const passlib = PASSLIB.exec(stored)?.groups
  const { cost = '', salt = '', tag = '', prefix = '' } = common ?? passlib ?? {}
  if (!(Number(cost) >= 4 && Number(cost) <= MAX_COST)) return null
  const prepare = common ? (PREPARE_BY_PREFIX[prefix] ?? identity) : passlib?.['v2'] ? passlibV2 : passlibV1
  // The revision only names the library that made the hash: all three are computed in the same way.
  const canonical = `$2b$${cost.padStart(2, '0')}$${clearPaddingBits(salt, 4)}${clearPaddingBits(tag, 2)}`
  return {
    kind: 'bcrypt',
    salt: Buffer.from(salt),
    check: async (text) => {
      const key = prepare(text, salt)
      if (!(await verify(key, canonical))) return 'differs'
      return isReadFully(key) ? 'matches' : 'truncated'
    }
  }
}

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/**
 * The last character of a salt has four unused bits, that of the hash two. Some libraries did not clear them (passlib
 * before 1.5.3, ansible), and the library used here compares the text.
 */
function clearPaddingBits(base64: string, bits: number): string {
  const last = ALPHABET.indexOf(base64.slice(-1))
  return base64.slice(0, -1) + ALPHABET.charAt((last >> bits) << bits)
}

/**
 * bcrypt ignores what follows after 72 bytes, and in many implementations after a NUL: such a password would match
 * whatever its end is, and the argon2id hash made at that sign-in would be of the wrong password.
 */
function isReadFully(password: string): boolean {
  return Buffer.byteLength(password) <= MAX_BYTES && !password.includes('\0')
}
