import { verify } from '@node-rs/argon2'
import type { KnownHash } from './known-hash.ts'

/** The most memory that one hash may take, whether new or stored. */
export const MAX_MEMORY_KIB = 262_144

/** KiB times passes: about half a second of one core. A stored hash above it is never computed. */
export const MAX_WORK = 2 ** 20

const MAX_LANES = 64

/**
 * Only argon2id of version 19; salt of 8 to 64 bytes, hash of 16 to 64. Django writes `argon2` before it, Spring
 * Security `{argon2}` or `{argon2@SpringSecurity_v5_8}`.
 */
const PATTERN =
  /^(?:argon2|\{argon2(?:@\w{1,32})?\})?\$argon2id\$v=19\$m=(?<m>[1-9]\d{0,6}),t=(?<t>[1-9]\d{0,3}),p=(?<p>[1-9]\d?)\$(?<salt>[A-Za-z\d+/]{11,86})\$(?<tag>[A-Za-z\d+/]{22,86})$/

/** A stored argon2id hash with its parameters. */
export interface Argon2Hash extends KnownHash {
  readonly salt: Buffer
  /** KiB times passes, to which the time of a comparison and the cost of a guess are proportional. */
  readonly work: number
  readonly lanes: number
  /** Length of the hash itself. */
  readonly tagBytes: number
}

/**
 * Parses a stored argon2id hash.
 *
 * @returns null when it is none, cannot be computed, or costs more than {@link MAX_WORK}.
 */
export function parseArgon2(stored: string): Argon2Hash | null {
  const { m, t, p, salt, tag } = PATTERN.exec(stored)?.groups ?? {}
  const [memoryKiB, passes, lanes] = [Number(m), Number(t), Number(p)]
  const work = memoryKiB * passes
  if (!(memoryKiB <= MAX_MEMORY_KIB && work <= MAX_WORK && lanes <= MAX_LANES)) return null
  // RFC 9106 section 3.1: at least 8 KiB per lane.
  if (memoryKiB < 8 * lanes || !isWholeBytes(salt) || !isWholeBytes(tag)) return null
  const [saltBytes, tagBytes] = [Buffer.from(salt, 'base64'), Buffer.from(tag, 'base64')]
  // Encoded again, since the last base64 character has several spellings and the library accepts one.
  const phc = `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${toUnpaddedBase64(saltBytes)}$${toUnpaddedBase64(tagBytes)}`
  return {
    kind: 'argon2id',
    salt: saltBytes,
    work,
    lanes,
    tagBytes: tagBytes.length,
    check: async (text) => ((await verify(phc, text)) ? 'matches' : 'differs')
  }
}

/** Whether base64 encodes whole bytes: a single character has only six bits. */
function isWholeBytes(base64: string | undefined): base64 is string {
  return base64 !== undefined && base64.length % 4 !== 1
}

/** Base64 without padding, as the PHC string format writes it. */
export function toUnpaddedBase64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
