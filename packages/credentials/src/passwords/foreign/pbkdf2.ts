import { pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { KnownHash } from '../known-hash.ts'

/** `pbkdf2_sha256$1000000$<salt as text>$<32 bytes in base64>`, `pbkdf2_sha1$…$<20 bytes>` (Django). */
const DJANGO =
  /^pbkdf2_(?<digest>sha1|sha256)\$(?<iterations>\d{1,7})\$(?<salt>[^$]{1,64})\$(?<hash>[A-Za-z\d+/]{27}=|[A-Za-z\d+/]{43}=)$/

/** `pbkdf2:sha256:600000$<salt as text>$<hex>` (Werkzeug). */
const WERKZEUG =
  /^pbkdf2:(?<digest>sha1|sha256|sha512):(?<iterations>\d{1,7})\$(?<salt>[^$]{1,64})\$(?<hash>[\da-f]{1,128})$/

/** `$pbkdf2-sha256$29000$<salt>$<hash>`, also `-sha512`; `$pbkdf2$` is SHA-1. Base64 with `.` for `+` (passlib). */
const PASSLIB =
  /^\$pbkdf2(?:-(?<digest>sha256|sha512))?\$(?<iterations>\d{1,7})\$(?<salt>[A-Za-z\d./]{1,86})\$(?<hash>[A-Za-z\d./]{27,86})$/

/** Django 6.0 writes 1 200 000. */
const MAX_ITERATIONS = 2_000_000

const DIGEST_BYTES: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha512: 64 }

const derive = promisify(pbkdf2)

interface Pbkdf2Hash {
  readonly digest: string
  readonly iterations: number
  readonly salt: Buffer
  readonly hash: Buffer
}

/** @returns null when it is no pbkdf2 hash, or has more than {@link MAX_ITERATIONS} iterations. */
export function parsePbkdf2(stored: string): KnownHash | null {
  const parsed =
    parseText(DJANGO, 'base64', stored) ?? parseText(WERKZEUG, 'hex', stored) ?? parsePasslib(stored)
  if (parsed === null) return null
  const { digest, iterations, salt, hash } = parsed
  // The whole digest is required: a truncated hash would match more passwords.
  if (iterations < 1 || iterations > MAX_ITERATIONS || hash.length !== DIGEST_BYTES[digest]) return null
  return {
    kind: 'pbkdf2',
    salt,
    check: async (text) => {
      if (!timingSafeEqual(await derive(text, salt, iterations, hash.length, digest), hash)) return 'differs'
      return isKeyUnambiguous(text) ? 'matches' : 'truncated'
    }
  }
}

function parseText(pattern: RegExp, encoding: 'base64' | 'hex', stored: string): Pbkdf2Hash | null {
  const { digest, iterations, salt, hash } = pattern.exec(stored)?.groups ?? {}
  if (digest === undefined || salt === undefined || hash === undefined) return null
  return {
    digest,
    iterations: Number(iterations),
    salt: Buffer.from(salt),
    hash: Buffer.from(hash, encoding)
  }
}

function parsePasslib(stored: string): Pbkdf2Hash | null {
  const { digest = 'sha1', iterations, salt, hash } = PASSLIB.exec(stored)?.groups ?? {}
  if (salt === undefined || hash === undefined) return null
  const decode = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64')
  return { digest, iterations: Number(iterations), salt: decode(salt), hash: decode(hash) }
}

/**
 * pbkdf2, and scrypt through it, use the password as the key of an HMAC, which pads a short key with zeros (RFC 2104
 * section 2): `pass` and `pass\0` have the same hash, and the argon2id hash made at sign-in would be of the wrong one.
 */
export function isKeyUnambiguous(password: string): boolean {
  return !password.endsWith('\0')
}
