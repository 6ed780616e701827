import type { PolicyRefusal } from './passwords/policy.ts'
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
export interface Rejected {
  readonly ok: false
  readonly reason: 'rejected'
  readonly detail:
    | 'unknown'
    | 'wrong-password'
    | 'not-read-whole'
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
export interface AgainstPolicy extends PolicyRefusal {
  readonly ok: false
  readonly reason: 'policy'
}

/** Somebody has this username already. */
export interface Taken {
  readonly ok: false
  readonly reason: 'taken'
}

export interface Accepted {
  readonly ok: true
  readonly user: User
}

/** The password is right. */
export interface Proven extends Accepted {
  /** Of which password that was said: for `stillHolds`, once the login is written. */
  readonly proof: string
}

/** The password is right, and by itself not enough: nobody is logged in. */
export interface SecondFactorNeeded {
  readonly ok: false
  readonly reason: 'second-factor'
  readonly user: User
  /** As of {@link Proven}. */
  readonly proof: string
}

type Refused = Malformed | Rejected | Throttled | Busy

export type SecondFactorOutcome = Accepted | Refused

export type VerifyOutcome = Proven | SecondFactorNeeded | Refused

export type RegisterOutcome = Proven | Malformed | AgainstPolicy | Taken | Busy

/** The proof is of the new password. */
export type ChangePasswordOutcome = Proven | Refused | AgainstPolicy

/** What a call that was turned away for want of room is told to wait. The queue is worked off in about as long. */
const BUSY_SECONDS = 2

export function malformed(field: Malformed['field']): Malformed {
  return { ok: false, reason: 'malformed', field }
}

export const taken: Taken = Object.freeze({ ok: false, reason: 'taken' })

export const busy: Busy = Object.freeze({ ok: false, reason: 'busy', retryAfterSeconds: BUSY_SECONDS })

/** Too many wait for earlier attempts on the same account from the same address. */
export const busySoon: Busy = Object.freeze({ ok: false, reason: 'busy', retryAfterSeconds: 1 })

export function rejected(detail: Rejected['detail']): Rejected {
  return { ok: false, reason: 'rejected', detail }
}

export function againstPolicy({ rule, message }: PolicyRefusal): AgainstPolicy {
  return { ok: false, reason: 'policy', rule, message }
}
