import type { RoutePolicy } from '@drawbridge/logins'
import {
  type CarrierLogins,
  type CredentialCache,
  isRefusal,
  type LoginStatus
} from '@drawbridge/logins/carrier'
import {
  type AccessTokenClaims,
  type AuthenticateOutcome,
  failedAuthentication as failed,
  findCachedBearer,
  findCachedToken,
  toSignedClaims,
  toVerifiedToken,
  type UncachedBearer
} from '@drawbridge/carrier'
import type { FastifyRequest } from 'fastify'
import type { AccessTokens } from './access-tokens/access-tokens.ts'

/** What an authenticator needs. */
export interface AuthenticatorDependencies {
  readonly logins: CarrierLogins
  readonly tokens: AccessTokens
  readonly clockSkewSeconds: number
}

/** A token that we signed, and whose login the store must be asked about. */
export interface UnresolvedToken {
  readonly ok: null
  /** Its key in the cache. */
  readonly credential: string
  readonly claims: AccessTokenClaims
}

/** Checks the token that a request presents: by what this node knows where it can, otherwise by the store. */
export class Authenticator {
  readonly #dependencies: AuthenticatorDependencies
  readonly #cache: CredentialCache

  constructor(dependencies: AuthenticatorDependencies) {
    this.#dependencies = dependencies
    this.#cache = dependencies.logins.openCache()
  }

  /** A promise only where the store must be asked; it rejects when the store is down and the policy serves nothing stale. */
  authenticate(
    request: FastifyRequest,
    policy: RoutePolicy
  ): AuthenticateOutcome | Promise<AuthenticateOutcome> {
    return this.#resolveUnresolved(this.authenticateLocally(request), policy)
  }

  /** As `authenticate`, of an access token that did not come in the header of a request. */
  verify(token: string, policy: RoutePolicy): AuthenticateOutcome | Promise<AuthenticateOutcome> {
    return this.#resolveUnresolved(this.#verify(findCachedToken(this.#cache, token)), policy)
  }

  /** What this node knows by itself. */
  authenticateLocally(request: FastifyRequest): AuthenticateOutcome | UnresolvedToken {
    return this.#verify(findCachedBearer(this.#cache, request))
  }

  /** By the feed, where the node has become fresh in the meantime, otherwise by the store. Rejects when it is down. */
  async resolve({ credential, claims }: UnresolvedToken, policy: RoutePolicy): Promise<AuthenticateOutcome> {
    const { logins } = this.#dependencies
    const cached = await logins.freshen(this.#cache, credential, policy)
    if (cached !== undefined) return { ok: true, principal: cached }
    const known = this.#checkLogin(credential, claims)
    if (known.ok !== null) return known
    const query = logins.startQuery()
    try {
      const login = await logins.resolve(claims.sid)
      if (login === null) return failed('invalid', REVOKED, claims.sid)
      if (login.userId !== claims.sub) return failed('invalid', 'the login is of another user', claims.sid)
      const { username, claims: current } = await logins.withClaims(login)
      const verified = toVerifiedToken(claims, { ...current, username })
      return logins.remember(this.#cache, credential, verified, true, query)
        ? { ok: true, principal: verified.principal }
        : failed('invalid', REVOKED, claims.sid)
    } catch (error) {
      if (isRefusal(error)) throw error
      const signed = toVerifiedToken(claims, toSignedClaims(claims), claims.iat * 1000)
      const principal = logins.fallback(this.#cache, credential, policy, signed)
      if (principal === undefined) throw error
      return { ok: true, principal }
    }
  }

  #resolveUnresolved(
    known: AuthenticateOutcome | UnresolvedToken,
    policy: RoutePolicy
  ): AuthenticateOutcome | Promise<AuthenticateOutcome> {
    return known.ok === null ? this.resolve(known, policy) : known
  }

  #verify(known: AuthenticateOutcome | UncachedBearer): AuthenticateOutcome | UnresolvedToken {
    if (known.ok !== null) return known
    const outcome = this.#dependencies.tokens.verify(known.token)
    if (!outcome.ok) return failed('invalid', outcome.reason)
    return this.#checkLogin(known.credential, outcome.claims)
  }

  #checkLogin(credential: string, claims: AccessTokenClaims): AuthenticateOutcome | UnresolvedToken {
    switch (this.#localStatus(claims)) {
      case 'revoked':
        return failed('invalid', REVOKED, claims.sid)
      case 'active':
        return this.#accept(credential, claims)
      case 'unknown':
        return { ok: null, credential, claims }
    }
  }

  /** The clock that wrote `iat` may be ahead of the one that wrote from when the feed is complete. */
  #localStatus({ sid, iat }: AccessTokenClaims): LoginStatus {
    return this.#dependencies.logins.localStatus(sid, (iat - this.#dependencies.clockSkewSeconds) * 1000)
  }

  #accept(credential: string, claims: AccessTokenClaims): AuthenticateOutcome {
    const verified = toVerifiedToken(claims, toSignedClaims(claims))
    this.#dependencies.logins.remember(this.#cache, credential, verified)
    return { ok: true, principal: verified.principal }
  }
}

const REVOKED = 'the login is not active'
