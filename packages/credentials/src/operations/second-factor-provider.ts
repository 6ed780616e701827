import type { User } from '../users/user.ts'

/** What a user must show besides the password: one-time codes, keys, whatever the service has. */
export interface SecondFactorProvider {
  /**
   * Whether this user must show one; asked whenever the password was right. All but `false` means yes. A look-up and no
   * more: it holds a place among the hashes. Where it rejects, the log-in is a 503.
   */
  isRequired(user: User): boolean | Promise<boolean>
  /**
   * Whether the response is right. Only `true` means yes. It is counted before it is asked. A code that is good for one
   * use is for it to know as used. Rejects only where it cannot tell, which is a 503.
   */
  verify(input: SecondFactorVerification): boolean | Promise<boolean>
}

export interface SecondFactorVerification {
  readonly user: User
  /** What the client sent: not empty, well-formed, of 8192 characters at most. */
  readonly response: string
  /** The client's IP address, as far as the caller trusts it. */
  readonly address: string | undefined
}
