/** Of one log, what the trust of a node is made of. */
export interface TrustedLog {
  readonly leaseAsOf: number
  readonly coveredFrom: number
}

export interface NodeTrustOptions {
  readonly logs: readonly TrustedLog[]
  /** W: of so many logs an append must be acknowledged. */
  readonly write: number
  /** R: of so many logs the lease must be young. R + W > n, so that any two such sets share a log. */
  readonly read: number
  readonly maxStalenessMs: number
  /** ms on a clock that only goes forward. */
  readonly mono: () => number
  /** ms since the epoch, by this node's clock. */
  readonly wall: () => number
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
export class NodeTrust {
  readonly #options: NodeTrustOptions
  /** Log → since when, monotonic ms. */
  readonly #suspects = new Map<TrustedLog, number>()
  /** Logs that were read as a whole at least once. */
  readonly #joined = new Set<TrustedLog>()
  #trustEpoch = 0
  #coveredFrom = Infinity
  #leaseAsOf = -Infinity
  #wallAtLease = 0

  constructor(options: NodeTrustOptions) {
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
    const { mono, wall, maxStalenessMs } = this.#options
    if (mono() - this.#leaseAsOf >= maxStalenessMs) return false
    return Math.abs(wall() - this.#wallAtLease) <= maxStalenessMs + WALL_SLACK_MS
  }

  onFlip(log: TrustedLog): void {
    const { logs, write, mono, serverNow } = this.#options
    this.#suspects.set(log, mono())
    if (this.#suspects.size > logs.length - write) {
      this.#trustEpoch += 1
      this.#coveredFrom = serverNow()
      // All is verified anew, which the truth answers: there is nothing left to be suspected of.
      this.#suspects.clear()
    }
    this.onLease()
  }

  /** To be called whenever a log's lease or coverage has changed. */
  onLease(): void {
    this.#noteJoined()
    this.#acquit()
    const { mono, wall, logs, read } = this.#options
    const countable = logs.filter((log) => this.#joined.has(log) && !this.#suspects.has(log))
    if (countable.length < read) return
    const coveredFrom = nthSmallest(
      read,
      countable.map((log) => log.coveredFrom)
    )
    this.#coveredFrom = Math.min(this.#coveredFrom, coveredFrom)
    const leaseAsOf = -nthSmallest(
      read,
      countable.map((log) => -log.leaseAsOf)
    )
    if (leaseAsOf <= this.#leaseAsOf) return
    // Of what was verified before the first reading, the logs may have told, and lost it, before this node asked.
    if (this.#leaseAsOf === -Infinity) this.#trustEpoch += 1
    this.#leaseAsOf = leaseAsOf
    this.#wallAtLease = wall() - (mono() - leaseAsOf)
  }

  /** A log that was away when this node became fresh may have lost meanwhile what this node never heard of. */
  #noteJoined(): void {
    const { logs, mono } = this.#options
    for (const log of logs) {
      if (this.#joined.has(log) || log.leaseAsOf === -Infinity) continue
      this.#joined.add(log)
      if (this.#leaseAsOf !== -Infinity) this.#suspects.set(log, mono())
    }
  }

  #acquit(): void {
    for (const [suspect, since] of this.#suspects) {
      if (this.#options.logs.every(({ leaseAsOf }) => leaseAsOf > since)) this.#suspects.delete(suspect)
    }
  }
}

function nthSmallest(nth: number, values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[nth - 1] ?? Infinity
}
