import type { Login, RefreshHandle } from '../login.ts'
import { decodeLogin, encodeLogin, jsonObject } from '../stores/login-codec.ts'

/*
 * A login in Redis is one string of three lines: what the scripts decide by, in fields that Lua takes apart with one
 * pattern; what never changes; and the application's data. One string, because a hash with a value of more than 64
 * bytes leaves its compact form and costs more than twice as much.
 *
 *   lastSeenAt ⇥ expiresAt ⇥ idleSeconds ⇥ generation ⇥ hash ⇥ previousHash ⇥ sealed ⇥ rotatedAt
 *   [1,"-","userId",…]
 *   {…}
 *
 * What the key or the first line says stands in the second one as if it were nothing.
 */
const NONE = '-'
const NOTHING = { id: NONE, expiresAt: 0, idleSeconds: 0, lastSeenAt: 0, refresh: null, data: {} }
const HEAD =
  /^(\d{1,16})\t(\d{1,16})\t(\d{1,16})\t(?:-\t-\t-\t-\t-|(\d{1,16})\t([^\t]+)\t([^\t]+)\t([^\t]+)\t(\d{1,16}))$/

/** @throws TypeError where `data` is not an object of JSON values, or the refresh handle is not of base64url. */
export function encodeRow(login: Login): string {
  return `${headOf(login)}\n${encodeLogin({ ...login, ...NOTHING })}\n${encodeData(login.data)}`
}

/** As the last line of a row. @throws TypeError */
export function encodeData(data: Login['data']): string {
  return JSON.stringify(jsonObject(data))
}

/** As a field of the first line. @throws TypeError for what could not be told from the line around it. */
export function encodeField(text: string): string {
  if (text !== NONE && /^[^\t\n]+$/.test(text)) return text
  throw new TypeError('the hashes and the seal of a refresh handle must be base64url')
}

/** Null for what `encodeRow` cannot have written. Never throws. */
export function decodeRow(id: string, row: string): Login | null {
  const [head = '', fixed = '', data = '', more] = row.split('\n')
  const fields = HEAD.exec(head)
  const [login, parsed] = [decodeLogin(fixed), parseObject(data)]
  if (more !== undefined || fields === null || login === null || parsed === null) return null
  const [lastSeenAt, expiresAt, idleSeconds] = fields.slice(1, 4).map(Number) as [number, number, number]
  return { ...login, id, expiresAt, idleSeconds, lastSeenAt, refresh: refreshOf(fields), data: parsed }
}

function headOf({ lastSeenAt, expiresAt, idleSeconds, refresh }: Login): string {
  return [lastSeenAt, expiresAt, idleSeconds, ...handleOf(refresh)].join('\t')
}

function handleOf(refresh: RefreshHandle | null): ReadonlyArray<string | number> {
  if (refresh === null) return [NONE, NONE, NONE, NONE, NONE]
  const { generation, hash, previousHash, sealed, rotatedAt } = refresh
  const orNone = (text: string | null) => (text === null ? NONE : encodeField(text))
  return [generation, encodeField(hash), orNone(previousHash), orNone(sealed), rotatedAt]
}

function refreshOf([
  ,
  ,
  ,
  ,
  generation,
  hash,
  previousHash,
  sealed,
  rotatedAt
]: RegExpExecArray): RefreshHandle | null {
  if (generation === undefined) return null
  const orNull = (text: string | undefined) => (text === undefined || text === NONE ? null : text)
  return {
    generation: Number(generation),
    hash: hash as string,
    previousHash: orNull(previousHash),
    sealed: orNull(sealed),
    rotatedAt: Number(rotatedAt)
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
