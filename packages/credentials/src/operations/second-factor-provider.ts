import type { User } from '../users/user.ts'

/** What a user must present besides the password: one-time codes, keys, whatever the service supports. */
export interface SecondFactorProvider {
  /**
   * Whether this user needs a second factor; called whenever the password was correct, and where that was enough once more when
   * the login is written. Anything but `false` counts as yes. Keep it cheap: it occupies a slot of the hashing queue. If it
   * rejects, the sign-in fails with 503.
   */
  isRequired(user: User): boolean | Promise<boolean>
  /**
   * Whether the response is correct. Only `true` counts as yes. The attempt is counted before the call. The provider
   * must reject the reuse of a one-time code (RFC 6238 section 5.2). Reject only when the response cannot be checked,
   * which is a 503.
   */
  verify(input: SecondFactorVerification): boolean | Promise<boolean>
}

/** Input of `SecondFactorProvider.verify`. */
export interface SecondFactorVerification {
  readonly user: User
  /** What the client sent: not empty, well-formed Unicode, at most 8192 characters. */
  readonly response: string
  /** The client's IP address, as far as the caller trusts it. */
  readonly address: string | undefined
}
