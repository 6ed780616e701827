import { callbackify } from 'node:util'
import type { Login } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { unauthorized } from '@drawbridge/carrier'
import { OptionError } from '@drawbridge/options'
import type { SessionStore } from '@fastify/session'
import type { Session } from 'fastify'
import { SessionDataError } from '../errors.ts'
import { verifySecret, parseCookieValue } from '../cookies/session-secret.ts'
import type { Successors } from '../sessions/successors.ts'
import type { FollowedIds } from './followed-ids.ts'

type SessionData = Readonly<Record<string, unknown>>

/** What the store needs. */
export interface SessionStoreDependencies {
  readonly logins: CarrierLogins
  readonly successors: Successors
  readonly followed: FollowedIds
}

/** Member names of a Session object itself; data under one of them would break or shadow it. */
const RESERVED: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'cookie',
  'sessionId',
  'encryptedSessionId',
  'options',
  'touch',
  'regenerate',
  'get',
  'set',
  'destroy',
  'reload',
  'save',
  'isModified',
  'isSaved'
])

/**
 * The logins behind the store interface of @fastify/session, in which a session's data are members of one object. It
 * never creates: `set` only writes to an active login, so that a slow request cannot restore one that was revoked
 * meanwhile; such a request is a 401.
 */
export function createSessionStore(dependencies: SessionStoreDependencies): SessionStore {
  const { logins } = dependencies
  const find: FindLogin = (sessionId) => findLogin(dependencies, sessionId)
  return {
    get: callbackify((sessionId: string) => read(find, sessionId)) as SessionStore['get'],
    set: callbackify((sessionId: string, session: Session) => write(find, logins, sessionId, session)),
    destroy: callbackify((sessionId: string) => destroy(find, logins, sessionId))
  }
}

type FindLogin = (sessionId: string) => Promise<Login | null>

async function read(find: FindLogin, sessionId: string): Promise<SessionData | null> {
  const login = await find(sessionId)
  return login && { ...omitReserved(login.data), cookie: {} }
}

/** @param owner for the error. @throws OptionError for data of a sign-in that `request.session` could not have. */
export function checkDataNames(data: SessionData, owner: string): void {
  const name = Object.keys(data).find((member) => RESERVED.has(member))
  if (name !== undefined) throw new OptionError(`${owner}.${name} is a reserved name of sessions`)
}

/** Another writer of the store may have used such a name: the rest of the data is read all the same. */
function omitReserved(data: SessionData): SessionData {
  return Object.fromEntries(Object.entries(data).filter(([name]) => !RESERVED.has(name)))
}

async function write(
  find: FindLogin,
  logins: CarrierLogins,
  sessionId: string,
  session: Session
): Promise<void> {
  const login = await find(sessionId)
  const updated = login && (await logins.update(login.id, { data: toData(session) }))
  if (updated === null) throw unauthorized('the login was revoked before its data was written')
}

async function destroy(find: FindLogin, logins: CarrierLogins, sessionId: string): Promise<void> {
  const login = await find(sessionId)
  if (login !== null) await logins.revoke(login.id, { by: 'service', reason: 'session-destroyed' })
}

/**
 * The signature of the id is verified before; the secret in it must still be the login's, or was until the user authenticated
 * again, since a request that was let in before that may finish; unless this process made the id.
 */
async function findLogin(
  { logins, successors, followed }: SessionStoreDependencies,
  sessionId: string
): Promise<Login | null> {
  const value = parseCookieValue(sessionId)
  const login = value && (await logins.resolve(value.loginId))
  if (!value || !login) return null
  const now = logins.now()
  if (verifySecret(value.secret, login.session, now) || followed.has(value)) return login
  return successors.find(value, login.session, now) === undefined ? null : login
}

/**
 * The data of a session to store. Checked here, where the name of what is wrong is known: the store would only report a
 * failure, and JSON drops some values silently.
 *
 * @throws SessionDataError
 */
export function toData(session: Session): SessionData {
  const data: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(session)) {
    if (name === 'cookie') continue
    const member = `request.session.${name}`
    if (RESERVED.has(name)) throw new SessionDataError(`${member} is a reserved name of sessions`)
    if (!isJson(value)) throw new SessionDataError(`${member} has a value that JSON cannot represent`)
    data[name] = value
  }
  return data
}

function isJson(value: unknown): boolean {
  try {
    let isLossless = true
    JSON.stringify(value, (_name, member: unknown) => {
      isLossless &&= !isDroppedByJson(member)
      return member
    })
    return isLossless
  } catch {
    return false
  }
}

/** What JSON drops, or makes an empty object of. `undefined` is dropped too, and is how a member is removed. */
function isDroppedByJson(value: unknown): boolean {
  return (
    typeof value === 'function' || typeof value === 'symbol' || value instanceof Map || value instanceof Set
  )
}
