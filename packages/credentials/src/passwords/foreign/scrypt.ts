import { scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Check } from './foreign-hash.ts'
import { isKeyedWhole } from './pbkdf2.ts'

/** `$scrypt$ln=16,r=8,p=1$<salt>$<hash>`, base64 without padding (PHC string format; passlib writes it). */
const PHC =
  /^\$scrypt\$ln=(?<ln>\d\d?),r=(?<r>\d\d?),p=(?<p>\d\d?)\$(?<salt>[\w+/]{1,86})\$(?<hash>[\w+/]{43}|[\w+/]{86})$/

/** `scrypt:32768:8:1$<salt as text>$<64 bytes in hex>` (Werkzeug 2.3 and later). */
const WERKZEUG = /^scrypt:(?<n>\d{1,7}):(?<r>\d\d?):(?<p>\d\d?)\$(?<salt>[^$]{1,64})\$(?<hash>[\da-f]{128})$/

/** N · r · p, and so at most 128 MiB: N=2^17, r=8, p=1, the largest that OWASP's cheat sheet names. */
const MAX_WORK = 2 ** 20

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt)

interface Parts {
  readonly n: number
  readonly r: number
  readonly p: number
  readonly salt: Buffer
  readonly hash: Buffer
}

export function readScrypt(stored: string): Check | null {
  const parts = readPhc(stored) ?? readWerkzeug(stored)
  if (parts === null) return null
  const { n, r, p, salt, hash } = parts
  if (n < 2 || !Number.isInteger(Math.log2(n)) || r < 1 || p < 1 || n * r * p > MAX_WORK) return null
  // OpenSSL counts a little over the 128·N·r bytes of the algorithm.
  const cost = { N: n, r, p, maxmem: 256 * (n + p + 2) * r }
  return async ({ given }) =>
    timingSafeEqual(await derive(given, salt, hash.length, cost), hash) && isKeyedWhole(given)
}

function readPhc(stored: string): Parts | null {
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

function readWerkzeug(stored: string): Parts | null {
  const { n, r, p, salt, hash } = WERKZEUG.exec(stored)?.groups ?? {}
  if (hash === undefined || salt === undefined) return null
  return { n: Number(n), r: Number(r), p: Number(p), salt: Buffer.from(salt), hash: Buffer.from(hash, 'hex') }
}
