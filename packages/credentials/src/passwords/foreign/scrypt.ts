import { scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { KnownHash } from '../known-hash.ts'
import { isKeyUnambiguous } from './pbkdf2.ts'

/** `$scrypt$ln=16,r=8,p=1$<salt>$<hash>`, base64 without padding (PHC string format; passlib writes it). */
const PHC =
  /^\$scrypt\$ln=(?<ln>\d\d?),r=(?<r>\d\d?),p=(?<p>\d\d?)\$(?<salt>[\w+/]{1,86})\$(?<hash>[\w+/]{43}|[\w+/]{86})$/

/** `scrypt:32768:8:1$<salt as text>$<64 bytes in hex>` (Werkzeug 2.3 and later). */
const WERKZEUG = /^scrypt:(?<n>\d{1,7}):(?<r>\d\d?):(?<p>\d\d?)\$(?<salt>[^$]{1,64})\$(?<hash>[\da-f]{128})$/

/** `scrypt$16384$<salt as text>$8$5$<64 bytes in base64>` (Django 4.0 and later). */
const DJANGO =
  /^scrypt\$(?<n>\d{1,7})\$(?<salt>[^$]{1,64})\$(?<r>\d\d?)\$(?<p>\d\d?)\$(?<hash>[A-Za-z\d+/]{86}==)$/

/** `<salt as text>:<64 bytes in hex>`, always of the same cost, of the password in form NFKC (better-auth, Lucia 3). */
const BETTER_AUTH = /^(?<salt>[\da-f]{32}):(?<hash>[\da-f]{128})$/

/** N · r · p, and so at most 128 MiB: N=2^17, r=8, p=1, the largest that OWASP's cheat sheet names. */
const MAX_WORK = 2 ** 20

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt)

interface ScryptHash {
  readonly n: number
  readonly r: number
  readonly p: number
  readonly salt: Buffer
  readonly hash: Buffer
  readonly prepare?: (password: string) => string
}

/** @returns null when it is no scrypt hash, or costs more than {@link MAX_WORK}. */
export function parseScrypt(stored: string): KnownHash | null {
  const parsed =
    parsePhc(stored) ??
    parseText(WERKZEUG, 'hex', stored) ??
    parseText(DJANGO, 'base64', stored) ??
    parseBetterAuth(stored)
  if (parsed === null) return null
  const { n, r, p, salt, hash, prepare = (password) => password } = parsed
  if (n < 2 || !Number.isInteger(Math.log2(n)) || r < 1 || p < 1 || n * r * p > MAX_WORK) return null
  // RFC 7914 section 2: N is less than 2^(128·r/8).
  if (Math.log2(n) >= 16 * r) return null
  // OpenSSL needs a little more than the 128·N·r bytes of the algorithm.
  const cost = { N: n, r, p, maxmem: 256 * (n + p + 2) * r }
  return {
    kind: 'scrypt',
    salt,
    check: async (text) => {
      const key = prepare(text)
      if (!timingSafeEqual(await derive(key, salt, hash.length, cost), hash)) return 'differs'
      return isKeyUnambiguous(key) ? 'matches' : 'truncated'
    }
  }
}

function parsePhc(stored: string): ScryptHash | null {
  const { ln, r, p, salt, hash } = PHC.exec(stored)?.groups ?? {}
  if (hash === undefined || salt === undefined) return null
  return {
    n: 2 ** Number(ln),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64')
  }
}

function parseText(pattern: RegExp, encoding: 'base64' | 'hex', stored: string): ScryptHash | null {
  const { n, r, p, salt, hash } = pattern.exec(stored)?.groups ?? {}
  if (hash === undefined || salt === undefined) return null
  return {
    n: Number(n),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt),
    hash: Buffer.from(hash, encoding)
  }
}

function parseBetterAuth(stored: string): ScryptHash | null {
  const { salt, hash } = BETTER_AUTH.exec(stored)?.groups ?? {}
  if (hash === undefined || salt === undefined) return null
  const prepare = (password: string): string => password.normalize('NFKC')
  return { n: 16_384, r: 16, p: 1, salt: Buffer.from(salt), hash: Buffer.from(hash, 'hex'), prepare }
}
