import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { GivenLogin, OldLogins, PresentedOldLogin } from '../old-logins.ts'
import { invalid, type OldLoginFields, toPresented } from './fields.ts'
import { setCookie } from './old-cookie.ts'
import { createPresentation, type PresentedIn } from './presented.ts'

/** What a sealed credential says. */
export interface SealedLogin extends OldLoginFields {
  /**
   * Names the login. Default: a digest of the credential. Null where another login of the same user has the very same
   * credential: no time, no id and nothing random is in it.
   */
  readonly key?: string | null
  /** As in {@link OldLogin}. Default: the credential. Needed where several credentials have one key. */
  readonly secret?: string
}

/** Options of {@link createSealedLogins}. */
export interface SealedLoginsOptions extends PresentedIn {
  /**
   * Opens a credential that is signed or encrypted. Null, or any error, where that system did not make it, or would not accept
   * it; an {@link OldSystemUnreachableError} where it cannot be known.
   */
  readonly open: (
    credential: string,
    request: FastifyRequest
  ) => SealedLogin | null | Promise<SealedLogin | null>
  /** Makes a credential for a login of ours, which that system accepts. Default: it can only make its own. */
  readonly seal?: ((login: GivenLogin) => string | Promise<string>) | undefined
  /** See {@link OldLogins}. */
  readonly isWeak?: boolean
  /** See {@link OldLogins}. */
  readonly mayNeverExpire?: boolean
  /** ms since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

/** What a credential cannot be verified without does not respond: 503, since nothing is known of the login. */
export class OldSystemUnreachableError extends Error {
  constructor(cause: unknown) {
    super('the other system cannot be reached', { cause })
    this.name = 'OldSystemUnreachableError'
  }
}

/**
 * Logins of a system that keeps no record of them: everything is in the credential.
 *
 * @throws OptionError
 * @example
 * const old = createSealedLogins({
 *   in: { name: 'session', sameSite: 'lax' },
 *   open: (credential) => {
 *     const row = openSealed(credential, secret)
 *     return row && { userId: row.user_id, issuedAt: row.at }
 *   }
 * })
 */
export function createSealedLogins(options: SealedLoginsOptions): OldLogins {
  const { open, seal, isWeak = false, mayNeverExpire = false, now = Date.now } = options
  const { find, clear, cookie, carrier } = createPresentation('createSealedLogins', options)

  const readOne = async (text: string, request: FastifyRequest): Promise<PresentedOldLogin> => {
    const login = await orNull(async () => open(text, request))
    if (login === null) return invalid('signature', 'not a credential of that system')
    const { key = toKey(text), secret = text, ...fields } = login
    return toPresented(fields, { key, secret }, now())
  }

  const read = async (request: FastifyRequest): Promise<PresentedOldLogin> => {
    let first: PresentedOldLogin = { kind: 'none' }
    for (const text of find(request)) {
      const presented = text === null ? invalid('malformed', 'too long') : await readOne(text, request)
      if (presented.kind !== 'invalid') return presented
      if (first.kind === 'none') first = presented
    }
    return first
  }

  const logins = { carrier, keepsRecord: false, isWeak, mayNeverExpire, read, clear }
  if (seal === undefined || cookie === undefined) return logins
  return {
    ...logins,
    give: async (reply, login) => {
      const credential = await seal(login)
      const opened = await open(credential, reply.request)
      setCookie(reply, cookie, credential)
      return opened?.key ?? toKey(credential)
    }
  }
}

async function orNull<T>(work: () => Promise<T | null>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof OldSystemUnreachableError) throw error
    return null
  }
}

/** Never the credential itself: a key is stored. */
export function toKey(credential: string): string {
  return createHash('sha256').update(credential).digest('base64url')
}
