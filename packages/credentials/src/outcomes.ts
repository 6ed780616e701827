import type { PasswordPolicyViolation } from './passwords/policy.ts'
import type { User } from './users/user.ts'

/** Not a username or a password at all, whoever it may be: ill-formed, over-long, invisible characters. */
export interface Malformed {
  readonly ok: false
  readonly reason: 'malformed'
  /** Which member of the input. Nobody was looked up, so the client may know. */
  readonly field: 'username' | 'password' | 'currentPassword' | 'newPassword' | 'response'
}

/**
 * The credentials do not hold. `detail` is for the log: to the client all of them are one answer. `not-read-whole`: the
 * password matches as far as its hash reads it, such as the 72 bytes of bcrypt. No guesser, but a user who needs a new one.
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

/** Too many attempts. Told alike of known and unknown usernames. */
export interface Throttled {
  readonly ok: false
  readonly reason: 'throttled'
  readonly retryAfterSeconds: number
}

/** Too much is under way: no hash was computed for this call, and no attempt is counted. */
export interface Busy {
  readonly ok: false
  readonly reason: 'busy'
  readonly retryAfterSeconds: number
}

/** The new password is against the policy; `message` is a sentence for the person who chose it. */
export interface PolicyViolated extends PasswordPolicyViolation {
  readonly ok: false
  readonly reason: 'policy'
}

/** Somebody has this username already. */
export interface UsernameTaken {
  readonly ok: false
  readonly reason: 'username-taken'
}

export interface Verified {
  readonly ok: true
  readonly user: User
}

/** The password is right. */
export interface PasswordVerified extends Verified {
  /** Of which password that was said: for `isStampCurrent`, once the login is written. */
  readonly passwordStamp: string
}

/** The password is right, and by itself not enough: nobody is logged in. */
export interface SecondFactorRequired {
  readonly ok: false
  readonly reason: 'second-factor-required'
  readonly user: User
  /** As of {@link PasswordVerified}. */
  readonly passwordStamp: string
}

type FailedOutcome = Malformed | InvalidCredentials | Throttled | Busy

export type VerifySecondFactorOutcome = Verified | FailedOutcome

export type VerifyOutcome = PasswordVerified | SecondFactorRequired | FailedOutcome

export type RegisterOutcome = PasswordVerified | Malformed | PolicyViolated | UsernameTaken | Busy

/** The proof is of the new password. */
export type ChangePasswordOutcome = PasswordVerified | FailedOutcome | PolicyViolated

/** What a call that was turned away for want of room is told to wait. The queue is worked off in about as long. */
const BUSY_SECONDS = 2

export function malformed(field: Malformed['field']): Malformed {
  return { ok: false, reason: 'malformed', field }
}

export const usernameTaken: UsernameTaken = Object.freeze({ ok: false, reason: 'username-taken' })

export const busy: Busy = Object.freeze({ ok: false, reason: 'busy', retryAfterSeconds: BUSY_SECONDS })

/** Too many wait for earlier attempts on the same account from the same address. */
export const attemptQueueFull: Busy = Object.freeze({ ok: false, reason: 'busy', retryAfterSeconds: 1 })

export function invalidCredentials(detail: InvalidCredentials['detail']): InvalidCredentials {
  return { ok: false, reason: 'invalid-credentials', detail }
}

export function policyViolated({ rule, message }: PasswordPolicyViolation): PolicyViolated {
  return { ok: false, reason: 'policy', rule, message }
}
