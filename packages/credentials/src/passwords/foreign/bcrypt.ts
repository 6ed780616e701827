import { verify } from '@node-rs/bcrypt'
import type { Check } from './foreign-hash.ts'

const FORM = /^\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{53}$/

/** About a second of one core; what is in use is 10 to 12. */
const MAX_COST = 14

/** bcrypt reads so many bytes and no more. */
const MAX_BYTES = 72

export function readBcrypt(stored: string): Check | null {
  const cost = Number(FORM.exec(stored)?.groups?.['cost'])
  if (!(cost >= 4 && cost <= MAX_COST)) return null
  return async ({ given }) => (await verify(given, stored)) && isReadWhole(given)
}

/**
 * Past 72 bytes, and in many implementations from a NUL on, bcrypt does not look: such a password would match
 * whatever its end, and the argon2id hash made at that log-in would be of the wrong one.
 */
function isReadWhole(password: string): boolean {
  return Buffer.byteLength(password) <= MAX_BYTES && !password.includes('\0')
}
