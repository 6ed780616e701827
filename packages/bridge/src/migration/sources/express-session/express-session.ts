import { randomBytes } from 'node:crypto'
import signature from 'cookie-signature'
import type { GivenLogin, OldLogins } from '../../old-logins.ts'
import type { OldLoginFields } from '../fields.ts'
import { readPath, readTime } from '../read-path.ts'
import { createStoredLogins, type OldRows } from '../stored-logins.ts'
import { type ExpressSessionOptions, type ParsedOptions, parseExpressSessionOptions } from './options.ts'
import { countRows, findRow, insertRow, removeRow, type SessionRow } from './session-store.ts'

/**
 * The sessions of express-session, with or without passport. A secret of any length will do: the id in the cookie is random, and
 * must be in the store.
 *
 * @throws OptionError
 * @example
 * const old = expressSession({ secret, store: redisRows({ redis }), cookie: { sameSite: 'lax' } })
 */
export function expressSession(input: ExpressSessionOptions): OldLogins {
  const options = parseExpressSessionOptions(input)
  const { secret, cookie, createSession, timeoutMs, now } = options
  const logins = createStoredLogins<SessionRow>({
    in: cookie,
    verify: (credential) => verify(credential, secret),
    rows: createRows(options),
    read: (row) => readRow(row, options),
    sign: createSession && ((sid) => `s:${signature.sign(sid, secret[0] as string)}`),
    timeoutMs,
    now
  })
  return { ...logins, sharesSecret: (isOurs) => secret.some(isOurs) }
}

const SIGNED = 's:'

function verify(credential: string, secrets: readonly string[]): string | null {
  if (!credential.startsWith(SIGNED)) return null
  const signed = credential.slice(SIGNED.length)
  for (const secret of secrets) {
    const sid = signature.unsign(signed, secret)
    if (sid !== false) return sid
  }
  return null
}

function createRows(options: ParsedOptions): OldRows<SessionRow> {
  const { store, createSession, now = Date.now } = options
  const isCounted = (row: SessionRow) => {
    const userId = readRow(row, options)?.userId
    return userId !== undefined && userId !== null
  }
  return {
    find: (sid) => findRow(store, sid),
    remove: (sid) => removeRow(store, sid),
    ...(createSession !== undefined &&
      store.set !== undefined && {
        insert: async (login: GivenLogin) => {
          const sid = newSessionId()
          await insertRow(store, sid, { cookie: createCookie(options, now()), ...createSession(login) })
          return sid
        }
      }),
    ...((store.all !== undefined || store.length !== undefined) && {
      count: () => countRows(store, isCounted)
    })
  }
}

/** As express-session draws it. */
const newSessionId = () => randomBytes(24).toString('base64url')

/** What express-session reads of the cookie in a row; without `expires` it lasts as long as the store keeps it. */
function createCookie({ cookie }: ParsedOptions, now: number): object {
  const { maxAgeSeconds, path, domain, secure, sameSite } = cookie
  const originalMaxAge = maxAgeSeconds === undefined ? null : maxAgeSeconds * 1000
  const expires = originalMaxAge === null ? null : new Date(now + originalMaxAge).toISOString()
  return { originalMaxAge, expires, httpOnly: true, path, secure, domain, sameSite }
}

/** Null for a row that express-session could not read. */
function readRow(row: SessionRow, options: ParsedOptions): OldLoginFields | null {
  const { getUserId, getUsername, getIssuedAt, now = Date.now } = options
  const cookie = readPath(row, 'cookie')
  if (typeof cookie !== 'object' || cookie === null) return null
  const issuedAt = getIssuedAt?.(row) ?? null
  return {
    userId: getUserId(row),
    username: getUsername?.(row),
    issuedAt,
    authenticatedAt: issuedAt,
    expiresAt: readExpiry(cookie, options.rolling, now())
  }
}

/**
 * For express-session a row is valid for as long as the store has it. A store that is only touched keeps the `expires` of the last
 * change: users who come every day would be logged out by it.
 */
function readExpiry(cookie: object, rolling: boolean, now: number): number | null {
  const expires = readTime(readPath(cookie, 'expires'))
  if (expires === null || Number.isNaN(expires) || (!rolling && expires > now)) return expires
  const maxAge = readPath(cookie, 'originalMaxAge')
  return typeof maxAge === 'number' && maxAge > 0 ? Math.ceil(now + maxAge) : null
}
