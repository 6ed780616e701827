import type { PasswordPolicyViolation } from './passwords/policy.ts'
import type { User } from './users/user.ts'

/** The input can be nobody's username or password: ill-formed, too long, invisible characters. */
export interface Malformed {
  readonly ok: false
  readonly reason: 'malformed'
  /** The member of the input. No user was looked up, so it may be sent to the client. */
  readonly field: 'username' | 'password' | 'currentPassword' | 'newPassword' | 'newUsername' | 'response'
}

/**
 * The credentials are invalid. `detail` is for the log only: the response to the client is the same for all of them.
 * `password-truncated`: the password matches as far as the hash algorithm reads it, such as the 72 bytes of bcrypt.
 * That is no guess, but a user who needs a new password.
 */
export interface InvalidCredentials {
  readonly ok: false
  readonly reason: 'invalid-credentials'
  readonly detail:
    | 'unknown'
    | 'wrong-password'
    | 'password-truncated'
    | 'wrong-second-factor'
    | 'disabled'
    | 'unusable-hash'
}

/** Too many attempts. The same for known and unknown usernames. */
export interface Throttled {
  readonly ok: false
  readonly reason: 'throttled'
  readonly retryAfterSeconds: number
}

/** The queue is full: no hash was computed for this call, and the attempt is not counted. */
export interface Busy {
  readonly ok: false
  readonly reason: 'busy'
  readonly retryAfterSeconds: number
}

/** The new password violates the policy; `message` is a sentence for the user. */
export interface PolicyViolated extends PasswordPolicyViolation {
  readonly ok: false
  readonly reason: 'policy'
}

/** The username belongs to another user. */
export interface UsernameTaken {
  readonly ok: false
  readonly reason: 'username-taken'
}

/** No user has this id. */
export interface UnknownUser {
  readonly ok: false
  readonly reason: 'unknown-user'
}

/** The password was set since the stamp was read, or the user was disabled. Nothing is changed. */
export interface StampOutdated {
  readonly ok: false
  readonly reason: 'stamp-outdated'
}

/** The user was changed. */
export interface UserChanged {
  readonly ok: true
}

/** The credentials are valid. */
export interface Verified {
  readonly ok: true
  readonly user: User
}

/** The password is correct. */
export interface PasswordVerified extends Verified {
  /** Identifies the password that was verified: pass it to `isStampCurrent` once the login is written. No secret. */
  readonly passwordStamp: string
}

/** The password is correct, but a second factor is still required: the user is not signed in. */
export interface SecondFactorRequired {
  readonly ok: false
  readonly reason: 'second-factor-required'
  readonly user: User
  /** As in {@link PasswordVerified}. */
  readonly passwordStamp: string
}

type FailedOutcome = Malformed | InvalidCredentials | Throttled | Busy

/** Outcome of `verifySecondFactor`. */
export type VerifySecondFactorOutcome = Verified | FailedOutcome

/** Outcome of `verify`. */
export type VerifyOutcome = PasswordVerified | SecondFactorRequired | FailedOutcome

/** Outcome of `register`. */
export type RegisterOutcome = PasswordVerified | Malformed | PolicyViolated | UsernameTaken | Busy

/** Outcome of `changePassword`; its `passwordStamp` is that of the new password. */
export type ChangePasswordOutcome = PasswordVerified | FailedOutcome | PolicyViolated

/** Outcome of `setPassword`; its `passwordStamp` is that of the new password. */
export type SetPasswordOutcome =
  | PasswordVerified
  | Malformed
  | PolicyViolated
  | UnknownUser
  | StampOutdated
  | Busy

/** Outcome of `disable`, `enable` and `remove`. */
export type UserChangeOutcome = UserChanged | UnknownUser

/** Outcome of `rename`; `user` has the new name. */
export type RenameOutcome = (UserChanged & { readonly user: User }) | Malformed | UsernameTaken | UnknownUser

/** After which a call that found the queue full should be repeated. A full queue takes about as long. */
const BUSY_SECONDS = 2

export function malformed(field: Malformed['field']): Malformed {
  return { ok: false, reason: 'malformed', field }
}

export const usernameTaken: UsernameTaken = Object.freeze({ ok: false, reason: 'username-taken' })

export const unknownUser: UnknownUser = Object.freeze({ ok: false, reason: 'unknown-user' })

export const stampOutdated: StampOutdated = Object.freeze({ ok: false, reason: 'stamp-outdated' })

export const busy: Busy = Object.freeze({ ok: false, reason: 'busy', retryAfterSeconds: BUSY_SECONDS })

/** Too many attempts wait for earlier ones on the same account from the same address. */
export const attemptQueueFull: Busy = Object.freeze({ ok: false, reason: 'busy', retryAfterSeconds: 1 })

export function invalidCredentials(detail: InvalidCredentials['detail']): InvalidCredentials {
  return { ok: false, reason: 'invalid-credentials', detail }
}

export function policyViolated({ rule, message }: PasswordPolicyViolation): PolicyViolated {
  return { ok: false, reason: 'policy', rule, message }
}
