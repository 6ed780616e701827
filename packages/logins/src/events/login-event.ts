import type { DeviceInfo } from '../login/login.ts'
import type { Carrier } from '../login/principal.ts'
import type { RevokedBy } from '../revocation/revocation-cause.ts'

/** What every event has. */
interface EventOrigin {
  /** The `nodeName` of `createLogins`; null where the service gives none. */
  readonly node: string | null
  /** ms since the epoch by the clock that all nodes go by. */
  readonly at: number
}

/** Of which login an event is: nothing by which a credential is verified. */
interface OfLogin extends EventOrigin {
  readonly loginId: string
  readonly userId: string
  /**
   * The carrier of the credential that was created or presented; of a revocation, the one that the user signed in with. Null where
   * the record was not read.
   */
  readonly carrier: Carrier | null
  /** The device from which the user signed in, or created the key; null where the record was not read. */
  readonly device: DeviceInfo | null
}

/** A login was created: by a sign-in, or as the login of a key. */
export interface LoginCreatedEvent extends OfLogin {
  readonly type: 'login-created'
}

/** A refresh token was replaced by its successor. */
export interface LoginRefreshedEvent extends OfLogin {
  readonly type: 'login-refreshed'
}

/** A refresh token was presented again within its grace time: the client got the same successor. */
export interface RefreshRepeatedEvent extends OfLogin {
  readonly type: 'refresh-repeated'
}

/**
 * A replaced refresh token was presented after its grace time: a theft, or a fault of the client (RFC 9700 section 4.14.2). Followed
 * by `login-revoked`.
 */
export interface RefreshTokenReusedEvent extends OfLogin {
  readonly type: 'refresh-token-reused'
}

/** A login got a credential of another carrier for the one that was presented, whose carrier is `carrier`. */
export interface LoginExchangedEvent extends OfLogin {
  readonly type: 'login-exchanged'
  readonly to: Carrier
  /** The login had the credential already: the client got the same one again. */
  readonly isRepeated: boolean
}

/** A login was created for the credential of another system. */
export interface LoginAdoptedEvent extends OfLogin {
  readonly type: 'login-adopted'
  /** The name of the migration. */
  readonly migration: string
}

/** The user of a login authenticated again. */
export interface LoginReauthenticatedEvent extends OfLogin {
  readonly type: 'login-reauthenticated'
}

/** A login was revoked. Published once the store has removed it: the node on which that happened knows of it, the others hear it soon. */
export interface LoginRevokedEvent extends OfLogin {
  readonly type: 'login-revoked'
  readonly by: RevokedBy
  /** For the log; null where the caller of the method gave none. */
  readonly reason: string | null
}

/**
 * A credential was presented whose login this node had verified lately, and which has reached its limit since. No store reports
 * the expiry of a login: one whose credentials are not presented again has no such event.
 */
export interface LoginExpiredEvent extends OfLogin {
  readonly type: 'login-expired'
  /** `idle`: it was not used for long enough. `absolute`: its time is over, whatever its use. */
  readonly limit: 'idle' | 'absolute'
}

/** Why a credential was rejected. */
export type RejectedReason =
  /** Forged, revoked, expired or replaced. */
  | 'invalid'
  /** Several that differ, or two users at once. */
  | 'ambiguous'
  | 'two-users'
  /** A page of another origin may have sent the request. */
  | 'cross-origin'
  /** The login is active, and may not do this. */
  | 'insufficient-scope'
  | 'reauthentication-required'
  | 'key-not-allowed'

/** A request that presented a credential was rejected. Not published for a request that presents none. */
export interface CredentialRejectedEvent extends EventOrigin {
  readonly type: 'credential-rejected'
  readonly reason: RejectedReason
  /** Null where nothing that we made says so. */
  readonly loginId: string | null
  readonly userId: string | null
  /** Null for credentials of two carriers. */
  readonly carrier: Carrier | null
  /** Always null: the record is not read for it. */
  readonly device: null
}

/** Every event of logins. */
export type LoginEvent =
  | LoginCreatedEvent
  | LoginRefreshedEvent
  | RefreshRepeatedEvent
  | RefreshTokenReusedEvent
  | LoginExchangedEvent
  | LoginAdoptedEvent
  | LoginReauthenticatedEvent
  | LoginRevokedEvent
  | LoginExpiredEvent
  | CredentialRejectedEvent

type Without<Event, Member extends PropertyKey> = Event extends unknown ? Omit<Event, Member> : never

/** An event before it is published. */
export type NewLoginEvent = Without<LoginEvent, keyof EventOrigin>
