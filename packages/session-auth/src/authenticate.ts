import { loginEndsAt, type Login, type Principal, type RoutePolicy } from '@drawbridge/logins'
import type { CarrierLogins, CredentialCache, VerifiedCredential } from '@drawbridge/logins/carrier'
import type { FastifyRequest } from 'fastify'
import { AMBIGUOUS, decodeOnce } from './cookies/header.ts'
import type { PositionCookie } from './cookies/position-cookie.ts'
import { CLOCK_SKEW_SECONDS } from './options.ts'
import type { VerifiedCookie, SessionCookie, CookieFailure } from './cookies/session-cookie.ts'
import { verifySecret } from './cookies/session-secret.ts'
import type { Snapshot } from './cookies/snapshot.ts'
import type { SnapshotCookie } from './cookies/snapshot-cookie.ts'

/** Whose login a request shows. A refusal names its cause for the log. */
export type AuthenticateOutcome =
  | { readonly ok: true; readonly principal: Principal; readonly renewal: Renewal | null }
  | {
      readonly ok: false
      readonly reason: 'none' | 'ambiguous' | 'invalid'
      readonly cause: string
    }

/** Cookies worth sending anew with the answer. */
export interface Renewal extends VerifiedCookie {
  /** The store was asked. */
  readonly snapshot: Snapshot | null
  /** ms since the epoch: a moment before the login was known to be alive. */
  readonly asOf: number
}

type FailedOutcome = Extract<AuthenticateOutcome, { ok: false }>

const failed = (reason: FailedOutcome['reason'], cause: string): FailedOutcome => ({
  ok: false,
  reason,
  cause
})

const COOKIE_FAILURES: Readonly<Record<CookieFailure, FailedOutcome>> = {
  none: failed('none', 'no session cookie is presented'),
  ambiguous: failed('ambiguous', 'two session cookies that differ are presented'),
  forged: failed('invalid', 'the session cookie was not signed by us')
}
const NO_LOGIN = failed('invalid', 'the login has ended or never was')
const WRONG_SECRET = failed('invalid', 'the session cookie is not the one that the login has now')

export interface AuthenticatorDependencies {
  readonly logins: CarrierLogins
  readonly cookie: SessionCookie
  readonly snapshots: SnapshotCookie
  readonly positions: PositionCookie
  /** ms since the epoch. */
  readonly now: () => number
}

const CLOCK_SKEW_MS = CLOCK_SKEW_SECONDS * 1000

/** The logins that the cookies of a request prove. */
export interface PresentedLogins {
  readonly active: readonly string[]
  /** What we once issued a cookie for, where the store has no such login any more. */
  readonly removed: readonly string[]
}

/** Checks what a request shows: from the cache where it can, and always by the store where it must. */
export class Authenticator {
  readonly #dependencies: AuthenticatorDependencies
  readonly #cache: CredentialCache

  constructor(dependencies: AuthenticatorDependencies) {
    this.#dependencies = dependencies
    this.#cache = dependencies.logins.openCache()
  }

  /**
   * The hot path, without a promise (see `Guard`): a cookie that was verified before and that nothing speaks against,
   * or one that carries a snapshot. What is not spelt as we set it is left to `admit`.
   */
  authenticateLocally({ headers }: FastifyRequest, isUse?: boolean): Principal | undefined {
    const { cookie, positions } = this.#dependencies
    const raw = cookie.find(headers.cookie)
    if (typeof raw !== 'string' || positions.read(headers.cookie) !== null) return undefined
    return this.#cache.get(raw, isUse) ?? this.#authenticateBySnapshot(raw, headers.cookie, isUse)
  }

  /**
   * For what is not recalled: by the snapshot that the request carries, if this node can vouch for it now, or else by
   * the store. Rejects when the store is down and the policy does not go on without it.
   */
  async authenticate(request: FastifyRequest, policy: RoutePolicy): Promise<AuthenticateOutcome> {
    const presented = this.#readCookie(request)
    if ('ok' in presented) return presented
    const asOf = this.#dependencies.now()
    const { countsAsUse: isUse } = policy
    const isCaughtUp = await this.#waitForPosition(request)
    const snapshot = this.#dependencies.snapshots.read(request.headers.cookie, presented.signed)
    const trusted = isCaughtUp
      ? (this.#cache.get(presented.signed, isUse) ??
        (snapshot && this.#trustSnapshot(presented.signed, snapshot, isUse)))
      : undefined
    // A snapshot is good beside one cookie only: with the cookie it is sent anew.
    if (trusted) {
      const renewal = createRenewal(presented, presented.isOutdated ? snapshot : null, asOf)
      return { ok: true, principal: trusted, renewal }
    }
    return this.#settle(presented, policy, snapshot)
  }

  /**
   * Whether its cookies may be sent now, as far as this node knows. That a login lives on must be sure where the session
   * cookie itself would be replaced; a snapshot that comes too late is only of no use.
   */
  isStillActive({ content, isOutdated, asOf }: Renewal): boolean {
    const status = this.#dependencies.logins.localStatus(content.loginId, asOf)
    return isOutdated ? status === 'active' : status !== 'revoked'
  }

  /** Asks the store, whatever this node knows: for what mints or ends a credential. Rejects when the store is down. */
  async authenticateFresh(request: FastifyRequest): Promise<AuthenticateOutcome> {
    const presented = this.#readCookie(request)
    if ('ok' in presented) return presented
    const login = await this.#findLogin(presented)
    if ('ok' in login) return login
    const principal = this.#dependencies.logins.toPrincipal(login, 'session')
    return { ok: true, principal, renewal: null }
  }

  /**
   * Asks the store for the login of each cookie of our name, whatever it is signed under: the hash in the record proves
   * the handle, also where this node does not know the secret that another node signed with. For what ends logins, and for
   * nothing else. Null where there are too many cookies to ask about; rejects when the store is down.
   */
  async findPresentedLogins({ headers }: FastifyRequest): Promise<PresentedLogins | null> {
    const { cookie, logins } = this.#dependencies
    const values = cookie.readAll(headers.cookie)
    if (values === AMBIGUOUS) return null
    const [active, removed]: [string[], string[]] = [[], []]
    for (const { loginId, secret, isSigned } of values) {
      const login = await logins.resolve(loginId)
      if (login === null && isSigned) removed.push(loginId)
      if (login?.session && verifySecret(secret, login.session)) active.push(loginId)
    }
    return { active, removed }
  }

  /** What a node saw of a login when it asked the store, and no later than `asOf`, ms since the epoch. */
  createSnapshot(login: Login, principal: Principal, asOf: number): Snapshot {
    return { principal, sealedAt: asOf, endsAt: loginEndsAt(login) }
  }

  #readCookie({ headers }: FastifyRequest): VerifiedCookie | FailedOutcome {
    const verified = this.#dependencies.cookie.read(headers.cookie)
    return typeof verified === 'string' ? COOKIE_FAILURES[verified] : verified
  }

  /** False where this node cannot read as far in time: then only the store may answer. */
  async #waitForPosition({ headers }: FastifyRequest): Promise<boolean> {
    const position = this.#dependencies.positions.read(headers.cookie)
    return position === null || this.#dependencies.logins.waitForPosition(position)
  }

  /**
   * The seal vouches for the signature too (bench, `session-guard-snapshot`, without HTTP: saves 3.1 of 9.5 µs).
   * What is outdated is left to `admit`, which renews it.
   */
  #authenticateBySnapshot(raw: string, header: string | undefined, isUse?: boolean): Principal | undefined {
    const signed = decodeOnce(raw)
    const snapshot = this.#dependencies.snapshots.read(header, signed)
    return snapshot === null || snapshot.isOutdated ? undefined : this.#trustSnapshot(signed, snapshot, isUse)
  }

  /** As a token would be: signed by us, young, and by a login that this node would know to have ended. */
  #trustSnapshot(signed: string, snapshot: Snapshot, isUse?: boolean): Principal | undefined {
    const { logins, snapshots, now } = this.#dependencies
    const { principal, sealedAt, endsAt: loginEndsAt } = snapshot
    const expiresAt = Math.min(sealedAt + snapshots.lifetimeSeconds * 1000, loginEndsAt)
    if (now() >= expiresAt || sealedAt > now() + CLOCK_SKEW_MS) return undefined
    if (logins.localStatus(principal.loginId, sealedAt - CLOCK_SKEW_MS) !== 'active') return undefined
    // No later than that the store was told of a use: a node that never asks it tells it of the next one.
    const validity = { expiresAt, verifiedAt: sealedAt, lastSeenAt: sealedAt }
    logins.remember(this.#cache, signed, { principal, validity }, isUse)
    return principal
  }

  async #settle(
    presented: VerifiedCookie,
    policy: RoutePolicy,
    staleSnapshot: Snapshot | null
  ): Promise<AuthenticateOutcome> {
    const { logins, now } = this.#dependencies
    const { signed } = presented
    const cached = await logins.freshen(this.#cache, signed, policy)
    if (cached !== undefined)
      return { ok: true, principal: cached, renewal: createRenewal(presented, null, now()) }
    const asOf = now()
    const query = logins.startQuery()
    try {
      const login = await this.#findLogin(presented)
      if ('ok' in login) return login
      const snapshot = this.createSnapshot(login, logins.toPrincipal(login, 'session'), asOf)
      const verified = this.#toVerified(login, snapshot)
      if (!logins.remember(this.#cache, signed, verified, policy.countsAsUse, query)) return NO_LOGIN
      return { ok: true, principal: snapshot.principal, renewal: createRenewal(presented, snapshot, asOf) }
    } catch (error) {
      const sealed = staleSnapshot && snapshotToVerified(staleSnapshot)
      const principal = logins.fallback(this.#cache, signed, policy, sealed)
      if (principal === undefined) throw error
      return { ok: true, principal, renewal: createRenewal(presented, null, asOf) }
    }
  }

  /** With snapshots, a node asks again when the snapshot is due, to seal the next one. */
  #toVerified(login: Login, { principal, sealedAt, endsAt: loginEndsAt }: Snapshot): VerifiedCredential {
    const { lifetimeSeconds } = this.#dependencies.snapshots
    const expiresAt =
      lifetimeSeconds === 0 ? loginEndsAt : Math.min(loginEndsAt, sealedAt + lifetimeSeconds * 1000)
    return { principal, validity: { expiresAt, lastSeenAt: login.lastSeenAt } }
  }

  async #findLogin({ content }: VerifiedCookie): Promise<Login | FailedOutcome> {
    const login = await this.#dependencies.logins.resolve(content.loginId)
    if (login === null) return NO_LOGIN
    return login.session !== null && verifySecret(content.secret, login.session) ? login : WRONG_SECRET
  }
}

function snapshotToVerified({ principal, sealedAt, endsAt: loginEndsAt }: Snapshot): VerifiedCredential {
  return { principal, validity: { expiresAt: loginEndsAt, verifiedAt: sealedAt } }
}

function createRenewal(
  { content, signed, isOutdated }: VerifiedCookie,
  snapshot: Snapshot | null,
  asOf: number
): Renewal | null {
  return isOutdated || snapshot !== null ? { content, signed, isOutdated, snapshot, asOf } : null
}
