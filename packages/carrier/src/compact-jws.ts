import { isUtf8 } from 'node:buffer'

/** A JOSE header. */
export type JoseHeader = Readonly<Record<string, unknown>>

/** What a JWS says, decoded. */
export interface CompactJws {
  readonly header: JoseHeader
  readonly payload: Buffer
}

/**
 * Parses a JWS in compact form (RFC 7515 section 7.1); null for anything that is not exactly that. It runs before the
 * libraries because they accept more: unused bits in the last character, so that one token has several spellings;
 * ill-formed UTF-8, so that several users have one name; a member that is there twice.
 *
 * @param known headers that were parsed before, by segment.
 */
export function parseCompactJws(token: string, known?: ReadonlyMap<string, JoseHeader>): CompactJws | null {
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  if (first === -1 || second === -1) return null
  const segment = token.slice(0, first)
  const header = known?.get(segment) ?? parseHeader(segment)
  const payload = decodeSegment(token.slice(first + 1, second))
  if (!header || !payload) return null
  // A third dot is not in the alphabet of base64url, and so fails here.
  return isCanonicalBase64url(token, second + 1) ? { header, payload } : null
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The place of each character in the alphabet of base64url, from 1 on; 0 for any other (RFC 4648 section 5). */
const PLACES = Uint8Array.from({ length: 128 }, (_, code) => BASE64URL.indexOf(String.fromCharCode(code)) + 1)

/**
 * Whether a text is, from there on, base64url of at least one byte in its one spelling: no padding, and no unused bits that are set
 * (RFC 4648 section 3.5). Nobody here reads the bytes of a signature, and not to decode them takes a part of the time (bench,
 * `cold-guards`).
 */
function isCanonicalBase64url(text: string, from: number): boolean {
  let last = 0
  for (let at = from; at < text.length; at += 1) {
    last = PLACES[text.charCodeAt(at)] ?? 0
    if (last === 0) return false
  }
  const unusedBits = UNUSED_BITS[(text.length - from) % 4]
  return last > 0 && unusedBits !== undefined && ((last - 1) & unusedBits) === 0
}

/** Of the last character, by how many characters are left after groups of four; one alone is not a byte. */
const UNUSED_BITS = [0, undefined, 0b1111, 0b11] as const

function parseHeader(segment: string): JoseHeader | null {
  const bytes = decodeSegment(segment)
  return bytes && parseJsonObject(bytes)
}

/** Parses a JSON object in UTF-8, with no member twice at any depth; null for anything else. */
export function parseJsonObject(bytes: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(bytes.toString())
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return isStrictJson(bytes, value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** Whether JSON text is well-formed UTF-8 with no member twice at any depth. `value` is its parsed value. */
export function isStrictJson(bytes: Buffer, value: object): boolean {
  return isUtf8(bytes) && countMembers(value) === countColons(bytes)
}

function decodeSegment(segment: string): Buffer | null {
  const bytes = Buffer.from(segment, 'base64url')
  return bytes.toString('base64url') === segment ? bytes : null
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a

/**
 * JSON text has one colon outside of strings for each member; `JSON.parse` keeps one of those that share a name.
 * A loop over bytes is faster than a regular expression (bench, `token-guard-cold-hs256`).
 */
function countColons(bytes: Buffer): number {
  let count = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (byte === COLON) count += 1
    else if (byte === QUOTE) at = findEndOfString(bytes, at)
  }
  return count
}

/** @param start of a string of JSON text. @returns where its closing quote is. */
function findEndOfString(bytes: Buffer, start: number): number {
  let at = start + 1
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at
}

/**
 * Without recursion: the sender chooses the depth. `for`-`in` makes no list, and V8 knows this test of its names, but not yet
 * `Object.hasOwn` (bench, `cold-guards`).
 */
function countMembers(root: object): number {
  let count = 0
  const open: object[] = [root]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const isList = Array.isArray(value)
    for (const name in value) {
      if (!Object.prototype.hasOwnProperty.call(value, name)) continue
      if (!isList) count += 1
      const inner: unknown = value[name as keyof typeof value]
      if (typeof inner === 'object' && inner !== null) open.push(inner)
    }
  }
  return count
}
