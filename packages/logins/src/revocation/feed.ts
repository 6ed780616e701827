/** A login has ended. Every node must refuse what it holds of it. */
export interface Revocation {
  readonly loginId: string
}

/** What a node is told of itself, for readiness probes and dashboards. */
export interface FeedHealth {
  readonly isFresh: boolean
  /** How old the lease is, ms; Infinity before the first. A feed of one process has none: 0. */
  readonly leaseAgeMs: number
  /** How often the node stopped trusting a log, by reason. */
  readonly resets: Readonly<Record<string, number>>
  /** As `clockOffsetMs` of {@link RevocationFeed}. */
  readonly clockOffsetMs: number
}

/** Tells where in the feed a revocation stands, so that another node can be asked to have read so far. */
export type FeedPosition = string

/**
 * The log by which revocations reach every node.
 *
 * `subscribe` listeners hear each revocation at least once, its own node's included, in no certain order. A node may trust
 * what it holds while `isFresh()` says so: it has then heard all that was acknowledged longer ago than the
 * staleness bound.
 */
export interface RevocationFeed {
  /** Whether other nodes share it. */
  readonly isShared: boolean
  /** How long it keeps what it was told, seconds: a node that begins now learns of no revocation from before. */
  readonly retentionSeconds: number
  /**
   * Resolves when every node that says it is fresh will know within the bound. Rejects when that is not sure; publishing
   * the same again is always safe. Rejects with a TypeError, and tells nobody, where an id is not 1 to 64 characters of base64url.
   */
  publish(revocations: readonly Revocation[]): Promise<FeedPosition>
  /**
   * Hears all revocations from now on. Synchronous, and must not throw.
   * @param listRevoked the logins that this node still knows to have ended: told again where the feed has lost them.
   */
  subscribe(listener: (revocation: Revocation) => void, listRevoked?: () => Iterable<string>): void
  /** On the hot path: no I/O, no promise. */
  isFresh(): boolean
  /** Tries to be fresh. @returns whether the node is, after at most so many ms. */
  renew(timeoutMs: number): Promise<boolean>
  /** Resolves true when this node has read as far as the fence; false where it could not in so many ms. */
  waitForPosition(position: FeedPosition, timeoutMs: number): Promise<boolean>
  /** Counts up whenever all that was verified before must be verified once again. */
  readonly trustEpoch: number
  /**
   * ms since the epoch: the feed has told this node of every revocation since then, and of none before. What
   * was issued earlier is to be asked of the store once.
   */
  readonly coveredFrom: number
  /**
   * ms by which the clock that all nodes go by is ahead of this node's own, as last heard; 0 where the feed has no clock.
   * On the hot path.
   */
  readonly clockOffsetMs: number
  health(): FeedHealth
  /** Resolves when the feed answers; for readiness probes. */
  ping(): Promise<void>
  close(): Promise<void>
}
