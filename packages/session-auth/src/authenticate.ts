import {
  type CredentialCache,
  endsAt,
  type Login,
  type Logins,
  type Principal,
  type RoutePolicy,
  type Verified
} from '@drawbridge/logins'
import type { FastifyRequest } from 'fastify'
import { AMBIGUOUS, decodeOnce } from './cookie-header.ts'
import type { FenceCookie } from './fence-cookie.ts'
import { CLOCK_SKEW_SECONDS } from './options.ts'
import type { OpenedCookie, SessionCookie, Unopened } from './session-cookie.ts'
import { proves } from './session-handle.ts'
import type { Snapshot } from './snapshot.ts'
import type { SnapshotCookie } from './snapshot-cookie.ts'

/** Whose login a request shows. A refusal names its cause for the log. */
export type AuthenticateOutcome =
  | { readonly ok: true; readonly principal: Principal; readonly renewal: Renewal | null }
  | {
      readonly ok: false
      readonly reason: 'none' | 'ambiguous' | 'invalid'
      readonly cause: string
    }

/** Cookies worth sending anew with the answer. */
export interface Renewal extends OpenedCookie {
  /** The store was asked. */
  readonly snapshot: Snapshot | null
  /** ms since the epoch: a moment before the login was known to be alive. */
  readonly asOf: number
}

type Refused = Extract<AuthenticateOutcome, { ok: false }>

const refused = (reason: Refused['reason'], cause: string): Refused => ({ ok: false, reason, cause })

const UNOPENED: Readonly<Record<Unopened, Refused>> = {
  none: refused('none', 'no session cookie is presented'),
  ambiguous: refused('ambiguous', 'two session cookies that differ are presented'),
  forged: refused('invalid', 'the session cookie was not signed by us')
}
const ENDED = refused('invalid', 'the login has ended or never was')
const OLD_HANDLE = refused('invalid', 'the session cookie is not the one that the login has now')

export interface AuthenticatorParts {
  readonly logins: Logins
  readonly cookie: SessionCookie
  readonly snapshots: SnapshotCookie
  readonly fences: FenceCookie
  /** ms since the epoch. */
  readonly now: () => number
}

const CLOCK_SKEW_MS = CLOCK_SKEW_SECONDS * 1000

/** The logins that the cookies of a request prove. */
export interface ProvenLogins {
  readonly living: readonly string[]
  /** What we once issued a cookie for, where the store has no such login any more. */
  readonly ended: readonly string[]
}

/** Checks what a request shows: from the cache where it can, and always by the store where it must. */
export class SessionAuthenticator {
  readonly #parts: AuthenticatorParts
  readonly #cache: CredentialCache

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts
    this.#cache = parts.logins.openCache()
  }

  /**
   * The hot path, without a promise (see `Guard`): a cookie that was verified before and that nothing speaks against,
   * or one that carries a snapshot. What is not spelt as we set it is left to `admit`.
   */
  recall({ headers }: FastifyRequest, isUse?: boolean): Principal | undefined {
    const { cookie, fences } = this.#parts
    const raw = cookie.find(headers.cookie)
    if (typeof raw !== 'string' || fences.read(headers.cookie) !== null) return undefined
    return this.#cache.get(raw, isUse) ?? this.#bySnapshot(raw, headers.cookie, isUse)
  }

  /**
   * For what is not recalled: by the snapshot that the request carries, if this node can vouch for it now, or else by
   * the store. Rejects when the store is down and the policy does not go on without it.
   */
  async admit(request: FastifyRequest, policy: RoutePolicy): Promise<AuthenticateOutcome> {
    const shown = this.#present(request)
    if ('ok' in shown) return shown
    const asOf = this.#parts.now()
    const { countsAsUse: isUse } = policy
    const isCaughtUp = await this.#catchUp(request)
    const snapshot = this.#parts.snapshots.read(request.headers.cookie, shown.signed)
    const vouched = isCaughtUp
      ? (this.#cache.get(shown.signed, isUse) ?? (snapshot && this.#vouch(shown.signed, snapshot, isUse)))
      : undefined
    // A snapshot is good beside one cookie only: with the cookie it is sent anew.
    if (vouched) {
      const renewal = renewalOf(shown, shown.isOutdated ? snapshot : null, asOf)
      return { ok: true, principal: vouched, renewal }
    }
    return this.#settle(shown, policy, snapshot)
  }

  /**
   * Whether its cookies may be sent now, as far as this node knows. That a login lives on must be sure where the session
   * cookie itself would be replaced; a snapshot that comes too late is only of no use.
   */
  isStillAlive({ handle, isOutdated, asOf }: Renewal): boolean {
    const standing = this.#parts.logins.standing(handle.loginId, asOf)
    return isOutdated ? standing === 'alive' : standing !== 'ended'
  }

  /** Asks the store, whatever this node knows: for what mints or ends a credential. Rejects when the store is down. */
  async resolve(request: FastifyRequest): Promise<AuthenticateOutcome> {
    const shown = this.#present(request)
    if ('ok' in shown) return shown
    const login = await this.#ask(shown)
    if ('ok' in login) return login
    const principal = this.#parts.logins.principalOf(login, 'session')
    return { ok: true, principal, renewal: null }
  }

  /**
   * Asks the store for the login of each cookie of our name, whatever it is signed under: the hash in the record proves
   * the handle, also where this node does not know the secret that another node signed with. For what ends logins, and for
   * nothing else. Null where there are too many cookies to ask about; rejects when the store is down.
   */
  async provenLogins({ headers }: FastifyRequest): Promise<ProvenLogins | null> {
    const { cookie, logins } = this.#parts
    const handles = cookie.handlesIn(headers.cookie)
    if (handles === AMBIGUOUS) return null
    const [living, ended]: [string[], string[]] = [[], []]
    for (const { loginId, secret, isSigned } of handles) {
      const login = await logins.resolve(loginId)
      if (login === null && isSigned) ended.push(loginId)
      if (login?.session && proves(secret, login.session)) living.push(loginId)
    }
    return { living, ended }
  }

  /** What a node saw of a login when it asked the store, and no later than `asOf`, ms since the epoch. */
  snapshotOf(login: Login, principal: Principal, asOf: number): Snapshot {
    return { principal, sealedAt: asOf, endsAt: endsAt(login) }
  }

  #present({ headers }: FastifyRequest): OpenedCookie | Refused {
    const opened = this.#parts.cookie.openIn(headers.cookie)
    return typeof opened === 'string' ? UNOPENED[opened] : opened
  }

  /** False where this node cannot read as far in time: then only the store may answer. */
  async #catchUp({ headers }: FastifyRequest): Promise<boolean> {
    const fence = this.#parts.fences.read(headers.cookie)
    return fence === null || this.#parts.logins.reach(fence)
  }

  /**
   * The seal vouches for the signature too (bench, `session-guard-snapshot`, without HTTP: saves 3.1 of 9.5 µs).
   * What is outdated is left to `admit`, which renews it.
   */
  #bySnapshot(raw: string, header: string | undefined, isUse?: boolean): Principal | undefined {
    const signed = decodeOnce(raw)
    const snapshot = this.#parts.snapshots.read(header, signed)
    return snapshot === null || snapshot.isOutdated ? undefined : this.#vouch(signed, snapshot, isUse)
  }

  /** As a token would be: signed by us, young, and by a login that this node would know to have ended. */
  #vouch(signed: string, snapshot: Snapshot, isUse?: boolean): Principal | undefined {
    const { logins, snapshots, now } = this.#parts
    const { principal, sealedAt, endsAt: loginEndsAt } = snapshot
    const expiresAt = Math.min(sealedAt + snapshots.lifeSeconds * 1000, loginEndsAt)
    if (now() >= expiresAt || sealedAt > now() + CLOCK_SKEW_MS) return undefined
    if (logins.standing(principal.loginId, sealedAt - CLOCK_SKEW_MS) !== 'alive') return undefined
    // No later than that the store was told of a use: a node that never asks it tells it of the next one.
    const until = { expiresAt, verifiedAt: sealedAt, lastSeenAt: sealedAt }
    logins.remember(this.#cache, signed, principal, until, isUse)
    return principal
  }

  async #settle(
    shown: OpenedCookie,
    policy: RoutePolicy,
    unsure: Snapshot | null
  ): Promise<AuthenticateOutcome> {
    const { logins } = this.#parts
    const startedAt = this.#parts.now()
    let refusal = ENDED
    let snapshot: Snapshot | null = null
    const ask = async (): Promise<Verified | null> => {
      const asOf = this.#parts.now()
      const login = await this.#ask(shown)
      if ('ok' in login) {
        refusal = login
        return null
      }
      snapshot = this.snapshotOf(login, logins.principalOf(login, 'session'), asOf)
      return this.#verified(login, snapshot)
    }
    const principal = await logins.settle(
      this.#cache,
      shown.signed,
      ask,
      policy,
      unsure ? asVerified(unsure) : undefined
    )
    if (principal === null) return refusal
    return { ok: true, principal, renewal: renewalOf(shown, snapshot, startedAt) }
  }

  /** With snapshots, a node asks again when the snapshot is due, to seal the next one. */
  #verified(login: Login, { principal, sealedAt, endsAt: loginEndsAt }: Snapshot): Verified {
    const { lifeSeconds } = this.#parts.snapshots
    const expiresAt = lifeSeconds === 0 ? loginEndsAt : Math.min(loginEndsAt, sealedAt + lifeSeconds * 1000)
    return { principal, until: { expiresAt, lastSeenAt: login.lastSeenAt } }
  }

  async #ask({ handle }: OpenedCookie): Promise<Login | Refused> {
    const login = await this.#parts.logins.resolve(handle.loginId)
    if (login === null) return ENDED
    return login.session !== null && proves(handle.secret, login.session) ? login : OLD_HANDLE
  }
}

function asVerified({ principal, sealedAt, endsAt: loginEndsAt }: Snapshot): Verified {
  return { principal, until: { expiresAt: loginEndsAt, verifiedAt: sealedAt } }
}

function renewalOf(
  { handle, signed, isOutdated }: OpenedCookie,
  snapshot: Snapshot | null,
  asOf: number
): Renewal | null {
  return isOutdated || snapshot !== null ? { handle, signed, isOutdated, snapshot, asOf } : null
}
