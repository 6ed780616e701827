import type { CredentialCache, Logins, OutagePolicy, Principal, Standing, Verified } from '@drawbridge/logins'
import { deepFreeze, orUnavailable } from '@drawbridge/logins/fastify'
import type { FastifyRequest } from 'fastify'
import type { AccessTokens } from './access-token.ts'
import { hasSeveralAuthorizations, readBearer } from './bearer.ts'
import type { Claims } from './claims.ts'

const SCHEME = 'Bearer '

/** Who shows what. `cause` is for the log. */
export type Authentication =
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
) => Authentication | Promise<Authentication>

export interface AuthenticateOptions {
  readonly logins: Logins
  readonly tokens: AccessTokens
  readonly clockSkewSeconds: number
}

/** A token that we signed, and whose login the store must be asked about. */
export interface Unsettled {
  readonly ok: null
  /** Its key in the cache. */
  readonly credential: string
  readonly claims: Claims
}

export class Authenticator {
  readonly #options: AuthenticateOptions
  readonly #cache: CredentialCache

  constructor(options: AuthenticateOptions) {
    this.#options = options
    this.#cache = options.logins.openCache()
  }

  authenticate(request: FastifyRequest, policy: OutagePolicy): Authentication | Promise<Authentication> {
    const known = this.recall(request)
    return known.ok === null ? this.settle(known, policy) : known
  }

  /** What this node can tell by itself. */
  recall(request: FastifyRequest): Authentication | Unsettled {
    const { authorization } = request.headers
    if (authorization === undefined) return refused('none', 'no Authorization header')
    if (hasSeveralAuthorizations(request.raw.rawHeaders))
      return refused('ambiguous', 'two Authorization headers')
    // By the whole header, not the token in it (bench, `token-guard-eddsa`: a look-up takes 0.67 µs and not 1.03).
    const principal = this.#cache.get(authorization)
    return principal === undefined ? this.#verify(authorization) : { ok: true, principal }
  }

  /** By the feed, where the node has become fresh by now, or else by the store. Rejects with a 503 when it is down. */
  settle({ credential, claims }: Unsettled, policy: OutagePolicy): Promise<Authentication> {
    return orUnavailable(this.#settle(credential, claims, policy))
  }

  #verify(authorization: string): Authentication | Unsettled {
    const bearer = readBearer(authorization)
    if (bearer.kind === 'none') return refused('none', 'an Authorization header of another scheme')
    if (bearer.kind === 'malformed') return refused('invalid', 'not a bearer token')
    // `bearer` in another case is no other credential, or one token could fill the cache. Spelt as usual, the header is the
    // key: another text of the same letters would be hashed once again (bench, `token-guard-cold-hs256`).
    const credential = authorization.startsWith(SCHEME) ? authorization : `${SCHEME}${bearer.token}`
    const principal = credential === authorization ? undefined : this.#cache.get(credential)
    if (principal !== undefined) return { ok: true, principal }
    const outcome = this.#options.tokens.verify(bearer.token)
    if (!outcome.ok) return refused('invalid', outcome.reason)
    return this.#checkLogin(credential, outcome.claims)
  }

  #checkLogin(credential: string, claims: Claims): Authentication | Unsettled {
    switch (this.#standing(claims)) {
      case 'ended':
        return refused('invalid', 'the login has ended')
      case 'alive':
        return this.#accept(credential, claims)
      case 'unknown':
        return { ok: null, credential, claims }
    }
  }

  /** The clock that wrote `iat` may be ahead of the one that wrote from when the feed is complete. */
  #standing({ sid, iat }: Claims): Standing {
    return this.#options.logins.standing(sid, (iat - this.#options.clockSkewSeconds) * 1000)
  }

  async #settle(credential: string, claims: Claims, policy: OutagePolicy): Promise<Authentication> {
    const { logins } = this.#options
    let cause = 'the login has ended'
    const ask = async (): Promise<Verified | null> => {
      if (this.#standing(claims) === 'alive') return verified(claims)
      const login = await logins.resolve(claims.sid)
      if (login === null) return null
      if (login.userId === claims.sub) return verified(claims)
      cause = 'the login is of another user'
      return null
    }
    const issued = verified(claims, claims.iat * 1000)
    const principal = await logins.settle(this.#cache, credential, ask, policy, issued)
    return principal === null ? refused('invalid', cause) : { ok: true, principal }
  }

  #accept(credential: string, claims: Claims): Authentication {
    const { principal, until } = verified(claims)
    this.#options.logins.remember(this.#cache, credential, principal, until)
    return { ok: true, principal }
  }
}

/** No `lastSeenAt`: an access token is short, and the refresh that follows it is what shows use. */
function verified(claims: Claims, verifiedAt?: number): Verified {
  const expiresAt = claims.exp * 1000
  return {
    principal: principalOf(claims),
    until: { expiresAt, ...(verifiedAt !== undefined && { verifiedAt }) }
  }
}

function principalOf(claims: Claims): Principal {
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

function refused(reason: 'none' | 'ambiguous' | 'invalid', cause: string): Authentication {
  return { ok: false, reason, cause }
}
