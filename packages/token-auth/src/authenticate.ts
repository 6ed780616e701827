import type { CredentialCache, Logins, Principal } from '@drawbridge/logins'
import { orUnavailable } from '@drawbridge/logins/fastify'
import type { FastifyRequest } from 'fastify'
import type { AccessTokens } from './access-token.ts'
import { hasSeveralAuthorizations, readBearer } from './bearer.ts'
import type { Claims } from './claims.ts'

/** Who shows what. `cause` is for the log. */
export type Authentication =
  | { readonly ok: true; readonly principal: Principal }
  /** `none`: no bearer token is shown. `ambiguous`: two Authorization headers. `invalid`: it does not hold. */
  | { readonly ok: false; readonly reason: 'none' | 'ambiguous' | 'invalid'; readonly cause: string }

/**
 * Who makes a request. Answers at once where this node can tell by itself; only a token that the store must be
 * asked about gives a promise, which rejects with a 503 when the store is down.
 */
export type Authenticate = (request: FastifyRequest) => Authentication | Promise<Authentication>

export interface AuthenticateOptions {
  readonly logins: Logins
  readonly tokens: AccessTokens
  readonly clockSkewSeconds: number
}

export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const authenticator = new Authenticator(options)
  return (request) => authenticator.authenticate(request)
}

class Authenticator {
  readonly #options: AuthenticateOptions
  readonly #cache: CredentialCache

  constructor(options: AuthenticateOptions) {
    this.#options = options
    this.#cache = options.logins.openCache()
  }

  authenticate(request: FastifyRequest): Authentication | Promise<Authentication> {
    const { authorization } = request.headers
    if (authorization === undefined) return refused('none', 'no Authorization header')
    if (hasSeveralAuthorizations(request.raw.rawHeaders))
      return refused('ambiguous', 'two Authorization headers')
    const principal = this.#cache.get(authorization)
    return principal === undefined ? this.#verify(authorization) : { ok: true, principal }
  }

  #verify(authorization: string): Authentication | Promise<Authentication> {
    const bearer = readBearer(authorization)
    if (bearer.kind === 'none') return refused('none', 'an Authorization header of another scheme')
    if (bearer.kind === 'malformed') return refused('invalid', 'not a bearer token')
    const outcome = this.#options.tokens.verify(bearer.token)
    if (!outcome.ok) return refused('invalid', outcome.reason)
    return this.#checkLogin(authorization, outcome.claims)
  }

  #checkLogin(authorization: string, claims: Claims): Authentication | Promise<Authentication> {
    // The clock that wrote `iat` may be ahead of the one that wrote from when the feed is complete.
    const issuedAt = (claims.iat - this.#options.clockSkewSeconds) * 1000
    switch (this.#options.logins.standing(claims.sid, issuedAt)) {
      case 'ended':
        return refused('invalid', 'the login has ended')
      case 'alive':
        return this.#accept(authorization, claims)
      case 'unknown':
        return orUnavailable(this.#askStore(authorization, claims))
    }
  }

  async #askStore(authorization: string, claims: Claims): Promise<Authentication> {
    const login = await this.#options.logins.resolve(claims.sid)
    if (login === null) return refused('invalid', 'the login has ended')
    if (login.userId !== claims.sub) return refused('invalid', 'the login is of another user')
    return this.#accept(authorization, claims)
  }

  /** No `lastSeenAt`: an access token is short, and the refresh that follows it is what shows use. */
  #accept(authorization: string, claims: Claims): Authentication {
    const principal = principalOf(claims)
    this.#options.logins.remember(this.#cache, authorization, principal, { expiresAt: claims.exp * 1000 })
    return { ok: true, principal }
  }
}

function principalOf(claims: Claims): Principal {
  return Object.freeze({
    ...claims.ext,
    userId: claims.sub,
    username: claims.preferred_username,
    loginId: claims.sid,
    carrier: 'token',
    authenticatedAt: claims.auth_time * 1000,
    scopes: Object.freeze(claims.scope?.split(' ') ?? [])
  })
}

function refused(reason: 'none' | 'ambiguous' | 'invalid', cause: string): Authentication {
  return { ok: false, reason, cause }
}
