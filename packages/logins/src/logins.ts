import type { CredentialCache } from './cache/credential-cache.ts'
import type { FeedHealth, FeedPosition } from './revocation/feed.ts'
import type { DeviceInfo, Login, RefreshTokenState, StoredSessionSecret } from './login/login.ts'
import type { LoginView } from './login/login-view.ts'
import type { Carrier, Principal, PrincipalExtension } from './login/principal.ts'
import type { LoginChange, RotateOutcome } from './stores/login-store.ts'
import type { RotateInput } from './stores/rotation.ts'

export interface NewLogin {
  readonly user: { readonly id: string; readonly username: string }
  readonly device: DeviceInfo
  readonly idleTimeoutSeconds: number
  readonly absoluteTimeoutSeconds: number
  readonly session?: StoredSessionSecret
  /** Of the first refresh token. */
  readonly refresh?: Pick<RefreshTokenState, 'familyHash' | 'hash'>
  readonly scopes?: readonly string[]
  /** Default: none. */
  readonly data?: Login['data']
}

/** What a node knows of a login without asking the store. */
export type LoginStatus = 'active' | 'revoked' | 'unknown'

/** A credential that holds, and for how long that can be said without asking again. */
export interface VerifiedCredential {
  readonly principal: Principal
  readonly validity: Validity
}

export interface Validity {
  /** ms since the epoch: when the credential or its login expires. */
  readonly expiresAt: number
  /** ms since the epoch: when the truth said so, or we signed it. Default now. */
  readonly verifiedAt?: number
  /** ms since the epoch: when the store last knew the login to be in use. Absent: use need not be told. */
  readonly lastSeenAt?: number
}

export type OnStale = 'ask-store' | 'fail-closed'

/** `serveStaleForSeconds`: what was verified not longer ago than that is served, though it may have ended since. */
export type OnStoreDown = 'fail-closed' | { readonly serveStaleForSeconds: number }

/** What a route wants otherwise than the rest of the service. */
export interface OutagePolicy {
  readonly onStale?: OnStale
  readonly onStoreDown?: OnStoreDown
}

/** What a route wants of the check of its requests. */
export interface RoutePolicy extends OutagePolicy {
  /** False: a request does not put off the idle end of its login, as one that a page sends by itself. Default true. */
  readonly countsAsUse?: boolean
}

export interface RevokeUserResult {
  /** How many logins it ended, pending ones too. */
  readonly revokedCount: number
  /** Where that stands in the feed: a node that has `reached` it refuses them all. */
  readonly position: FeedPosition
}

/** What a node knows of itself. */
export interface LoginsHealth extends FeedHealth {
  readonly trustEpoch: number
  /** Logins that this node knows to have ended. */
  readonly revocationListSize: number
  /** Verified credentials that this node holds. */
  readonly cacheSize: number
  /** Whether the clock of this node is within `clockSkewSeconds` of that of the feed's server. */
  readonly isClockRight: boolean
  /** Whether a node with the same store could refuse what this one signs, or the other way round: see `compareSecrets`. */
  readonly secretsDiffer: boolean
}

/**
 * What is alive. Verbs reject with {@link LoginsUnavailableError} when the store or the feed is down, and with
 * nothing else but an {@link OptionError} where `extendPrincipal` gives what cannot be carried, and a TypeError where they are
 * given what no store could give back.
 */
export interface Logins {
  readonly retentionSeconds: number
  /** Whether other nodes share the feed. */
  readonly isShared: boolean
  /**
   * ms since the epoch by the clock that all nodes go by: that of the feed's server, or of this process where the feed has
   * none. Limits of logins and credentials are kept by it.
   */
  now(): number
  /**
   * A login that nothing carries, without session and refresh, is a pending one. Rejects with a TypeError that names the member
   * which no store could give back.
   */
  create(login: NewLogin): Promise<Login>
  /** Asks the store. Null when the login has ended, expired or never was, or is a pending one. */
  resolve(loginId: string): Promise<Login | null>
  /** Asks the store for a pending login, and for no other. */
  resolvePending(loginId: string): Promise<Login | null>
  /** Ends a pending login, which no node can hold anything of. @returns true for one of any number of calls. */
  consumePending(loginId: string): Promise<boolean>
  /** Null where no such login lives. Rejects with a TypeError where `data` is not an object of JSON values. */
  update(loginId: string, change: LoginChange): Promise<Login | null>
  /** Rotates a refresh token; a reused one has ended the login, everywhere, when this resolves. */
  rotate(loginId: string, input: RotateInput): Promise<RotateOutcome>
  /**
   * Ends a login: store first, then feed; resolves when both are done. Where the id comes from a request, say whose it must
   * be: a loginId is public, and whoever knows one could end it.
   *
   * @returns whether it was alive; false, and nobody is told, for what is no loginId, or none of this user's.
   */
  revoke(loginId: string, owner?: { readonly userId: string }): Promise<boolean>
  /** Ends all logins of a user, but one. */
  revokeUser(userId: string, options?: { readonly except?: string }): Promise<RevokeUserResult>
  /** The living logins of a user, the newest first; not the pending ones. */
  listByUser(userId: string): Promise<readonly LoginView[]>
  /** No I/O. What this node knows of a login by whose credential, issued then (ms), it could be served. */
  localStatus(loginId: string, issuedAt: number): LoginStatus
  toPrincipal(login: Login, carrier: Carrier): Principal
  /** What `extendPrincipal` adds, for a token to carry. */
  toPrincipalExtension(login: Login): PrincipalExtension
  /** A cache of verified credentials; each carrier has its own, so that none is taken for the other's. */
  openCache(): CredentialCache
  /** Remembers a verified credential until the login ends or the cache's age is reached, whichever is first. */
  remember(
    cache: CredentialCache,
    credential: string,
    principal: Principal,
    validity: Validity,
    isUse?: boolean
  ): void
  /**
   * For what the cache does not give: tries to be fresh, then asks, and remembers the answer. Follows the policy
   * where the node stays stale or the store is down.
   * @param verify the truth about the credential; null where it does not hold. Rejects when the store is down.
   * @param fallback what a credential says by itself that was signed by us; with when it did, for `serveStaleForSeconds`.
   */
  settle(
    cache: CredentialCache,
    credential: string,
    verify: () => Promise<VerifiedCredential | null>,
    policy?: RoutePolicy,
    fallback?: VerifiedCredential
  ): Promise<Principal | null>
  /** Resolves true when this node has read the feed as far as the fence, false where it could not in time. */
  waitForPosition(position: FeedPosition): Promise<boolean>
  /**
   * Compares the root secrets of this node for a purpose with those of the other nodes by fingerprints in the shared store, now
   * and once per minute until `close`. Nodes differ where one signs with a secret that another does not know.
   *
   * @param onDiffer called each time that this becomes so. Must not throw.
   * @returns whether they differ now; false where the store is not one of several machines. Never rejects: where the store
   * cannot be asked, `onError` of `createLogins` gets the error.
   */
  compareSecrets(purpose: string, secrets: readonly string[], onDiffer?: () => void): Promise<boolean>
  health(): LoginsHealth
  /** Writes what is known of use; called on close. */
  flushTouches(): Promise<void>
  /** Resolves when store and feed answer, and the clock of this node is right; for readiness probes. */
  ping(): Promise<void>
  /** Flushes, then closes the feed. The store's connection is closed by who opened it. */
  close(): Promise<void>
}
