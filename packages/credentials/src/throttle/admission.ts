/** An attempt that is allowed and has been counted. It counts as failed unless one of the two methods is called. */
export interface Admitted {
  readonly admitted: true
  /** Attempts on the account in this window that have not succeeded, from all addresses, without this one. */
  readonly failures: number
  /** More failures than one address may make: if this attempt succeeds, notify the user. */
  readonly isSuspicious: boolean
  /** The credentials were valid: resets the counts of the account. */
  recordSuccess(): Promise<void>
  /** The attempt was not made after all: takes its points back from all counts. */
  refund(): Promise<void>
}

/** An attempt that a limit rejects. */
export interface ThrottledAdmission {
  readonly admitted: false
  /** The limit of the address, of the address on the account, or of all addresses on an account under attack. */
  readonly limit: 'address' | 'account' | 'attack'
  readonly retryAfterSeconds: number
}

/** Result of `Throttle.reserve`. */
export type Admission = Admitted | ThrottledAdmission
