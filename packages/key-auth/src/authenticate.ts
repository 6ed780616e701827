import { timingSafeEqual } from 'node:crypto'
import {
  type AuthenticateOutcome,
  failedAuthentication as failed,
  findCachedBearer,
  findCachedToken,
  type UncachedBearer
} from '@drawbridge/carrier'
import { type Login, loginEndsAt, type RoutePolicy } from '@drawbridge/logins'
import { type CarrierLogins, type CredentialCache, isRefusal } from '@drawbridge/logins/carrier'
import type { FastifyRequest } from 'fastify'
import { hashSecret, type KeyContent, type KeyFormat } from './keys/key-format.ts'

/** What an authenticator needs. */
export interface AuthenticatorDependencies {
  readonly logins: CarrierLogins
  readonly format: KeyFormat
}

/** A key that we made, and whose login the store must be asked about. */
export interface UnresolvedKey {
  readonly ok: null
  /** Its key in the cache. */
  readonly credential: string
  readonly content: KeyContent
}

/** Checks the key that a request presents: by what this node knows where it can, otherwise by the store. */
export class Authenticator {
  readonly #dependencies: AuthenticatorDependencies
  readonly #cache: CredentialCache

  constructor(dependencies: AuthenticatorDependencies) {
    this.#dependencies = dependencies
    this.#cache = dependencies.logins.openCache()
  }

  /** As `authenticate` of a request, of a key that did not come in a header. */
  verify(token: string, policy: RoutePolicy): AuthenticateOutcome | Promise<AuthenticateOutcome> {
    const known = this.#read(findCachedToken(this.#cache, token, policy.countsAsUse))
    return known.ok === null ? this.resolve(known, policy) : known
  }

  /** What this node knows by itself. */
  authenticateLocally(
    request: FastifyRequest,
    isUse: boolean | undefined
  ): AuthenticateOutcome | UnresolvedKey {
    return this.#read(findCachedBearer(this.#cache, request, isUse))
  }

  /** By the feed, where the node has become fresh in the meantime, otherwise by the store. Rejects when it is down. */
  async resolve({ credential, content }: UnresolvedKey, policy: RoutePolicy): Promise<AuthenticateOutcome> {
    const { logins } = this.#dependencies
    const { loginId } = content
    const cached = await logins.freshen(this.#cache, credential, policy)
    if (cached !== undefined) return { ok: true, principal: cached }
    const query = logins.startQuery()
    try {
      const login = await logins.resolve(loginId)
      if (login === null) return failed('invalid', NO_LOGIN, loginId)
      if (!verifySecret(content.secret, login)) return failed('invalid', WRONG_SECRET, loginId)
      const principal = logins.toPrincipal(await logins.withClaims(login), 'key')
      const endsAt = loginEndsAt(login)
      const validity = { expiresAt: endsAt, loginEndsAt: endsAt, lastSeenAt: findLastUse(login) }
      return logins.remember(this.#cache, credential, { principal, validity }, policy.countsAsUse, query)
        ? { ok: true, principal }
        : failed('invalid', NO_LOGIN, loginId)
    } catch (error) {
      if (isRefusal(error)) throw error
      const principal = logins.fallback(this.#cache, credential, policy)
      if (principal === undefined) throw error
      return { ok: true, principal }
    }
  }

  #read(known: AuthenticateOutcome | UncachedBearer): AuthenticateOutcome | UnresolvedKey {
    if (known.ok !== null) return known
    const { credential, token } = known
    const content = this.#dependencies.format.read(token)
    return content === null ? FORGED : { ok: null, credential, content }
  }
}

const FORGED = failed('invalid', 'not a key that we made')
const NO_LOGIN = 'the login is not active'
const WRONG_SECRET = 'the key is not the one of its login'

/** The first use of a key is noted at once, so that its user can tell one that was never used. */
function findLastUse({ createdAt, lastSeenAt }: Login): number {
  return lastSeenAt === createdAt ? 0 : lastSeenAt
}

/** In constant time. */
function verifySecret(secret: Buffer, { key }: Login): boolean {
  if (key === null) return false
  const [expected, actual] = [Buffer.from(key.secretHash), Buffer.from(hashSecret(secret))]
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
