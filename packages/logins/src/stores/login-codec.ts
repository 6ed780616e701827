import type { DeviceInfo, Login, RefreshTokenState, StoredKey, StoredSessionSecret } from '../login/login.ts'

const VERSION = 1

/**
 * A login as one short line of text, the same for every store. The members are an array, with the version of
 * the format first: no names to repeat in each record, and none that could be `__proto__`.
 *
 * @throws TypeError where `data` is not an object of JSON values, since it could not be read back.
 */
export function encodeLogin(login: Login): string {
  return JSON.stringify([
    VERSION,
    login.id,
    login.userId,
    login.username,
    login.createdAt,
    login.authenticatedAt,
    login.expiresAt,
    login.idleTimeoutSeconds,
    login.lastSeenAt,
    [login.device.userAgent, login.device.address],
    login.session === null ? null : encodeSessionSecret(login.session),
    login.refresh === null ? null : encodeRefreshState(login.refresh),
    login.key === null ? null : [login.key.secretHash, login.key.name],
    login.scopes,
    toJsonObject(login.data)
  ])
}

/**
 * The login of a text, or null for any text that `encodeLogin` of this version cannot have written. Never
 * throws: a record that was damaged or tampered with counts as missing, and is not an error in every request
 * that presents it.
 */
export function decodeLogin(text: string): Login | null {
  return decodeMembers(parseJson(text))
}

/**
 * As {@link decodeLogin}, for a store that stores some of the members elsewhere. @param list the members as
 * an array.
 */
export function decodeMembers(list: unknown): Login | null {
  if (!Array.isArray(list) || list.length !== 15 || list[0] !== VERSION) return null
  const [, id, userId, username, createdAt, authenticatedAt, expiresAt, idleTimeoutSeconds, lastSeenAt] = list
  const [device, session, refresh, key] = [
    parseDevice(list[9]),
    parseSessionSecret(list[10]),
    parseRefreshState(list[11]),
    parseKey(list[12])
  ]
  const [scopes, data] = [list[13] as unknown, list[14] as unknown]
  if (!isNonEmptyText(id) || !isNonEmptyText(userId) || !isText(username)) return null
  if (
    !isNonNegativeInteger(createdAt) ||
    !isNonNegativeInteger(authenticatedAt) ||
    !isNonNegativeInteger(expiresAt)
  )
    return null
  if (!isNonNegativeInteger(idleTimeoutSeconds) || !isNonNegativeInteger(lastSeenAt)) return null
  if (device === undefined || session === undefined || refresh === undefined || key === undefined) return null
  if (!(scopes === null || isTextList(scopes)) || !isObject(data)) return null
  const times = { createdAt, authenticatedAt, expiresAt, idleTimeoutSeconds, lastSeenAt }
  return { id, userId, username, ...times, device, session, refresh, key, scopes, data }
}

/**
 * A copy of the data as JSON represents it, which is what a store returns. @throws TypeError where it is not
 * an object of JSON values.
 */
export function toJsonObject(value: Login['data']): Login['data'] {
  const copy = parseJson(JSON.stringify(value) ?? '')
  if (!isObject(copy)) throw new TypeError('the data of a login must be an object of JSON values')
  return copy
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function encodeSessionSecret({ secretHash, expiresAt }: StoredSessionSecret): readonly unknown[] {
  return expiresAt === null ? [secretHash] : [secretHash, expiresAt]
}

function encodeRefreshState(state: RefreshTokenState): readonly unknown[] {
  const { familyHash, generation, hash, previousHash, sealed, rotatedAt } = state
  return [familyHash, generation, hash, previousHash, sealed, rotatedAt]
}

function parseDevice(value: unknown): DeviceInfo | undefined {
  if (!isTextList(value) || value.length !== 2) return undefined
  const [userAgent, address] = value as [string, string]
  return { userAgent, address }
}

function parseSessionSecret(value: unknown): StoredSessionSecret | null | undefined {
  if (value === null) return null
  if (!Array.isArray(value) || value.length < 1 || value.length > 2) return undefined
  const [secretHash, expiresAt = null] = value as unknown[]
  if (!isText(secretHash) || (value.length === 2 && !isNonNegativeInteger(expiresAt))) return undefined
  return { secretHash, expiresAt: expiresAt as number | null }
}

function parseRefreshState(value: unknown): RefreshTokenState | null | undefined {
  if (value === null) return null
  if (!Array.isArray(value) || value.length !== 6) return undefined
  const [familyHash, generation, hash, previousHash, sealed, rotatedAt] = value as unknown[]
  if (
    !isText(familyHash) ||
    !isNonNegativeInteger(generation) ||
    !isText(hash) ||
    !isNonNegativeInteger(rotatedAt)
  )
    return undefined
  if (!isTextOrNull(previousHash) || !isTextOrNull(sealed)) return undefined
  return { familyHash, generation, hash, previousHash, sealed, rotatedAt }
}

function parseKey(value: unknown): StoredKey | null | undefined {
  if (value === null) return null
  if (!isTextList(value) || value.length !== 2) return undefined
  const [secretHash, name] = value as [string, string]
  return { secretHash, name }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isNonEmptyText = (value: unknown): value is string => isText(value) && value !== ''
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value)
const isTextList = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)
const isNonNegativeInteger = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
