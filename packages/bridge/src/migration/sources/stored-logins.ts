import type { FastifyRequest } from 'fastify'
import { plainError, wholeNumber, parseOptions } from '@drawbridge/options'
import * as v from 'valibot'
import type { GivenLogin, OldLogins, PresentedOldLogin } from '../old-logins.ts'
import { invalid, type OldLoginFields, toPresented } from './fields.ts'
import { setCookie } from './old-cookie.ts'
import { createPresentation, type Presentation, type PresentedIn } from './presented.ts'

/** The records of another system. Each rejects only where they cannot be reached. */
export interface OldRows<Row> {
  /** Null or undefined where there is none. */
  find(key: string): Promise<Row | null | undefined>
  /** Removes a record; repeated, it does nothing more. */
  remove(key: string): Promise<unknown>
  /** Adds a record for a login of ours. @returns its key. */
  insert?(login: GivenLogin): Promise<string>
  /** How many records have a user. */
  count?(): Promise<number>
}

/** What a record says. */
export interface StoredLogin extends OldLoginFields {
  /** As in {@link OldLogin}. Default: the key. Needed where that is no secret, and the same for all credentials of a key. */
  readonly secret?: string
}

/** Options of {@link createStoredLogins}. */
export interface StoredLoginsOptions<Row> extends PresentedIn {
  /**
   * The key of the record that a credential names. It checks the signature, and asks nobody: made-up credentials then never
   * reach the records. Null, or any error, where that system did not make it.
   */
  readonly verify: (credential: string, request: FastifyRequest) => string | null | Promise<string | null>
  readonly rows: OldRows<Row>
  /**
   * What a record says. Null, or any error, where it cannot be read, or is not that of the credential: nobody is then signed in
   * by it. The credential is null where only the record is asked for.
   */
  readonly read: (row: Row, credential: string | null) => StoredLogin | null
  /** The credential of a key. With it and `rows.insert`, logins of ours are given one there. */
  readonly sign?: ((key: string) => string) | undefined
  /** See {@link OldLogins}. */
  readonly mayNeverExpire?: boolean
  /** How long to wait for the records, ms, 1 to 30 000. Default 5000. */
  readonly timeoutMs?: number | undefined
  /** ms since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

const timeoutSchema = v.object({ timeoutMs: v.optional(wholeNumber(1, 30_000), 5000) })

/**
 * Logins of a system that keeps a record of each, which the credential names.
 *
 * @throws OptionError
 * @example
 * const old = createStoredLogins({
 *   in: { name: 'auth_session', sameSite: 'lax' },
 *   verify: (credential) => credential,
 *   rows: { find: (id) => rows.findById(id), remove: (id) => rows.removeById(id) },
 *   read: (row) => ({ userId: row.user_id, expiresAt: row.expires_at })
 * })
 */
export function createStoredLogins<Row>(options: StoredLoginsOptions<Row>): OldLogins {
  const { verify, rows, mayNeverExpire = false } = options
  const { timeoutMs } = parseOptions('createStoredLogins', timeoutSchema, { timeoutMs: options.timeoutMs })
  const presentation = createPresentation('createStoredLogins', options)
  const ask: Ask = (work) => withTimeout(timeoutMs, work)
  const readRow = createReadRow(options, ask)
  return {
    carrier: presentation.carrier,
    keepsRecord: true,
    mayNeverExpire,
    clear: presentation.clear,
    read: async (request) => {
      const texts = presentation.find(request)
      for (const text of texts) {
        const key = text === null ? null : await verifiedKey(verify, text, request)
        if (key !== null) return readRow(key, text)
      }
      return texts.length === 0 ? { kind: 'none' } : invalid('signature', 'not a credential of that system')
    },
    isActive: async (key) => (await readRow(key, null)).kind === 'found',
    revoke: async (key) => void (await ask(async () => rows.remove(key))),
    ...createGive(options, presentation, ask, readRow),
    ...(rows.count !== undefined && { count: () => ask(async () => (await rows.count?.()) ?? 0) })
  }
}

/** Waits for the records, and no longer than it should. */
type Ask = <T>(work: () => Promise<T>) => Promise<T>

type ReadRow = (key: string, credential: string | null) => Promise<PresentedOldLogin>

function createReadRow<Row>({ rows, read, now = Date.now }: StoredLoginsOptions<Row>, ask: Ask): ReadRow {
  return async (key, credential) => {
    const row = await ask(async () => rows.find(key))
    const login = row === null || row === undefined ? null : orNull(() => read(row, credential))
    if (login === null) return { kind: 'none' }
    const { secret = key, ...fields } = login
    const presented = toPresented(fields, { key, secret }, now())
    // That system goes on as if there were no record.
    return presented.kind === 'invalid' ? { kind: 'none' } : presented
  }
}

/** Of a system that only makes its own logins, nothing. */
function createGive<Row>(
  { rows, sign }: StoredLoginsOptions<Row>,
  { cookie }: Presentation,
  ask: Ask,
  readRow: ReadRow
): Pick<OldLogins, 'give'> {
  const insert = rows.insert?.bind(rows)
  if (sign === undefined || insert === undefined || cookie === undefined) return {}
  const isActiveFor = async (key: string, { userId }: GivenLogin) => {
    const presented = await readRow(key, null)
    return presented.kind === 'found' && presented.old.userId === userId
  }
  return {
    give: async (reply, login, key) => {
      const isSame = key !== null && (await isActiveFor(key, login))
      const given = isSame ? key : await ask(() => insert(login))
      setCookie(reply, cookie, sign(given))
      return given
    }
  }
}

/**
 * Ids are visible ASCII. A store may take anything else for a fault of its own, as Postgres does a NUL, and a client would make an
 * outage of it.
 */
const KEY = /^[\x21-\x7e]{1,1024}$/

async function verifiedKey<Row>(
  verify: StoredLoginsOptions<Row>['verify'],
  text: string,
  request: FastifyRequest
): Promise<string | null> {
  try {
    const key = await verify(text, request)
    return key !== null && KEY.test(key) ? key : null
  } catch {
    return null
  }
}

function orNull<T>(work: () => T | null): T | null {
  try {
    return work()
  } catch {
    return null
  }
}

/** A driver without a server may wait for ever, and its errors may have the credential in them. */
async function withTimeout<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const error = new Error(`the other system did not respond within ${timeoutMs} ms`)
    timer = setTimeout(() => reject(error), timeoutMs)
  })
  try {
    return await Promise.race([work(), late])
  } catch (error) {
    throw plainError(error)
  } finally {
    clearTimeout(timer)
  }
}
