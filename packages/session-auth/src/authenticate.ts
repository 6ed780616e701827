import { type CredentialCache, endsAt, type Logins, type Principal } from '@drawbridge/logins'
import type { FastifyRequest } from 'fastify'
import { AMBIGUOUS, type SessionCookie } from './session-cookie.ts'
import { type PresentedHandle, proves } from './session-handle.ts'

/** Whose login a request shows. A refusal names its cause for the log. */
export type AuthenticateOutcome =
  | { readonly ok: true; readonly principal: Principal; readonly outdated: PresentedHandle | null }
  | { readonly ok: false; readonly reason: 'none' | 'ambiguous' | 'invalid'; readonly cause: string }

const refused = (reason: 'none' | 'ambiguous' | 'invalid', cause: string): AuthenticateOutcome => ({
  ok: false,
  reason,
  cause
})

const NONE = refused('none', 'no session cookie is shown')
const TWO = refused('ambiguous', 'two session cookies that differ are shown')
const FORGED = refused('invalid', 'the session cookie was not signed by us')
const ENDED = refused('invalid', 'the login has ended or never was')
const OLD_HANDLE = refused('invalid', 'the session cookie is not the one that the login has now')

/** Checks what a request shows: from the cache where it can, and always by the store where it must. */
export class SessionAuthenticator {
  readonly #logins: Logins
  readonly #cookie: SessionCookie
  readonly #cache: CredentialCache

  constructor(logins: Logins, cookie: SessionCookie) {
    this.#logins = logins
    this.#cookie = cookie
    this.#cache = logins.openCache()
  }

  /** The hot path: a cookie that was verified before and that nothing speaks against. */
  recall(request: FastifyRequest): Principal | undefined {
    const raw = this.#cookie.find(request.headers.cookie)
    return typeof raw === 'string' ? this.#cache.get(raw) : undefined
  }

  /**
   * Asks the store, whatever the cache says: for what mints or ends a credential, and for what the cache does not
   * hold. Rejects when the store is down.
   */
  async resolve(request: FastifyRequest): Promise<AuthenticateOutcome> {
    const raw = this.#cookie.find(request.headers.cookie)
    if (raw === undefined) return NONE
    if (raw === AMBIGUOUS) return TWO
    const opened = this.#cookie.open(raw)
    if (opened === null) return FORGED
    const { handle, isOutdated } = opened
    const login = await this.#logins.resolve(handle.loginId)
    if (login === null) return ENDED
    if (login.session === null || !proves(handle.secret, login.session)) return OLD_HANDLE
    const principal = this.#logins.principalOf(login, 'session')
    this.#logins.remember(this.#cache, raw, principal, {
      expiresAt: endsAt(login),
      lastSeenAt: login.lastSeenAt
    })
    return { ok: true, principal, outdated: isOutdated ? handle : null }
  }
}
