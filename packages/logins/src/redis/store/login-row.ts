import type { Login, RefreshTokenState } from '../../login/login.ts'
import { decodeMembers, toJsonObject } from '../../stores/login-codec.ts'
import { compressUserAgent, expandUserAgent } from './user-agent.ts'

/*
 * A login in Redis is one string of three lines: what the scripts decide by, in fields that Lua takes apart with one
 * pattern; what never changes; and the application's data.
 * One string and no hash of the members (bench, `redis-memory`, a session by MEMORY USAGE: 328 bytes and not 424).
 *
 *   lastSeenAt ⇥ expiresAt ⇥ idleTimeoutSeconds ⇥ family ⇥ generation ⇥ hash ⇥ previousHash ⇥ sealed ⇥ rotatedAt
 *   [1,userId,username,createdAt,authenticatedAt - createdAt,userAgent,address,secretHash or 0,scope,…]
 *   {…}
 *
 * Nothing stands there twice, or that the key says: it is by far the most of what a service keeps in Redis.
 * Lists without names (bench, `redis-memory`: 328 bytes; with names 424; as JSON of the whole login 744).
 */
const VERSION = 1
const NONE = '-'
const HEADER_PATTERN =
  /^(\d{1,16})\t(\d{1,16})\t(\d{1,16})\t(?:-\t-\t-\t-\t-\t-|([^\t]+)\t(\d{1,16})\t([^\t]+)\t([^\t]+)\t([^\t]+)\t(\d{1,16}))$/

/** @throws TypeError where `data` is not an object of JSON values, or the refresh handle is not of base64url. */
export function encodeRow(login: Login): string {
  return `${encodeHeader(login)}\n${encodeFixed(login)}\n${encodeData(login.data)}`
}

/** As the last line of a row. @throws TypeError */
export function encodeData(data: Login['data']): string {
  return JSON.stringify(toJsonObject(data))
}

/** As a field of the first line. @throws TypeError for what could not be told from the line around it. */
export function encodeField(text: string): string {
  if (text !== NONE && /^[^\t\n]+$/.test(text)) return text
  throw new TypeError('the hashes and the seal of a refresh handle must be base64url')
}

/** Null for what `encodeRow` cannot have written. Never throws. */
export function decodeRow(id: string, row: string): Login | null {
  const [header = '', fixed = '', data = '', rest] = row.split('\n')
  const fields = HEADER_PATTERN.exec(header)
  const fixedFields = parseJson(fixed)
  if (rest !== undefined || fields === null || !Array.isArray(fixedFields)) return null
  const [
    version,
    userId,
    username,
    createdAt,
    authenticatedAfter,
    userAgent,
    address,
    secretHash,
    ...scopes
  ] = fixedFields as unknown[]
  const [lastSeenAt, expiresAt, idleTimeoutSeconds] = fields.slice(1, 4).map(Number)
  const authenticatedAt = Number(createdAt) + Number(authenticatedAfter)
  const identity = [
    version,
    id,
    userId,
    username,
    createdAt,
    authenticatedAt,
    expiresAt,
    idleTimeoutSeconds,
    lastSeenAt
  ]
  const device = [expandUserAgent(userAgent), address]
  const session = secretHash === 0 ? null : [secretHash]
  return decodeMembers([...identity, device, session, decodeRefresh(fields), scopes, parseJson(data)])
}

function encodeFixed({
  userId,
  username,
  createdAt,
  authenticatedAt,
  device,
  session,
  scopes
}: Login): string {
  const identity = [VERSION, userId, username, createdAt, authenticatedAt - createdAt]
  const { userAgent, address } = device
  return JSON.stringify([
    ...identity,
    compressUserAgent(userAgent),
    address,
    session?.secretHash ?? 0,
    ...scopes
  ])
}

function encodeHeader({ lastSeenAt, expiresAt, idleTimeoutSeconds, refresh }: Login): string {
  return [lastSeenAt, expiresAt, idleTimeoutSeconds, ...encodeRefresh(refresh)].join('\t')
}

function encodeRefresh(refresh: RefreshTokenState | null): ReadonlyArray<string | number> {
  if (refresh === null) return [NONE, NONE, NONE, NONE, NONE, NONE]
  const { familyHash, generation, hash, previousHash, sealed, rotatedAt } = refresh
  const orNone = (text: string | null) => (text === null ? NONE : encodeField(text))
  return [
    encodeField(familyHash),
    generation,
    encodeField(hash),
    orNone(previousHash),
    orNone(sealed),
    rotatedAt
  ]
}

function decodeRefresh(fields: RegExpExecArray): readonly unknown[] | null {
  const [, , , , familyHash, generation, hash, previousHash, sealed, rotatedAt] = fields
  if (familyHash === undefined) return null
  const orNull = (text: string | undefined) => (text === NONE ? null : text)
  return [familyHash, Number(generation), hash, orNull(previousHash), orNull(sealed), Number(rotatedAt)]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
