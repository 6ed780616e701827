import {
  type AuthenticateOutcome,
  failedAuthentication as failed,
  type FailedAuthentication,
  type PresentedSession
} from '@drawbridge/carrier'
import { type FeedPosition, type Login, type Principal, type RoutePolicy } from '@drawbridge/logins'
import {
  type CarrierLogins,
  type CredentialCache,
  isRefusal,
  type LoginWithClaims,
  type VerifiedCredential
} from '@drawbridge/logins/carrier'
import type { FastifyRequest } from 'fastify'
import { decodeOnce, type PresentedCookies, readCookies } from './cookies/header.ts'
import type { PositionCookie } from './cookies/position-cookie.ts'
import type { CookieFailure, SessionCookie, VerifiedCookie } from './cookies/session-cookie.ts'
import { verifySecret } from './cookies/session-secret.ts'
import { CLOCK_SKEW_SECONDS, createSnapshot, type OpenedSnapshot, type Snapshot } from './cookies/snapshot.ts'
import type { SnapshotCookie } from './cookies/snapshot-cookie.ts'
import { describeMismatch, isSafeRequest } from './origin.ts'

/** Cookies that this node does not know by itself. */
export interface UnresolvedCookies {
  readonly ok: null
  readonly cookies: PresentedCookies
  readonly position: FeedPosition | null
  /** Of the session cookie as it is spelt in the request; undefined where it was not opened yet. */
  readonly snapshot: OpenedSnapshot | null | undefined
  /** Whether this node has tried the snapshot, and could not serve it. */
  readonly isTried: boolean
}

/** An outcome, and the cookies to send again with the response. */
export type ResolvedOutcome =
  | { readonly ok: true; readonly principal: Principal; readonly renewal: Renewal | null }
  | FailedAuthentication

/** Cookies to send again with the response. */
export interface Renewal extends VerifiedCookie {
  /** Null where the store was not asked. */
  readonly snapshot: Snapshot | null
  /** Of the login, whatever its use, ms since the epoch. */
  readonly expiresAt: number
  /** ms since the epoch: a moment before the login was known to be active. */
  readonly asOf: number
}

export const COOKIE_FAILURES: Readonly<Record<CookieFailure, FailedAuthentication>> = {
  none: failed('none', 'no session cookie is presented'),
  ambiguous: failed('ambiguous', 'two session cookies that differ are presented'),
  forged: failed('invalid', 'the session cookie was not signed by us')
}
const NO_LOGIN = 'the login is not active'
const WRONG_SECRET = 'the session cookie is not the one that the login has now'

/** What an authenticator needs. */
export interface AuthenticatorDependencies {
  readonly logins: CarrierLogins
  readonly cookie: SessionCookie
  readonly snapshots: SnapshotCookie
  readonly positions: PositionCookie
  readonly isSameOrigin: (request: FastifyRequest) => boolean
  /** ms since the epoch. */
  readonly now: () => number
}

const CLOCK_SKEW_MS = CLOCK_SKEW_SECONDS * 1000

/** Checks the cookies that a request presents: by what this node knows where it can, otherwise by the store. */
export class Authenticator {
  readonly #dependencies: AuthenticatorDependencies
  readonly #cache: CredentialCache

  constructor(dependencies: AuthenticatorDependencies) {
    this.#dependencies = dependencies
    this.#cache = dependencies.logins.openCache()
  }

  /** What this node knows by itself: from its cache, or by the snapshot of the request. */
  authenticateLocally(
    request: FastifyRequest,
    isUse: boolean | undefined
  ): AuthenticateOutcome | UnresolvedCookies {
    if (!isSafeRequest(request) && !this.#dependencies.isSameOrigin(request))
      return failed('cross-origin', describeMismatch(request))
    return this.#identifyLocally(request, isUse)
  }

  /**
   * Whose cookies a request has, whatever page sent it: not whether they may act. A promise only where the store must be asked;
   * it rejects when the store is down and the policy serves nothing stale.
   */
  identify(request: FastifyRequest, policy: RoutePolicy): AuthenticateOutcome | Promise<AuthenticateOutcome> {
    const known = this.#identifyLocally(request, policy.countsAsUse)
    return known.ok === null ? this.#resolveWithoutRenewal(known, policy) : known
  }

  #identifyLocally(
    request: FastifyRequest,
    isUse: boolean | undefined
  ): AuthenticateOutcome | UnresolvedCookies {
    const { cookie, positions } = this.#dependencies
    const cookies = readCookies(request.headers.cookie, cookie.name)
    const { session } = cookies
    if (session === undefined) return COOKIE_FAILURES.none
    const position = positions.open(cookies.position)
    if (typeof session !== 'string' || position !== null)
      return { ok: null, cookies, position, snapshot: undefined, isTried: false }
    const principal = this.#cache.get(session, isUse)
    return principal === undefined
      ? this.#authenticateBySnapshot(cookies, session, isUse)
      : { ok: true, principal }
  }

  /**
   * Cookies that this node does not know by itself: once it has read the feed as far as the request wants, or else by the store.
   * Rejects when the store is down and the policy serves nothing stale.
   */
  async resolve(unresolved: UnresolvedCookies, policy: RoutePolicy): Promise<ResolvedOutcome> {
    const { cookies, position, isTried } = unresolved
    const verified = this.#verify(cookies)
    if ('ok' in verified) return verified
    const { logins, snapshots, now } = this.#dependencies
    const { signed, isOutdated } = verified
    const { snapshot = snapshots.open(cookies.snapshot, signed) } = unresolved
    const asOf = now()
    if (!isTried && (position === null || (await logins.waitForPosition(position)))) {
      const principal =
        this.#cache.get(signed, policy.countsAsUse, false) ??
        (snapshot && this.#trustSnapshot(signed, snapshot, policy.countsAsUse))
      // A snapshot is bound to one cookie: with a new cookie it is sent again.
      if (principal)
        return {
          ok: true,
          principal,
          renewal: createRenewal(verified, principal, isOutdated ? snapshot : null, asOf)
        }
    }
    return this.#askStore(verified, snapshot, policy)
  }

  /**
   * Whether its cookies may be sent now, as far as this node knows. Where the session cookie itself would be replaced, the login
   * must be known to be active; a snapshot that comes too late is only useless.
   */
  isStillActive({ content, isOutdated, asOf }: Renewal): boolean {
    const status = this.#dependencies.logins.localStatus(content.loginId, asOf)
    return isOutdated ? status === 'active' : status !== 'revoked'
  }

  /** Asks the store, whatever this node knows: before a credential is issued or revoked. Rejects when the store is down. */
  async authenticateFresh(request: FastifyRequest): Promise<AuthenticateOutcome> {
    const session = await this.present(request)
    if ('ok' in session) return session
    return { ok: true, principal: this.#dependencies.logins.toPrincipal(session.login, 'session') }
  }

  /** As `authenticateFresh`: the session itself. Use of the login. */
  async present({ headers }: FastifyRequest): Promise<PresentedSession | FailedAuthentication> {
    const { cookie, now } = this.#dependencies
    const verified = this.#verify(readCookies(headers.cookie, cookie.name))
    if ('ok' in verified) return verified
    const asOf = now()
    const found = await this.#findLogin(verified, asOf, true)
    if ('ok' in found) return found
    const { login } = found
    const used = { ...login, lastSeenAt: Math.max(asOf, login.lastSeenAt) }
    return { login: used, secret: verified.content.secret, expiresAt: login.session?.expiresAt ?? null, asOf }
  }

  /**
   * The seal proves the signature too (bench, `session-guard-snapshot`). A snapshot that is outdated is left to `resolve`, which
   * renews it.
   */
  #authenticateBySnapshot(
    cookies: PresentedCookies,
    session: string,
    isUse: boolean | undefined
  ): AuthenticateOutcome | UnresolvedCookies {
    if (cookies.snapshot === undefined)
      return { ok: null, cookies, position: null, snapshot: null, isTried: false }
    const signed = decodeOnce(session)
    const snapshot = this.#dependencies.snapshots.open(cookies.snapshot, signed)
    const isTried = snapshot !== null && !snapshot.isOutdated
    const principal = isTried ? this.#trustSnapshot(signed, snapshot, isUse) : undefined
    return principal === undefined
      ? { ok: null, cookies, position: null, snapshot, isTried }
      : { ok: true, principal }
  }

  /** As a token would be: signed by us, young, and of a login that this node would know to be revoked. */
  #trustSnapshot(signed: string, snapshot: Snapshot, isUse: boolean | undefined): Principal | undefined {
    const { logins, snapshots, now } = this.#dependencies
    const { principal, sealedAt, endsAt } = snapshot
    const expiresAt = Math.min(sealedAt + snapshots.lifetimeSeconds * 1000, endsAt)
    const at = now()
    if (at >= expiresAt || sealedAt > at + CLOCK_SKEW_MS) return undefined
    if (logins.localStatus(principal.loginId, sealedAt - CLOCK_SKEW_MS) !== 'active') return undefined
    // The store knows of no later use than this: a node that never asks it writes the next one.
    const validity = { expiresAt, loginEndsAt: endsAt, verifiedAt: sealedAt, lastSeenAt: sealedAt }
    logins.remember(this.#cache, signed, { principal, validity }, isUse)
    return principal
  }

  async #askStore(
    verified: VerifiedCookie,
    staleSnapshot: Snapshot | null,
    policy: RoutePolicy
  ): Promise<ResolvedOutcome> {
    const { logins, now } = this.#dependencies
    const { signed } = verified
    const cached = await logins.freshen(this.#cache, signed, policy)
    const asOf = now()
    if (cached !== undefined)
      return { ok: true, principal: cached, renewal: createRenewal(verified, cached, null, asOf) }
    try {
      const found = await this.#findLogin(verified, asOf, policy.countsAsUse)
      if ('ok' in found) return found
      const { snapshot } = found
      return {
        ok: true,
        principal: snapshot.principal,
        renewal: createRenewal(verified, snapshot.principal, snapshot, asOf)
      }
    } catch (error) {
      if (isRefusal(error)) throw error
      const sealed = staleSnapshot && snapshotToVerified(staleSnapshot)
      const principal = logins.fallback(this.#cache, signed, policy, sealed)
      if (principal === undefined) throw error
      return { ok: true, principal, renewal: createRenewal(verified, principal, null, asOf) }
    }
  }

  async #resolveWithoutRenewal(
    unresolved: UnresolvedCookies,
    policy: RoutePolicy
  ): Promise<AuthenticateOutcome> {
    const outcome = await this.resolve(unresolved, policy)
    return outcome.ok ? { ok: true, principal: outcome.principal } : outcome
  }

  #verify({ session }: PresentedCookies): VerifiedCookie | FailedAuthentication {
    const verified = this.#dependencies.cookie.verify(session)
    return typeof verified === 'string' ? COOKIE_FAILURES[verified] : verified
  }

  /** With snapshots, a node asks again when the snapshot has expired, to seal the next one. */
  #toVerified(login: Login, { principal, sealedAt, endsAt }: Snapshot): VerifiedCredential {
    const { lifetimeSeconds } = this.#dependencies.snapshots
    const expiresAt = lifetimeSeconds === 0 ? endsAt : Math.min(endsAt, sealedAt + lifetimeSeconds * 1000)
    return { principal, validity: { expiresAt, loginEndsAt: endsAt, lastSeenAt: login.lastSeenAt } }
  }

  /** Asks the store, and caches what it says. @param asOf ms since the epoch: now. */
  async #findLogin(
    { content, signed }: VerifiedCookie,
    asOf: number,
    isUse: boolean | undefined
  ): Promise<{ readonly login: LoginWithClaims; readonly snapshot: Snapshot } | FailedAuthentication> {
    const { logins, now } = this.#dependencies
    const { loginId } = content
    const query = logins.startQuery()
    const found = await logins.resolve(loginId)
    if (found === null) return failed('invalid', NO_LOGIN, loginId)
    if (!verifySecret(content.secret, found.session, now())) return failed('invalid', WRONG_SECRET, loginId)
    const login = await logins.withClaims(found)
    const snapshot = createSnapshot(login, logins.toPrincipal(login, 'session'), asOf)
    const isActive = logins.remember(this.#cache, signed, this.#toVerified(login, snapshot), isUse, query)
    return isActive ? { login, snapshot } : failed('invalid', NO_LOGIN, loginId)
  }
}

function snapshotToVerified({ principal, sealedAt, endsAt }: Snapshot): VerifiedCredential {
  return { principal, validity: { expiresAt: endsAt, verifiedAt: sealedAt } }
}

function createRenewal(
  { content, signed, isOutdated }: VerifiedCookie,
  { expiresAt }: Principal,
  snapshot: Snapshot | null,
  asOf: number
): Renewal | null {
  return isOutdated || snapshot !== null ? { content, signed, isOutdated, snapshot, expiresAt, asOf } : null
}
