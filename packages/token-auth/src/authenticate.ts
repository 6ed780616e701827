import type { Logins, OutagePolicy, Principal } from '@drawbridge/logins'
import type { CredentialCache, LoginStatus, VerifiedCredential } from '@drawbridge/logins/carrier'
import { deepFreeze, orUnavailable } from '@drawbridge/carrier'
import type { FastifyRequest } from 'fastify'
import type { AccessTokens } from './access-tokens/access-tokens.ts'
import { hasDuplicateAuthorization, readBearer } from './access-tokens/bearer.ts'
import type { Claims } from './access-tokens/claims.ts'

const SCHEME = 'Bearer '

/** Who shows what. `cause` is for the log. */
export type AuthenticateOutcome =
  | { readonly ok: true; readonly principal: Principal }
  /** `none`: no bearer token is shown. `ambiguous`: two Authorization headers. `invalid`: it does not hold. */
  | { readonly ok: false; readonly reason: 'none' | 'ambiguous' | 'invalid'; readonly cause: string }

/**
 * Who makes a request. Answers at once where this node can tell by itself; only a token that the store must be
 * asked about gives a promise, which rejects with a 503 when the store is down.
 */
export type Authenticate = (
  request: FastifyRequest,
  policy?: OutagePolicy
) => AuthenticateOutcome | Promise<AuthenticateOutcome>

export interface AuthenticatorDependencies {
  readonly logins: Logins
  readonly tokens: AccessTokens
  readonly clockSkewSeconds: number
}

/** A token that we signed, and whose login the store must be asked about. */
export interface UnresolvedToken {
  readonly ok: null
  /** Its key in the cache. */
  readonly credential: string
  readonly claims: Claims
}

export class Authenticator {
  readonly #dependencies: AuthenticatorDependencies
  readonly #cache: CredentialCache

  constructor(dependencies: AuthenticatorDependencies) {
    this.#dependencies = dependencies
    this.#cache = dependencies.logins.openCache()
  }

  authenticate(
    request: FastifyRequest,
    policy: OutagePolicy
  ): AuthenticateOutcome | Promise<AuthenticateOutcome> {
    const known = this.authenticateLocally(request)
    return known.ok === null ? this.settle(known, policy) : known
  }

  /** What this node can tell by itself. */
  authenticateLocally(request: FastifyRequest): AuthenticateOutcome | UnresolvedToken {
    const { authorization } = request.headers
    if (authorization === undefined) return failed('none', 'no Authorization header')
    if (hasDuplicateAuthorization(request.raw.rawHeaders))
      return failed('ambiguous', 'two Authorization headers')
    // By the whole header, not the token in it (bench, `token-guard-eddsa`: a look-up takes 0.67 µs and not 1.03).
    const principal = this.#cache.get(authorization)
    return principal === undefined ? this.#verify(authorization) : { ok: true, principal }
  }

  /** By the feed, where the node has become fresh by now, or else by the store. Rejects with a 503 when it is down. */
  settle({ credential, claims }: UnresolvedToken, policy: OutagePolicy): Promise<AuthenticateOutcome> {
    return orUnavailable(this.#settle(credential, claims, policy))
  }

  #verify(authorization: string): AuthenticateOutcome | UnresolvedToken {
    const bearer = readBearer(authorization)
    if (bearer.kind === 'none') return failed('none', 'an Authorization header of another scheme')
    if (bearer.kind === 'malformed') return failed('invalid', 'not a bearer token')
    // `bearer` in another case is no other credential, or one token could fill the cache. Spelt as usual, the header is the
    // key: another text of the same letters would be hashed once again (bench, `token-guard-cold-hs256`).
    const credential = authorization.startsWith(SCHEME) ? authorization : `${SCHEME}${bearer.token}`
    const principal = credential === authorization ? undefined : this.#cache.get(credential)
    if (principal !== undefined) return { ok: true, principal }
    const outcome = this.#dependencies.tokens.verify(bearer.token)
    if (!outcome.ok) return failed('invalid', outcome.reason)
    return this.#checkLogin(credential, outcome.claims)
  }

  #checkLogin(credential: string, claims: Claims): AuthenticateOutcome | UnresolvedToken {
    switch (this.#localStatus(claims)) {
      case 'revoked':
        return failed('invalid', 'the login has ended')
      case 'active':
        return this.#accept(credential, claims)
      case 'unknown':
        return { ok: null, credential, claims }
    }
  }

  /** The clock that wrote `iat` may be ahead of the one that wrote from when the feed is complete. */
  #localStatus({ sid, iat }: Claims): LoginStatus {
    return this.#dependencies.logins.localStatus(sid, (iat - this.#dependencies.clockSkewSeconds) * 1000)
  }

  async #settle(credential: string, claims: Claims, policy: OutagePolicy): Promise<AuthenticateOutcome> {
    const { logins } = this.#dependencies
    let cause = 'the login has ended'
    const askStore = async (): Promise<VerifiedCredential | null> => {
      if (this.#localStatus(claims) === 'active') return toVerified(claims)
      const login = await logins.resolve(claims.sid)
      if (login === null) return null
      if (login.userId === claims.sub) return toVerified(claims)
      cause = 'the login is of another user'
      return null
    }
    const issued = toVerified(claims, claims.iat * 1000)
    const principal = await logins.settle(this.#cache, credential, askStore, policy, issued)
    return principal === null ? failed('invalid', cause) : { ok: true, principal }
  }

  #accept(credential: string, claims: Claims): AuthenticateOutcome {
    const { principal, validity } = toVerified(claims)
    this.#dependencies.logins.remember(this.#cache, credential, principal, validity)
    return { ok: true, principal }
  }
}

/** No `lastSeenAt`: an access token is short, and the refresh that follows it is what shows use. */
function toVerified(claims: Claims, verifiedAt?: number): VerifiedCredential {
  const expiresAt = claims.exp * 1000
  return {
    principal: toPrincipal(claims),
    validity: { expiresAt, ...(verifiedAt !== undefined && { verifiedAt }) }
  }
}

function toPrincipal(claims: Claims): Principal {
  const principal = {
    userId: claims.sub,
    username: claims.preferred_username,
    loginId: claims.sid,
    carrier: 'token',
    authenticatedAt: claims.auth_time * 1000,
    expiresAt: claims.login_exp * 1000,
    scopes: claims.scope === undefined ? NO_SCOPES : Object.freeze(claims.scope.split(' '))
  } as const
  return Object.freeze(claims.ext === undefined ? principal : { ...deepFreeze(claims.ext), ...principal })
}

const NO_SCOPES: readonly string[] = Object.freeze([])

function failed(reason: 'none' | 'ambiguous' | 'invalid', cause: string): AuthenticateOutcome {
  return { ok: false, reason, cause }
}
