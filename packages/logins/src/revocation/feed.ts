/** A login was revoked. Every node must reject the credentials of it. */
export interface Revocation {
  readonly loginId: string
}

/**
 * What is known of a user has changed, such as a role, and no login of the user was revoked. Every node must ask the store
 * about each credential that was issued before, once.
 */
export interface Change {
  /** What the ids of the user's logins begin with. */
  readonly loginIdPrefix: string
}

/** The state of the feed as this node sees it, for readiness probes and dashboards. */
export interface FeedHealth {
  /** Whether this node may use what it has cached. */
  readonly isFresh: boolean
  /**
   * ms since the node last had proof that it knows every revocation; Infinity before the first proof. 0 where
   * the feed serves one process.
   */
  readonly leaseAgeMs: number
  /** How many times the node stopped trusting a log, by reason. */
  readonly resets: Readonly<Record<string, number>>
  /** As `clockOffsetMs` of {@link RevocationFeed}. */
  readonly clockOffsetMs: number
}

/**
 * A position in the feed: opaque text of ASCII. A node that has reached it knows every revocation and every change
 * that was published before.
 */
export type FeedPosition = string

/**
 * The log by which revocations and changes reach every node.
 *
 * Listeners get each revocation, or each change, at least once, in no particular order; those of this node
 * included. While `isFresh()` is true a node may use what it has cached: it then knows every revocation and every change
 * that was acknowledged longer ago than the staleness bound.
 */
export interface RevocationFeed {
  /** Whether other nodes share the feed. */
  readonly isShared: boolean
  /**
   * The staleness bound, ms: this long after `publish` has resolved, every node knows the revocation or says that it is not fresh. 0
   * where the feed serves one process.
   */
  readonly maxStalenessMs: number
  /** How long the feed stores an entry, seconds. A node that starts later learns of no earlier one. */
  readonly retentionSeconds: number
  /**
   * Resolves once every node that says it is fresh will know the revocations within the staleness bound. It
   * first calls the listeners of its own node. Rejects where that is uncertain; publishing the same again is
   * always safe. Rejects with a TypeError, and publishes nothing, where an id is not 1 to 64 characters of
   * base64url.
   */
  publish(revocations: readonly Revocation[]): Promise<FeedPosition>
  /** As `publish`, of changes: for a prefix that is not 1 to 64 characters of base64url it rejects with a TypeError. */
  publishChanges(changes: readonly Change[]): Promise<FeedPosition>
  /**
   * Calls `listener` for every revocation from now on. The listener is synchronous and must not throw.
   * @param listRevoked the logins that this node knows to be revoked. They are published again to a log that
   * has lost them.
   */
  subscribe(listener: (revocation: Revocation) => void, listRevoked?: () => Iterable<string>): void
  /** Calls `listener` for every change from now on. The listener is synchronous and must not throw. */
  subscribeChanges(listener: (change: Change) => void): void
  /** Called for each request: no I/O, no promise. */
  isFresh(): boolean
  /** Tries to become fresh. @returns whether the node is fresh, after `timeoutMs` at the latest. */
  renew(timeoutMs: number): Promise<boolean>
  /**
   * Resolves to true once this node has read the feed up to `position`, to false where it has not after
   * `timeoutMs`.
   */
  waitForPosition(position: FeedPosition, timeoutMs: number): Promise<boolean>
  /** Increases whenever all that was verified before must be verified again. */
  readonly trustEpoch: number
  /**
   * ms since the epoch. This node knows of every revocation and every change since then; for a credential that was issued
   * earlier the store must be asked once.
   */
  readonly coveredFrom: number
  /**
   * ms by which the clock that all nodes use is ahead of this node's own, as last measured; 0 where the feed
   * has no clock. Called for each request: no I/O.
   */
  readonly clockOffsetMs: number
  /** No I/O. */
  health(): FeedHealth
  /** Resolves when the feed is reachable and fresh; for readiness probes. */
  ping(): Promise<void>
  /** Stops listening and closes the feed's own connections. */
  close(): Promise<void>
}

/**
 * A feed that is only read, by a service that verifies credentials and revokes none. Every {@link RevocationFeed} can be read
 * so too.
 */
export type FeedReader = Omit<RevocationFeed, 'publish' | 'publishChanges'>
