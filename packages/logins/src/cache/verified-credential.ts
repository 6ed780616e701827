import type { Principal } from '../login/principal.ts'

/** What a node knows of a login without asking the store. */
export type LoginStatus = 'active' | 'revoked' | 'unknown'

/** A valid credential, and for how long it may be served from a cache. */
export interface VerifiedCredential {
  readonly principal: Principal
  readonly validity: Validity
}

/** How long a credential is valid, and when that was found out. */
export interface Validity {
  /** ms since the epoch: when the credential or its login expires. */
  readonly expiresAt: number
  /** ms since the epoch: when the login ends if it is not used again, as the store knows. Absent: unknown. */
  readonly loginEndsAt?: number
  /** ms since the epoch: when the store said so, or we signed it. Default now. */
  readonly verifiedAt?: number
  /** ms since the epoch: when the login was last used, as the store knows. Absent: its use need not be written. */
  readonly lastSeenAt?: number
}

/** The state of a node just before it asks the store: what the store says is as old as this. */
export interface QueryStart {
  readonly trustEpoch: number
  /** How many changes of users the node had heard. */
  readonly changeCount: number
  /** ms since the epoch. */
  readonly at: number
}
