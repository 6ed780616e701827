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
  hasDuplicateAuthorization,
  readBearer,
  readUsualBearer,
  toSignedClaims,
  toVerifiedToken
} from '@drawbridge/carrier'
import type { FastifyRequest } from 'fastify'
import type { AccessTokens } from './access-tokens/access-tokens.ts'

const SCHEME = 'Bearer '

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
    return this.#resolveUnresolved(this.#authenticateHeader(`${SCHEME}${token}`), policy)
  }

  /** What this node knows by itself. */
  authenticateLocally(request: FastifyRequest): AuthenticateOutcome | UnresolvedToken {
    const { authorization } = request.headers
    if (authorization === undefined) return failed('none', 'no Authorization header')
    if (hasDuplicateAuthorization(request.raw.rawHeaders))
      return failed('ambiguous', 'two Authorization headers')
    return this.#authenticateHeader(authorization)
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

  /** The key is the whole header, not the token in it (bench, `token-guard-eddsa`: the look-up is cheaper). */
  #authenticateHeader(authorization: string): AuthenticateOutcome | UnresolvedToken {
    const principal = this.#cache.get(authorization)
    return principal === undefined ? this.#verify(authorization) : { ok: true, principal }
  }

  #verify(authorization: string): AuthenticateOutcome | UnresolvedToken {
    // Spelt as usual, the header is the key: another string of the same letters would be hashed again. What is a token of ours
    // is a bearer token, so its letters are not checked twice (bench, `cold-guards`).
    const token = readUsualBearer(authorization)
    const usual = token === null ? null : this.#dependencies.tokens.verify(token)
    if (usual?.ok) return this.#checkLogin(authorization, usual.claims)
    const bearer = readBearer(authorization)
    if (bearer.kind === 'none') return failed('none', 'an Authorization header of another scheme')
    if (bearer.kind === 'malformed') return failed('invalid', 'not a bearer token')
    if (usual !== null) return failed('invalid', usual.reason)
    // `bearer` in another case is no other credential, or one token could fill the cache.
    const credential = `${SCHEME}${bearer.token}`
    const principal = this.#cache.get(credential)
    if (principal !== undefined) return { ok: true, principal }
    const outcome = this.#dependencies.tokens.verify(bearer.token)
    if (!outcome.ok) return failed('invalid', outcome.reason)
    return this.#checkLogin(credential, outcome.claims)
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
