import type { StoreAskReason } from './cache/cache-policy.ts'
import type { CacheLookup } from './cache/credential-cache.ts'
import type { FeedHealth, FeedPosition } from './revocation/feed.ts'
import type { DeviceInfo, Login, RefreshTokenState, StoredSessionSecret } from './login/login.ts'
import type { LoginView } from './login/login-view.ts'
import type { Principal } from './login/principal.ts'
import type { RevocationCause, RevokeOptions } from './revocation/revocation-cause.ts'
import type { SignalOptions } from './signals/signal-options.ts'

/** What a login is made of. */
export interface NewLogin {
  readonly user: { readonly id: string; readonly username: string }
  readonly device: DeviceInfo
  /** The login expires when it is not used for this long; 0 for no such limit. */
  readonly idleTimeoutSeconds: number
  /** The login expires this long after it was made, whatever its use. */
  readonly absoluteTimeoutSeconds: number
  readonly session?: Pick<StoredSessionSecret, 'secretHash'>
  /** Of the first refresh token. */
  readonly refresh?: Pick<RefreshTokenState, 'familyHash' | 'hash'>
  /** The login never has another, whatever `getClaims` gives. Default: all that `getClaims` gives, or none without it. */
  readonly scopes?: readonly string[]
  /** Default: none. */
  readonly data?: Login['data']
}

/** Options of `revokeUser`. */
export interface RevokeUserOptions extends RevocationCause {
  /** The id of a login that stays. */
  readonly except?: string
}

/** What `revokeUser` did. */
export interface RevokeUserResult {
  /** How many logins were revoked, pending ones too. */
  readonly revokedCount: number
  /** A node that has read the feed as far as this rejects them all. */
  readonly position: FeedPosition
}

/** What `refreshClaims` or `renameUser` did. */
export interface RefreshClaimsResult {
  /** A node that has read the feed as far as this serves none of the claims from before. */
  readonly position: FeedPosition
}

/** The state of one node. */
export interface LoginsHealth extends FeedHealth {
  readonly trustEpoch: number
  /** Logins that this node knows to be revoked. */
  readonly revocationListSize: number
  /** Verified credentials in the caches of this node. */
  readonly cacheSize: number
  /** How many look-ups in the caches of this node found what, since it started. */
  readonly cacheLookups: Readonly<Record<CacheLookup, number>>
  /** For how many guarded requests the store was asked about their credential, by why, since this node started. */
  readonly storeAsks: Readonly<Record<StoreAskReason, number>>
  /** Connections whose signal, of `signalOf`, has not aborted. */
  readonly openConnections: number
  /** Whether the clock of this node is within `clockSkewSeconds` of that of the feed's server. */
  readonly isClockRight: boolean
  /** Whether a node with the same store could reject what this one signs, or the other way round. */
  readonly secretsDiffer: boolean
}

/**
 * The logins of a service, for applications. Methods reject with {@link LoginsUnavailableError} when the store or the feed is
 * down, with an {@link OptionError} where `getClaims` gives what cannot be carried, with an error of `getClaims` that has a
 * status code, and with a TypeError for an argument that no store could give back; with nothing else.
 */
export interface Logins {
  /**
   * Makes a login. One without `session` and `refresh` is pending: it takes a place among the user's logins, and no credential
   * belongs to it. Rejects with a TypeError that names a member which no store could give back.
   */
  create(login: NewLogin): Promise<Login>
  /** Asks the store. Null for a login that is revoked, expired, unknown or pending. */
  resolve(loginId: string): Promise<Login | null>
  /**
   * Revokes a login: first in the store, then in the feed; resolves when both are done. For an id that comes from a request,
   * pass its owner: a loginId is public, and anybody who knows it could revoke the login. `by` and `reason` are for its event.
   *
   * @returns whether it was active; false, with nothing published, for what is no loginId, or not this user's.
   * @throws OptionError for a wrong `by` or `reason`, and for another member beside them.
   * @example
   * ```ts
   * const wasActive = await logins.revoke(loginId, { userId: principal.userId, by: 'user' })
   * ```
   */
  revoke(loginId: string, options?: RevokeOptions): Promise<boolean>
  /**
   * Revokes all logins of a user, except one.
   *
   * @example
   * ```ts
   * const { revokedCount } = await logins.revokeUser(principal.userId, { except: principal.loginId, by: 'user' })
   * ```
   */
  revokeUser(userId: string, options?: RevokeUserOptions): Promise<RevokeUserResult>
  /**
   * Says that what `getClaims` gives for a user has changed: a role, a tenant. Call it once the change is committed. Every
   * node then asks the store and `getClaims` once for each credential of the user, cookies and tokens alike, and serves the
   * new principal within the staleness bound of the feed. No login is revoked. An access token from before the change
   * stays valid, and what it says of scopes and members no longer counts.
   *
   * @example
   * ```ts
   * await members.update(userId, { role: 'admin' })
   * await logins.refreshClaims(userId)
   * ```
   */
  refreshClaims(userId: string): Promise<RefreshClaimsResult>
  /**
   * For a connection that stays open after its request was checked, such as a WebSocket or an event stream: a signal that aborts when
   * the login is revoked, on whichever node, when it expires, or when this node can no longer be sure of it, by the policy that
   * counts for requests too. The reason is an {@link InactiveLoginError}; where the connection closes first, an `AbortError`.
   *
   * For a login that was revoked since the guard the signal has aborted already. The store is asked once per login and node when its
   * first connection opens, and then only where it would be for a request. A change of claims aborts nothing.
   *
   * @throws OptionError
   * @example
   * ```ts
   * const signal = logins.signalOf(principal, { until: reply.raw })
   * const upstream = await fetch('https://news.example/stream', { signal })
   * ```
   */
  signalOf(
    principal: Pick<Principal, 'loginId' | 'carrier' | 'expiresAt'>,
    options: SignalOptions
  ): AbortSignal
  /**
   * Gives a user another name in every login, of whatever carrier: call it once the user is renamed. Within the staleness bound of
   * the feed every node serves the new name, as after `refreshClaims`, and no login is revoked. A sign-in that has read the old name
   * gets the new one too, where it is written within `retentionSeconds`.
   *
   * Repeated, it is the same. Of two names the one that was given last stays.
   *
   * @example
   * ```ts
   * const outcome = await credentials.rename?.({ userId, newUsername: username })
   * if (outcome?.ok) await logins.renameUser(userId, outcome.user.username)
   * ```
   */
  renameUser(userId: string, username: string): Promise<RefreshClaimsResult>
  /** The active logins of a user, the newest first; not the pending ones. */
  listByUser(userId: string): Promise<readonly LoginView[]>
  /**
   * How long after `revoke` or `revokeUser` has resolved a node may still serve the logins, ms: the staleness bound of the feed, or
   * `serveStaleForSeconds` of `onStoreDown` where that is longer, since a node that is cut off from everything serves for so long.
   * A route with an `onStoreDown` of its own may serve them for longer.
   */
  readonly effectiveWithinMs: number
  health(): LoginsHealth
  /** Resolves when store and feed respond, and the clock of this node is right; for readiness probes. */
  ping(): Promise<void>
  /** Writes the uses that were not written yet; `close` does so too. */
  flushTouches(): Promise<void>
  /**
   * Flushes, then closes the feed and the store with the connections that they have opened; a client or a database that was
   * passed to them is closed by the code that made it. The plugins call it, see `closeWithApp` of {@link LoginsOptions}.
   * Repeated, it does nothing more.
   */
  close(): Promise<void>
}
