import { objectWithMethods } from '@drawbridge/options'
import * as v from 'valibot'
import type { CarrierAdoptions } from './adoption/carrier-adoptions.ts'
import type { CredentialCache } from './cache/credential-cache.ts'
import type { PublishEvent } from './events/login-events.ts'
import type { RoutePolicy } from './cache/outage-policy.ts'
import type { LoginStatus, QueryStart, VerifiedCredential } from './cache/verified-credential.ts'
import type { FeedPosition } from './revocation/feed.ts'
import type { DeviceInfo, Login, StoredKey } from './login/login.ts'
import type { LoginWithClaims } from './login/claims.ts'
import type { Carrier, Principal } from './login/principal.ts'
import type { Logins, NewLogin } from './logins.ts'
import type { CarryInput } from './stores/carry.ts'
import type { LoginChange } from './stores/login-change.ts'
import type { CarryOutcome, RotateOutcome } from './stores/login-store.ts'
import type { RotateInput } from './stores/rotation.ts'

/** What a login is made of that a key carries. */
export interface NewKeyLogin {
  readonly user: { readonly id: string; readonly username: string }
  /** From where the key was created. */
  readonly device: DeviceInfo
  readonly key: StoredKey
  /** The login never has another, whatever `getClaims` gives. */
  readonly scopes: readonly string[]
  /** ms since the epoch. */
  readonly expiresAt: number
  /** When the user who creates it presented credentials, ms since the epoch. Default: now. */
  readonly authenticatedAt?: number | undefined
}

/**
 * The logins of a service, for the plugins that carry them. `createLogins` returns it, as {@link Logins} to applications.
 *
 * A carrier checks a credential in four steps: `openCache().get`; on a miss `freshen`; then it asks the store, and calls
 * `remember` with what `startQuery` returned before; where the store is down, `fallback`.
 */
export interface CarrierLogins extends Logins {
  readonly retentionSeconds: number
  /** For a migration from another system; undefined where the store has no `adoptions`. */
  readonly adoptions: CarrierAdoptions | undefined
  /** Whether responses that revoke logins have the header of `effectiveWithinMs`. */
  readonly effectiveWithinHeader: boolean
  /** Whether the last application that uses the logins closes them. */
  readonly closeWithApp: boolean
  /** Whether `close` was called. */
  readonly isClosed: boolean
  /** Whether other nodes share the feed. */
  readonly isShared: boolean
  /**
   * ms since the epoch by the clock that all nodes go by: that of the feed's server, or of this process where the feed has
   * none. Limits of logins and credentials are counted by it.
   */
  now(): number
  /** Publishes what a carrier has noticed. What changes a login is published by the methods that do so. */
  readonly publishEvent: PublishEvent
  /** As `create`, with the claims that were asked for before anything was written. */
  createWithClaims(login: NewLogin): Promise<LoginWithClaims>
  /**
   * Makes a login that a key carries. Null, with nothing written, where the user has `maxKeysPerUser` of them. Rejects with a
   * TypeError that names a member which no store could give back.
   */
  createKey(login: NewKeyLogin): Promise<LoginWithClaims | null>
  /**
   * Asks `getClaims` about a login that the store was just asked for; a promise only where the service has one. Rejects with a
   * LoginsUnavailableError where it fails, or with its error where that has a status code; with an OptionError where no token
   * could carry what it gives.
   */
  withClaims(login: Login): LoginWithClaims | Promise<LoginWithClaims>
  /** Asks the store for a pending login, and for no other. */
  resolvePending(loginId: string): Promise<Login | null>
  /** Removes a pending login, which no node has in a cache. @returns true for one of any number of calls. */
  consumePending(loginId: string): Promise<boolean>
  /** Null where there is no such active login. Rejects with a TypeError where `data` is not an object of JSON values. */
  update(loginId: string, change: Required<Pick<LoginChange, 'data'>>): Promise<Login | null>
  /**
   * Its user has authenticated again, just now: `authenticatedAt` moves there, and the credential that was presented is replaced.
   * When this resolves, every node asks the store about each credential of the user that was issued before, as after
   * `refreshClaims`. Null where there is no such active login, or it does not have the credential that is to be replaced.
   */
  reauthenticate(
    loginId: string,
    change: Pick<LoginChange, 'session' | 'refresh' | 'dropOther'>
  ): Promise<Login | null>
  /** Rotates a refresh token. Where it was reused, the login is revoked on every node when this resolves. */
  rotate(loginId: string, input: RotateInput): Promise<RotateOutcome>
  /**
   * Adds a second credential to a login, for the one that was presented (`decideCarry`). Where a replaced refresh token was
   * presented, the login is revoked on every node when this resolves.
   */
  carry(loginId: string, input: CarryInput): Promise<CarryOutcome>
  /** No I/O. Whether a credential of the login that was issued then (ms) may be served without asking the store. */
  localStatus(loginId: string, issuedAt: number): LoginStatus
  toPrincipal(login: LoginWithClaims, carrier: Carrier): Principal
  /** A cache of verified credentials; each carrier has its own, so that no credential is taken for one of the other's. */
  openCache(): CredentialCache
  /**
   * What comes before a question to the store: a node that is stale tries to be fresh, and then looks into its cache.
   * Undefined where the store is to be asked.
   * @throws LoginsUnavailableError where the node stays stale and the policy is `fail-closed`.
   */
  freshen(
    cache: CredentialCache,
    credential: string,
    policy: RoutePolicy
  ): Promise<Principal | undefined> | undefined
  /** To be called just before the store is asked, for `remember`. */
  startQuery(): QueryStart
  /**
   * Caches a verified credential until it expires or the cache's age is reached, whichever is first.
   *
   * @param isUse whether the request counts as use of the login. Default true.
   * @param query of the question to the store that it was verified by. Default: it was verified now.
   * @returns false where the login has been revoked in the meantime: the credential is not valid.
   */
  remember(
    cache: CredentialCache,
    credential: string,
    verified: VerifiedCredential,
    isUse?: boolean,
    query?: QueryStart
  ): boolean
  /**
   * What the policy serves while the store is down: a credential verified lately enough, by the cache or by our own signature,
   * unless its login is known to be revoked. Undefined for nothing.
   *
   * @param signed what the credential itself says, which we signed; `verifiedAt` is when.
   */
  fallback(
    cache: CredentialCache,
    credential: string,
    policy: RoutePolicy,
    signed?: VerifiedCredential | null
  ): Principal | undefined
  /** Resolves true when this node has read the feed as far as the position, false where it could not in time. */
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
}

/** The option `logins` of a carrier. By its methods, not its class: two copies of this package may be loaded. */
export const carrierLogins = v.pipe(
  objectWithMethods<CarrierLogins>(
    'the logins that createLogins makes',
    'create',
    'resolve',
    'revoke',
    'revokeUser',
    'refreshClaims',
    'renameUser',
    'now',
    'createWithClaims',
    'createKey',
    'withClaims',
    'resolvePending',
    'consumePending',
    'update',
    'reauthenticate',
    'rotate',
    'carry',
    'localStatus',
    'toPrincipal',
    'openCache',
    'freshen',
    'startQuery',
    'remember',
    'fallback',
    'waitForPosition',
    'compareSecrets',
    'publishEvent'
  ),
  // A closed one learns of no revocation by other nodes.
  v.check(
    ({ isClosed }) => !isClosed,
    'must not be closed, got logins that the last application has closed: see closeWithApp of createLogins'
  )
)
