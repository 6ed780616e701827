import type { Login, RefreshTokenState, StoredKey, StoredSessionSecret } from '../../login/login.ts'
import { decodeMembers, toJsonObject } from '../../stores/login-codec.ts'
import { compressUserAgent, expandUserAgent } from './user-agent.ts'

/*
 * A login in Redis is one string of three lines: the fields by which the scripts decide, which Lua splits with one
 * pattern; what never changes; and the application's data. One string takes less memory than a hash of the members
 * (bench, `redis-memory`).
 *
 *   lastSeenAt ⇥ expiresAt ⇥ idleTimeoutSeconds ⇥ secretHash ⇥ secretExpiresAt
 *     ⇥ family ⇥ generation ⇥ hash ⇥ previousHash ⇥ sealed ⇥ rotatedAt ⇥ authenticatedAgainAt
 *   [1,userId,username,createdAt,authenticatedAt - createdAt,userAgent,address,scope,…,[keyHash,keyName]]
 *   {…}
 *
 * Without a scope in the list no limit was given; a list of none is a single 0. Only a key has the last member, which never
 * changes: it costs other logins nothing, and the scripts recognise a key by the two brackets.
 * In the first line, which is one, `-` stands for what a login does not have.
 *
 * Nothing is stored twice, or that the key says: this is by far most of what a service stores in Redis. Lists without
 * names take less than objects (bench, `redis-memory`).
 */
const VERSION = 1
const NONE = '-'
const NO_SCOPE = 0
const LIMITS_PATTERN = /(\d{1,16})\t(\d{1,16})\t(\d{1,16})/
const SECRET_PATTERN = /(?:-\t-|(?!-\t)([^\t]+)\t(-|\d{1,16}))/
const REFRESH_PATTERN = /(?:-\t-\t-\t-\t-\t-|([^\t]+)\t(\d{1,16})\t([^\t]+)\t([^\t]+)\t([^\t]+)\t(\d{1,16}))/
const AUTHENTICATED_PATTERN = /(-|\d{1,16})/
const HEADER_PATTERN = new RegExp(
  `^${[LIMITS_PATTERN, SECRET_PATTERN, REFRESH_PATTERN, AUTHENTICATED_PATTERN].map(({ source }) => source).join('\\t')}$`
)

/**
 * The row of a login. @throws TypeError where `data` is not an object of JSON values, or a hash is not
 * base64url.
 */
export function encodeRow(login: Login): string {
  return `${encodeHeader(login)}\n${encodeFixed(login)}\n${encodeData(login.data)}`
}

/** The last line of a row. @throws TypeError where `data` is not an object of JSON values. */
export function encodeData(data: Login['data']): string {
  return JSON.stringify(toJsonObject(data))
}

/** A field of the first line. @throws TypeError for text that would break the line. */
export function encodeField(text: string): string {
  if (text !== NONE && /^[^\t\n]+$/.test(text)) return text
  throw new TypeError('the hashes and the seal of a login must be base64url')
}

/** The login of a row; null for a row that `encodeRow` cannot have written. Never throws. */
export function decodeRow(id: string, row: string): Login | null {
  const [header = '', fixed = '', data = '', more] = row.split('\n')
  const fields = HEADER_PATTERN.exec(header)
  const fixedFields = parseJson(fixed)
  if (more !== undefined || fields === null || !Array.isArray(fixedFields)) return null
  const [version, userId, username, createdAt, authenticatedAfter, userAgent, address, ...rest] =
    fixedFields as unknown[]
  const last = rest.at(-1)
  const key = Array.isArray(last) ? (last as unknown[]) : null
  const list = key === null ? rest : rest.slice(0, -1)
  const [, lastSeenAt, expiresAt, idleTimeoutSeconds] = fields
  return decodeMembers([
    version,
    id,
    userId,
    username,
    createdAt,
    Math.max(Number(createdAt) + Number(authenticatedAfter), decodeAgain(fields.at(-1))),
    Number(expiresAt),
    Number(idleTimeoutSeconds),
    Number(lastSeenAt),
    [expandUserAgent(userAgent), address],
    decodeSecret(fields[4], fields[5]),
    decodeRefresh(fields),
    key,
    decodeScopes(list),
    parseJson(data)
  ])
}

function encodeFixed(login: Login): string {
  const { userId, username, createdAt, authenticatedAt, device, scopes, key } = login
  const identity = [VERSION, userId, username, createdAt, authenticatedAt - createdAt]
  const { userAgent, address } = device
  return JSON.stringify([
    ...identity,
    compressUserAgent(userAgent),
    address,
    ...encodeScopes(scopes),
    ...encodeKey(key)
  ])
}

function encodeKey(key: StoredKey | null): readonly unknown[] {
  return key === null ? [] : [[key.secretHash, key.name]]
}

/** Most logins have no limit: it takes no space. */
function encodeScopes(scopes: Login['scopes']): readonly unknown[] {
  if (scopes === null) return []
  return scopes.length === 0 ? [NO_SCOPE] : scopes
}

function decodeScopes(list: readonly unknown[]): unknown {
  if (list.length === 0) return null
  return list.length === 1 && list[0] === NO_SCOPE ? [] : list
}

function encodeHeader({ lastSeenAt, expiresAt, idleTimeoutSeconds, session, refresh }: Login): string {
  const limits = [lastSeenAt, expiresAt, idleTimeoutSeconds]
  return [...limits, ...encodeSecret(session), ...encodeRefresh(refresh), NONE].join('\t')
}

function encodeSecret(session: StoredSessionSecret | null): ReadonlyArray<string | number> {
  if (session === null) return [NONE, NONE]
  return [encodeField(session.secretHash), session.expiresAt ?? NONE]
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

function decodeSecret(secretHash?: string, expiresAt?: string): readonly unknown[] | null {
  if (secretHash === undefined) return null
  return expiresAt === NONE ? [secretHash] : [secretHash, Number(expiresAt)]
}

function decodeRefresh(fields: RegExpExecArray): readonly unknown[] | null {
  if (fields[6] === undefined) return null
  const [familyHash, generation, hash, previousHash, sealed, rotatedAt] = fields.slice(6)
  const orNull = (text: string | undefined) => (text === NONE ? null : text)
  return [familyHash, Number(generation), hash, orNull(previousHash), orNull(sealed), Number(rotatedAt)]
}

/** When the user authenticated again: 0 for never. Only the script that changes a login writes it: what never changes stays. */
function decodeAgain(field: string | undefined): number {
  return field === NONE ? 0 : Number(field)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
