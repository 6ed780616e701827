import { channel } from 'node:diagnostics_channel'
import type { InvalidCredentials } from './outcomes.ts'

/** Where credentials were shown: to `verify`, `verifySecondFactor`, or `changePassword` by somebody who is logged in. */
export type Operation = 'sign-in' | 'second-factor' | 'password-change'

/** The credentials of a log-in hold, the second factor with them where one is asked for: before the user is told. */
export interface SignInSucceededEvent {
  readonly type: 'sign-in-succeeded'
  readonly userId: string
  /** As the caller of the verb gave it, here and in the others. */
  readonly address: string | undefined
}

/**
 * A log-in that holds, after as many failed attempts on the account as one address has in a window, or more: so
 * another address took part. Comes after `accepted`; tell the user (ASVS 5.0 6.3.5).
 */
export interface SuspiciousSignInEvent {
  readonly type: 'suspicious-sign-in'
  readonly userId: string
  readonly address: string | undefined
  /** Attempts of this window on the account that had not succeeded by then, from all addresses. */
  readonly failures: number
}

/** The password of a log-in is right, and a second factor is asked for. `accepted` follows, or somebody else has it. */
export interface SecondFactorRequiredEvent {
  readonly type: 'second-factor-required'
  readonly userId: string
  readonly address: string | undefined
  /** Attempts of this window on the account that have not succeeded, this one among them, from all addresses. */
  readonly failures: number
}

/** Credentials were compared and do not hold. */
export interface InvalidCredentialsEvent {
  readonly type: 'invalid-credentials'
  readonly operation: Operation
  readonly detail: InvalidCredentials['detail']
  /** Null for an unknown user; what was typed as the name is never told, since it may be a password. */
  readonly userId: string | null
  readonly address: string | undefined
  /** Attempts of this window on the account that have not succeeded, this one among them, from all addresses. */
  readonly failures: number
}

/** An attempt was refused unheard. `by`: which of the limits; `attack` is the one on an account under attack. */
export interface ThrottledEvent {
  readonly type: 'throttled'
  readonly operation: Operation
  readonly limit: 'address' | 'account' | 'attack'
  /** Null at a log-in, where nobody is looked up for a refused attempt. */
  readonly userId: string | null
  readonly address: string | undefined
  readonly retryAfterSeconds: number
}

/** There is a new user. Published when the store has it. */
export interface UserRegisteredEvent {
  readonly type: 'user-registered'
  readonly userId: string
}

/** The user has another password. Published when the store has it; tell the user (ASVS 5.0 6.3.7). */
export interface PasswordChangedEvent {
  readonly type: 'password-changed'
  readonly userId: string
  readonly address: string | undefined
}

/** At a log-in the hash of the same password was replaced, a foreign one or one of a lower cost. */
export interface PasswordRehashedEvent {
  readonly type: 'password-rehashed'
  readonly userId: string
}

/**
 * Attempts are no longer counted for all nodes together, but by this one alone (`redisLimiters`), since Redis does not answer:
 * who guesses has as many of them as there are nodes, unless `nodes` is set. Published once, when it begins.
 */
export interface ThrottleDegradedEvent {
  readonly type: 'throttle-degraded'
  /** What went wrong, in a few words. */
  readonly reason: string
}

/** Attempts are counted for all nodes together again. */
export interface ThrottleRecoveredEvent {
  readonly type: 'throttle-recovered'
}

export type CredentialsEvent =
  | SignInSucceededEvent
  | SuspiciousSignInEvent
  | SecondFactorRequiredEvent
  | InvalidCredentialsEvent
  | ThrottledEvent
  | UserRegisteredEvent
  | PasswordChangedEvent
  | PasswordRehashedEvent
  | ThrottleDegradedEvent
  | ThrottleRecoveredEvent

/**
 * What happens to credentials in this process, for whoever watches it: each message is a {@link CredentialsEvent}.
 *
 * A subscriber is called before the verb resolves, and cannot change what it resolves. What it throws Node raises as
 * an uncaught exception: a watcher that is broken is a fault of the service, and not to be hidden here.
 */
export const credentialsChannel = channel('drawbridge:credentials')

/** Without subscribers the message is not even made. */
export function publish(event: () => CredentialsEvent): void {
  if (credentialsChannel.hasSubscribers) credentialsChannel.publish(Object.freeze(event()))
}
