import type { Login, Logins } from '@drawbridge/logins'
import { asHttpError, unauthorized } from '@drawbridge/logins/fastify'
import type { SessionStore } from '@fastify/session'
import type { Session } from 'fastify'
import { SessionDataError } from './errors.ts'
import { proves, readHandle } from './session-handle.ts'

type Data = Readonly<Record<string, unknown>>
type Done = (error?: unknown) => void

/** Names that a Session object has itself; data under one of them would break or shadow it. */
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
 * The logins behind the store interface of @fastify/session, which keeps a session's data as members of one object.
 * It never creates: `set` only writes to a login that lives, so that a slow request cannot bring one back that was
 * ended meanwhile; such a request is answered 401.
 */
export function asFastifyStore(logins: Logins): SessionStore {
  return {
    get: (sessionId, done) => settle(read(logins, sessionId), (error, data) => done(error, data as never)),
    set: (sessionId, session, done) => settle(write(logins, sessionId, session), done),
    destroy: (sessionId, done) => settle(end(logins, sessionId), done)
  }
}

async function read(logins: Logins, sessionId: string): Promise<Data | null> {
  const login = await proven(logins, sessionId)
  return login && { ...withoutReserved(login.data), cookie: {} }
}

/** Whoever else writes to the store may have used such a name: the rest of the data is to be read all the same. */
function withoutReserved(data: Data): Data {
  return Object.fromEntries(Object.entries(data).filter(([name]) => !RESERVED.has(name)))
}

async function write(logins: Logins, sessionId: string, session: Session): Promise<void> {
  const login = await proven(logins, sessionId)
  const changed = login && (await logins.update(login.id, { data: dataOf(session) }))
  if (changed === null) throw unauthorized('the login ended before its data was written')
}

async function end(logins: Logins, sessionId: string): Promise<void> {
  const login = await proven(logins, sessionId)
  if (login !== null) await logins.revoke(login.id)
}

/** The signer has said that the id is ours; the secret in it must still be the login's. */
async function proven(logins: Logins, sessionId: string): Promise<Login | null> {
  const handle = readHandle(sessionId)
  const login = handle && (await logins.resolve(handle.loginId))
  return handle && login?.session && proves(handle.secret, login.session) ? login : null
}

/**
 * What is to be stored of a session. Checked here, where the name of what is wrong is known; the store would only say that
 * it could not, and JSON leaves some of it out without a word. @throws SessionDataError
 */
export function dataOf(session: Session): Data {
  const data: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(session)) {
    if (name === 'cookie') continue
    const member = `request.session.${name}`
    if (RESERVED.has(name))
      throw new SessionDataError(`${member} is a name that sessions have for themselves`)
    if (!isJson(value)) throw new SessionDataError(`${member} holds what JSON cannot`)
    data[name] = value
  }
  return data
}

function isJson(value: unknown): boolean {
  try {
    let isWhole = true
    JSON.stringify(value, (_name, part: unknown) => {
      isWhole &&= !isLeftOut(part)
      return part
    })
    return isWhole
  } catch {
    return false
  }
}

/** What JSON drops, or makes an empty object of. `undefined` is left out too, and is how a member is removed. */
function isLeftOut(value: unknown): boolean {
  return (
    typeof value === 'function' || typeof value === 'symbol' || value instanceof Map || value instanceof Set
  )
}

function settle<T>(work: Promise<T>, done: (error?: unknown, value?: T) => void): void {
  work.then(
    (value) => done(null, value),
    (error) => (done as Done)(asHttpError(error))
  )
}
