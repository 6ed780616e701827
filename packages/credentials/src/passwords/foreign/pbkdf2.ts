import { pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Check } from './foreign-hash.ts'

/** `pbkdf2_sha256$1000000$<salt as text>$<32 bytes in base64>` (Django). */
const DJANGO =
  /^pbkdf2_(?<digest>sha256)\$(?<iterations>\d{1,7})\$(?<salt>[^$]{1,64})\$(?<hash>[A-Za-z\d+/]{43}=)$/

/** `pbkdf2:sha256:600000$<salt as text>$<hex>` (Werkzeug). */
const WERKZEUG =
  /^pbkdf2:(?<digest>sha1|sha256|sha512):(?<iterations>\d{1,7})\$(?<salt>[^$]{1,64})\$(?<hash>[\da-f]+)$/

/** Django 6.0 writes 1 200 000. */
const MAX_ITERATIONS = 2_000_000

const DIGEST_BYTES: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha512: 64 }

const derive = promisify(pbkdf2)

export function readPbkdf2(stored: string): Check | null {
  const django = DJANGO.exec(stored)?.groups
  const { digest = '', iterations, salt = '', hash = '' } = django ?? WERKZEUG.exec(stored)?.groups ?? {}
  const expected = Buffer.from(hash, django === undefined ? 'hex' : 'base64')
  const rounds = Number(iterations)
  // A shorter hash would be a shorter proof: what was cut off would go unchecked.
  if (!(rounds >= 1 && rounds <= MAX_ITERATIONS) || expected.length !== DIGEST_BYTES[digest]) return null
  return async ({ given }) =>
    timingSafeEqual(await derive(given, salt, rounds, expected.length, digest), expected) &&
    isKeyedWhole(given)
}

/**
 * pbkdf2, and scrypt with it, keys an HMAC with the password, and HMAC fills a short key with zeros (RFC 2104
 * section 2): `pass` and `pass\0` have one hash, and the argon2id hash made at log-in would be of the wrong one.
 */
export function isKeyedWhole(password: string): boolean {
  return !password.endsWith('\0')
}
