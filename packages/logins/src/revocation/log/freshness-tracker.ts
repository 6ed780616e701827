/** Of one log, what the trust of a node is made of. */
export interface TrackedLog {
  readonly leaseAsOf: number
  readonly coveredFrom: number
}

export interface FreshnessTrackerOptions {
  readonly logs: readonly TrackedLog[]
  /** W: of so many logs an append must be acknowledged. */
  readonly writeQuorum: number
  /** R: of so many logs the lease must be young. R + W > n, so that any two such sets share a log. */
  readonly readQuorum: number
  readonly maxStalenessMs: number
  /** ms on a clock that only goes forward. */
  readonly monotonicNow: () => number
  /** ms since the epoch, by this node's clock. */
  readonly wallNow: () => number
  /** ms since the epoch, by the clock that all nodes go by. */
  readonly serverNow: () => number
}

/** How far the wall clock may run beside the monotonic one; more means that the machine was suspended. */
const WALL_SLACK_MS = 1000

/**
 * Whether a node may use what it holds. A login whose end was confirmed at T is refused from T + maxStalenessMs on:
 * to be fresh later than that, R logs must have been audited after T, one of them is among the W that had the entry by then,
 * and its audit was complete.
 *
 * A log that flipped may have lost that entry, so it does not count until every log has been audited since. With
 * more such logs at once than can be done without, all that was verified before is verified once again.
 */
export class FreshnessTracker {
  readonly #options: FreshnessTrackerOptions
  /** Log → since when, monotonic ms. */
  readonly #unverifiedLogs = new Map<TrackedLog, number>()
  /** Logs that were read as a whole at least once. */
  readonly #joinedLogs = new Set<TrackedLog>()
  #trustEpoch = 0
  #coveredFrom = Infinity
  #leaseAsOf = -Infinity
  #wallAtLease = 0

  constructor(options: FreshnessTrackerOptions) {
    this.#options = options
  }

  /** Counts up whenever all that was verified before must be verified again. */
  get trustEpoch(): number {
    return this.#trustEpoch
  }

  /**
   * ms since the epoch: what was issued since then can be told by what this node has heard. It stays while logs
   * flip one after the other: what such a log lost, this node has heard already, or hears from the others.
   */
  get coveredFrom(): number {
    return this.#coveredFrom
  }

  /** Monotonic ms: whatever was confirmed before has been heard. */
  get leaseAsOf(): number {
    return this.#leaseAsOf
  }

  /** The wall clock sees what the other one does not: that the machine was suspended. */
  isFresh(): boolean {
    const { monotonicNow, wallNow, maxStalenessMs } = this.#options
    if (monotonicNow() - this.#leaseAsOf >= maxStalenessMs) return false
    return Math.abs(wallNow() - this.#wallAtLease) <= maxStalenessMs + WALL_SLACK_MS
  }

  onReset(log: TrackedLog): void {
    const { logs, writeQuorum, monotonicNow, serverNow } = this.#options
    this.#unverifiedLogs.set(log, monotonicNow())
    if (this.#unverifiedLogs.size > logs.length - writeQuorum) {
      this.#trustEpoch += 1
      this.#coveredFrom = serverNow()
      // All is verified anew, which the truth answers: there is nothing left to be suspected of.
      this.#unverifiedLogs.clear()
    }
    this.onLease()
  }

  /** To be called whenever a log's lease or coverage has changed. */
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
    // Of what was verified before the first reading, the logs may have told, and lost it, before this node asked.
    if (this.#leaseAsOf === -Infinity) this.#trustEpoch += 1
    this.#leaseAsOf = leaseAsOf
    this.#wallAtLease = wallNow() - (monotonicNow() - leaseAsOf)
  }

  /** A log that was away when this node became fresh may have lost meanwhile what this node never heard of. */
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
