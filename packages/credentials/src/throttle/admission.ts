/** An attempt that may be made, and has been counted. Say how it went; where nothing is said, it has failed. */
export interface Admitted {
  readonly admitted: true
  /** Attempts of this window on the account that have not succeeded, from all addresses; this one is not among them. */
  readonly failures: number
  /** So many that one address alone cannot have made them: if this one succeeds, its user should hear of it. */
  readonly isSuspicious: boolean
  /** The credentials were right: forgets what was counted against the account, here and in all. */
  recordSuccess(): Promise<void>
  /** Nothing was tried after all: gives back what was counted. */
  refund(): Promise<void>
}

export interface ThrottledAdmission {
  readonly admitted: false
  /** Which limit: of the address, of the address on the account, or of any address on an account under attack. */
  readonly limit: 'address' | 'account' | 'attack'
  readonly retryAfterSeconds: number
}

export type Admission = Admitted | ThrottledAdmission
