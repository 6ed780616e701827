import type { Device, Login, RefreshHandle, SessionHandle } from '../login.ts'

const VERSION = 1

/**
 * A login as one short line of text, the same for every store. The members stand in an array by place, with the
 * version of that layout first: no names to repeat in each record, and none that could be `__proto__`.
 *
 * @throws TypeError where `data` is not an object of JSON values: it could not be read back.
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
    login.idleSeconds,
    login.lastSeenAt,
    [login.device.userAgent, login.device.address],
    login.session === null ? null : [login.session.secretHash],
    login.refresh === null ? null : refreshToList(login.refresh),
    login.scopes,
    jsonObject(login.data)
  ])
}

/**
 * The login of a text, or null for any text that `encodeLogin` of this version cannot have written. Never throws:
 * a record that was damaged or tampered with is no login, and not an error in every request that shows it.
 */
export function decodeLogin(text: string): Login | null {
  return decodeMembers(parsed(text))
}

/** The same for the members of the array, where a store keeps some of them elsewhere. */
export function decodeMembers(list: unknown): Login | null {
  if (!Array.isArray(list) || list.length !== 14 || list[0] !== VERSION) return null
  const [, id, userId, username, createdAt, authenticatedAt, expiresAt, idleSeconds, lastSeenAt] = list
  const [device, session, refresh] = [deviceOf(list[9]), sessionOf(list[10]), refreshOf(list[11])]
  const [scopes, data] = [list[12] as unknown, list[13] as unknown]
  if (!isName(id) || !isName(userId) || !isText(username)) return null
  if (!isCount(createdAt) || !isCount(authenticatedAt) || !isCount(expiresAt)) return null
  if (!isCount(idleSeconds) || !isCount(lastSeenAt)) return null
  if (device === undefined || session === undefined || refresh === undefined) return null
  if (!isTexts(scopes) || !isObject(data)) return null
  const times = { createdAt, authenticatedAt, expiresAt, idleSeconds, lastSeenAt }
  return { id, userId, username, ...times, device, session, refresh, scopes, data }
}

/** What a store would give back for these values: a copy with the semantics of JSON. @throws TypeError */
export function jsonObject(value: Login['data']): Login['data'] {
  const copy = parsed(JSON.stringify(value) ?? '')
  if (!isObject(copy)) throw new TypeError('the data of a login must be an object of JSON values')
  return copy
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refreshToList(handle: RefreshHandle): readonly unknown[] {
  const { familyHash, generation, hash, previousHash, sealed, rotatedAt } = handle
  return [familyHash, generation, hash, previousHash, sealed, rotatedAt]
}

function deviceOf(value: unknown): Device | undefined {
  if (!isTexts(value) || value.length !== 2) return undefined
  const [userAgent, address] = value as [string, string]
  return { userAgent, address }
}

function sessionOf(value: unknown): SessionHandle | null | undefined {
  if (value === null) return null
  if (!isTexts(value) || value.length !== 1) return undefined
  return { secretHash: value[0] as string }
}

function refreshOf(value: unknown): RefreshHandle | null | undefined {
  if (value === null) return null
  if (!Array.isArray(value) || value.length !== 6) return undefined
  const [familyHash, generation, hash, previousHash, sealed, rotatedAt] = value as unknown[]
  if (!isText(familyHash) || !isCount(generation) || !isText(hash) || !isCount(rotatedAt)) return undefined
  if (!isTextOrNull(previousHash) || !isTextOrNull(sealed)) return undefined
  return { familyHash, generation, hash, previousHash, sealed, rotatedAt }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isName = (value: unknown): value is string => isText(value) && value !== ''
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value)
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
