import {
  type AccessTokenClaims,
  type AuthenticateOutcome,
  failedAuthentication as failed,
  type CurrentClaims,
  findCachedBearer,
  findCachedToken,
  toSignedClaims,
  toVerifiedToken,
  type UncachedBearer
} from '@drawbridge/carrier'
import { LoginsUnavailableError, type RoutePolicy } from '@drawbridge/logins'
import type { CredentialCache, FollowedLogins, QueryStart } from '@drawbridge/logins/carrier'
import type { FastifyRequest } from 'fastify'
import type { Introspect } from './introspection.ts'
import type { PublicKeys } from './keys/public-keys.ts'
import { verifyToken, type VerifyTokenDependencies } from './verify-token.ts'

/** What an authenticator needs. */
export interface AuthenticatorDependencies extends VerifyTokenDependencies {
  readonly logins: FollowedLogins
  /** Undefined: what this node does not know is an outage. */
  readonly introspect: Introspect | undefined
}

/** A token whose signature and claims are valid. */
interface SignedToken extends UncachedBearer {
  readonly claims: AccessTokenClaims
  readonly keysVersion: number
}

/** Checks the token that a request presents: by the keys and the feed where they suffice, otherwise by its issuer. */
export class Authenticator {
  readonly #dependencies: AuthenticatorDependencies
  readonly #cache: CredentialCache

  constructor(dependencies: AuthenticatorDependencies) {
    this.#dependencies = dependencies
    this.#cache = dependencies.logins.openCache()
  }

  /** As `authenticateLocally` and `resolve`, of a token that is not in a header. */
  verify(token: string, policy: RoutePolicy): AuthenticateOutcome | Promise<AuthenticateOutcome> {
    const known = findCachedToken(this.#cache, token)
    return known.ok === null ? this.resolve(known, policy) : known
  }

  /** What this node has cached, or what is wrong without a look at the token itself. */
  authenticateLocally(request: FastifyRequest): AuthenticateOutcome | UncachedBearer {
    return findCachedBearer(this.#cache, request)
  }

  /** Rejects with a LoginsUnavailableError where neither keys, nor feed, nor issuer say whether the token is valid. */
  async resolve(unresolved: UncachedBearer, policy: RoutePolicy): Promise<AuthenticateOutcome> {
    const keysVersion = this.#keys.version
    const outcome = await orUnavailable(() => verifyToken(this.#dependencies, unresolved.token))
    if (!outcome.ok) return failed('invalid', outcome.reason)
    const signed = { ...unresolved, claims: outcome.claims, keysVersion }
    const known = this.#checkLogin(signed)
    if (known !== null) return known
    const cached = await this.#dependencies.logins.freshen(this.#cache, signed.credential, policy)
    if (cached !== undefined) return { ok: true, principal: cached }
    return this.#checkLogin(signed) ?? this.#askIssuer(signed, policy)
  }

  get #keys(): PublicKeys {
    return this.#dependencies.keys
  }

  /** Null where the feed does not say whether the login is active. */
  #checkLogin(signed: SignedToken): AuthenticateOutcome | null {
    const { logins, rules } = this.#dependencies
    const { sid, iat } = signed.claims
    // The clock that wrote `iat` may be ahead of the one that wrote from when the feed is complete.
    switch (logins.localStatus(sid, (iat - rules.clockSkewSeconds) * 1000)) {
      case 'revoked':
        return revoked(signed)
      case 'active':
        return this.#accept(signed, toSignedClaims(signed.claims))
      case 'unknown':
        return null
    }
  }

  async #askIssuer(signed: SignedToken, policy: RoutePolicy): Promise<AuthenticateOutcome> {
    const { logins, introspect } = this.#dependencies
    const query = logins.startQuery()
    try {
      if (introspect === undefined)
        throw new Error('the feed does not cover the token, and there is no introspection')
      const current = await introspect(signed.token, signed.claims)
      return current === null ? revoked(signed) : this.#accept(signed, current, query)
    } catch (error) {
      const { claims, credential } = signed
      const bySignature = toVerifiedToken(claims, toSignedClaims(claims), claims.iat * 1000)
      const principal = logins.fallback(this.#cache, credential, policy, bySignature)
      if (principal === undefined) throw new LoginsUnavailableError(error)
      return { ok: true, principal }
    }
  }

  /** Served once, and not from the cache, where a key was removed meanwhile: it may be the one that was used. */
  #accept(signed: SignedToken, current: CurrentClaims, query?: QueryStart): AuthenticateOutcome {
    const { logins } = this.#dependencies
    const { claims, credential, keysVersion } = signed
    const { principal, validity } = toVerifiedToken(claims, current)
    const { version, validForMs } = this.#keys
    const expiresAt = keysVersion === version ? Math.min(validity.expiresAt, logins.now() + validForMs) : 0
    const verified = { principal, validity: { ...validity, expiresAt } }
    return logins.remember(this.#cache, credential, verified, true, query)
      ? { ok: true, principal }
      : revoked(signed)
  }
}

const revoked = ({ claims }: SignedToken): AuthenticateOutcome =>
  failed('invalid', 'the login is not active', claims.sid)

async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new LoginsUnavailableError(error)
  }
}
