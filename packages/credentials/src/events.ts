import { channel } from 'node:diagnostics_channel'
import type { ChangeCause } from './operations/change-cause.ts'
import type { InvalidCredentials } from './outcomes.ts'

/**
 * What credentials were presented for: to `verify`, to `verifySecondFactor`, or to `changePassword` by a signed-in
 * user.
 */
export type Operation = 'sign-in' | 'second-factor' | 'password-change'

/**
 * A user presented valid credentials, including the second factor where one is required. Published before the outcome.
 */
export interface SignInSucceededEvent {
  readonly type: 'sign-in-succeeded'
  readonly userId: string
  /** As passed by the caller of the method, in this event and in the others. */
  readonly address: string | undefined
}

/**
 * A successful sign-in after at least as many failed attempts on the account as one address may make in a window, so
 * another address took part. Published after `sign-in-succeeded`; notify the user (ASVS 5.0 6.3.5).
 */
export interface SuspiciousSignInEvent {
  readonly type: 'suspicious-sign-in'
  readonly userId: string
  readonly address: string | undefined
  /** Attempts on the account in this window that had not succeeded by then, from all addresses. */
  readonly failures: number
}

/**
 * The password is correct and a second factor is required. If no `sign-in-succeeded` follows, somebody else may know
 * the password.
 */
export interface SecondFactorRequiredEvent {
  readonly type: 'second-factor-required'
  readonly userId: string
  readonly address: string | undefined
  /** Attempts on the account in this window that have not succeeded, including this one, from all addresses. */
  readonly failures: number
}

/** Credentials were compared and are invalid. */
export interface InvalidCredentialsEvent {
  readonly type: 'invalid-credentials'
  readonly operation: Operation
  readonly detail: InvalidCredentials['detail']
  /** Null for an unknown user; the text entered as the username is never published, since it may be a password. */
  readonly userId: string | null
  readonly address: string | undefined
  /** Attempts on the account in this window that have not succeeded, including this one, from all addresses. */
  readonly failures: number
}

/**
 * A limit rejected an attempt before the credentials were checked; `attack` is the limit on an account under attack.
 */
export interface ThrottledEvent {
  readonly type: 'throttled'
  readonly operation: Operation
  readonly limit: 'address' | 'account' | 'attack'
  /** Null for a sign-in: no user is looked up for an attempt that is rejected. */
  readonly userId: string | null
  readonly address: string | undefined
  readonly retryAfterSeconds: number
}

/** Who was changed; by whom, why and from where, as the caller of the method says. */
interface UserChanged extends ChangeCause {
  readonly userId: string
}

/** A user was registered. Published once the user is stored. */
export interface UserRegisteredEvent extends UserChanged {
  readonly type: 'user-registered'
}

/** A password was changed. Published once the new hash is stored; notify the user (ASVS 5.0 6.3.7). */
export interface PasswordChangedEvent {
  readonly type: 'password-changed'
  readonly userId: string
  readonly address: string | undefined
}

/** A password was set without the current one (`setPassword`). Published once the new hash is stored; notify the user. */
export interface PasswordSetEvent extends UserChanged {
  readonly type: 'password-set'
}

/** Somebody has asked for a reset of a password. Published by `@drawbridge/account`, before the token is sent. */
export interface PasswordResetRequestedEvent {
  readonly type: 'password-reset-requested'
  /** Null for a user who is unknown or disabled, and is sent nothing; the text entered as the username is never published. */
  readonly userId: string | null
  readonly address: string | undefined
}

/** A user has confirmed an address, or what else the service verifies. Published by `@drawbridge/account`. */
export interface UserVerifiedEvent {
  readonly type: 'user-verified'
  readonly userId: string
  readonly address: string | undefined
}

/** A user was disabled. Published once the store has done it, as the three below. */
export interface UserDisabledEvent extends UserChanged {
  readonly type: 'user-disabled'
}

/** A user was enabled. */
export interface UserEnabledEvent extends UserChanged {
  readonly type: 'user-enabled'
}

/** A user was removed. */
export interface UserRemovedEvent extends UserChanged {
  readonly type: 'user-removed'
}

/** A user has another username. */
export interface UserRenamedEvent extends UserChanged {
  readonly type: 'user-renamed'
}

/** At a sign-in the hash, a foreign one or one of a lower cost, was replaced by a new one of the same password. */
export interface PasswordRehashedEvent {
  readonly type: 'password-rehashed'
  readonly userId: string
}

/**
 * Redis does not reply, so this node counts attempts on its own (`createRedisLimiters`) and no longer together with the
 * others: an attacker has the attempts of each node, unless `nodes` is set. Published once, when it begins.
 */
export interface ThrottleDegradedEvent {
  readonly type: 'throttle-degraded'
  /** Message of the error. */
  readonly reason: string
}

/** All nodes count attempts together again. */
export interface ThrottleRecoveredEvent {
  readonly type: 'throttle-recovered'
}

/** Every event of this package. */
export type CredentialsEvent =
  | SignInSucceededEvent
  | SuspiciousSignInEvent
  | SecondFactorRequiredEvent
  | InvalidCredentialsEvent
  | ThrottledEvent
  | UserRegisteredEvent
  | PasswordChangedEvent
  | PasswordSetEvent
  | PasswordResetRequestedEvent
  | UserVerifiedEvent
  | UserDisabledEvent
  | UserEnabledEvent
  | UserRemovedEvent
  | UserRenamedEvent
  | PasswordRehashedEvent
  | ThrottleDegradedEvent
  | ThrottleRecoveredEvent

/**
 * The diagnostics channel of this package, `drawbridge:credentials`: each message is a frozen {@link CredentialsEvent}.
 *
 * Subscribers are called before the method resolves, and cannot change the outcome. An error that a subscriber throws
 * becomes an uncaught exception, as `node:diagnostics_channel` defines it: it is a fault of the service that must not
 * be hidden here.
 */
export const credentialsChannel = channel('drawbridge:credentials')

/** Publishes an event, which is not even created when there are no subscribers. */
export function publish(event: () => CredentialsEvent): void {
  if (credentialsChannel.hasSubscribers) credentialsChannel.publish(Object.freeze(event()))
}
