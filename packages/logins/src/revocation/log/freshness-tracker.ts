/** What the freshness of a node depends on, for one log. */
export interface TrackedLog {
  /** Monotonic ms: every revocation that was confirmed before then has been read. */
  readonly leaseAsOf: number
  /** ms since the epoch: every revocation of this log since then has been read. */
  readonly coveredFrom: number
}

/** Options of {@link FreshnessTracker}. */
export interface FreshnessTrackerOptions {
  readonly logs: readonly TrackedLog[]
  /** W: the number of logs that must acknowledge an append. */
  readonly writeQuorum: number
  /**
   * R: the number of logs whose lease must be young. R + W > n, so that any two such sets have a log in
   * common.
   */
  readonly readQuorum: number
  readonly maxStalenessMs: number
  /** ms on a clock that never goes back. */
  readonly monotonicNow: () => number
  /** ms since the epoch, by this node's clock. */
  readonly wallNow: () => number
  /** ms since the epoch, by the clock that all nodes use. */
  readonly serverNow: () => number
}

/**
 * How far the wall clock and the monotonic clock may diverge, ms; a larger difference means that the machine
 * was suspended.
 */
const WALL_SLACK_MS = 1000

/**
 * Whether a node may use what it has cached. The guarantee: a login whose revocation was confirmed at T is
 * rejected from T + maxStalenessMs on. To be fresh later than that, R logs must have been audited after T;
 * one of them is among the W logs that had the entry by then, and its audit was complete.
 *
 * A log that was reset may have lost that entry, so it does not count until every log has been audited since.
 * Where more logs are reset at the same time than the quorum can do without, everything that was verified
 * before must be verified again.
 */
export class FreshnessTracker {
  readonly #options: FreshnessTrackerOptions
  /** Logs that were reset and do not count yet → since when, monotonic ms. */
  readonly #unverifiedLogs = new Map<TrackedLog, number>()
  /** Logs that were read completely at least once. */
  readonly #joinedLogs = new Set<TrackedLog>()
  #trustEpoch = 0
  #coveredFrom = Infinity
  #leaseAsOf = -Infinity
  #wallAtLease = 0

  constructor(options: FreshnessTrackerOptions) {
    this.#options = options
  }

  /** Increases whenever all that was verified before must be verified again. */
  get trustEpoch(): number {
    return this.#trustEpoch
  }

  /**
   * ms since the epoch: this node knows whether a credential that was issued since then is revoked. It stays
   * while logs are reset one after the other: what such a log lost, this node has read already, or reads from
   * the other logs.
   */
  get coveredFrom(): number {
    return this.#coveredFrom
  }

  /**
   * Monotonic ms: every revocation that was confirmed before then has been read; -Infinity before the first
   * reading.
   */
  get leaseAsOf(): number {
    return this.#leaseAsOf
  }

  /**
   * Whether the lease is younger than the staleness bound. The wall clock is compared too: only it shows that
   * the machine was suspended.
   */
  isFresh(): boolean {
    const { monotonicNow, wallNow, maxStalenessMs } = this.#options
    if (monotonicNow() - this.#leaseAsOf >= maxStalenessMs) return false
    return Math.abs(wallNow() - this.#wallAtLease) <= maxStalenessMs + WALL_SLACK_MS
  }

  /** Must be called when a log may have lost entries. */
  onReset(log: TrackedLog): void {
    const { logs, writeQuorum, monotonicNow, serverNow } = this.#options
    this.#unverifiedLogs.set(log, monotonicNow())
    if (this.#unverifiedLogs.size > logs.length - writeQuorum) {
      this.#trustEpoch += 1
      this.#coveredFrom = serverNow()
      // All is verified again in the store, which is the source of truth: nothing is left unverified.
      this.#unverifiedLogs.clear()
    }
    this.onLease()
  }

  /** Must be called whenever the lease or the coverage of a log has changed. */
  onLease(): void {
    this.#markJoined()
    this.#clearVerified()
    const { monotonicNow, wallNow, logs, readQuorum } = this.#options
    const countable = logs.filter((log) => this.#joinedLogs.has(log) && !this.#unverifiedLogs.has(log))
    if (countable.length < readQuorum) return
    const coveredFrom = nthSmallest(
      readQuorum,
      countable.map((log) => log.coveredFrom)
    )
    this.#coveredFrom = Math.min(this.#coveredFrom, coveredFrom)
    const leaseAsOf = -nthSmallest(
      readQuorum,
      countable.map((log) => -log.leaseAsOf)
    )
    if (leaseAsOf <= this.#leaseAsOf) return
    // The logs may have published the revocation of what was verified before the first reading, and lost it
    // before this node asked.
    if (this.#leaseAsOf === -Infinity) this.#trustEpoch += 1
    this.#leaseAsOf = leaseAsOf
    this.#wallAtLease = wallNow() - (monotonicNow() - leaseAsOf)
  }

  /**
   * A log that was unreachable when this node became fresh may since have lost an entry that this node never
   * read.
   */
  #markJoined(): void {
    const { logs, monotonicNow } = this.#options
    for (const log of logs) {
      if (this.#joinedLogs.has(log) || log.leaseAsOf === -Infinity) continue
      this.#joinedLogs.add(log)
      if (this.#leaseAsOf !== -Infinity) this.#unverifiedLogs.set(log, monotonicNow())
    }
  }

  #clearVerified(): void {
    for (const [log, since] of this.#unverifiedLogs) {
      if (this.#options.logs.every(({ leaseAsOf }) => leaseAsOf > since)) this.#unverifiedLogs.delete(log)
    }
  }
}

function nthSmallest(nth: number, values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[nth - 1] ?? Infinity
}
