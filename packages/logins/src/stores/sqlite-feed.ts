import type { RevocationFeed, FeedHealth, FeedPosition, Revocation } from '../revocation/feed.ts'
import { Listeners } from '../revocation/listeners.ts'

export interface SqliteFeedOptions {
  /** A number that changes whenever another connection has committed to the file. Throws where it cannot be read. */
  readonly readVersion: () => unknown
  /** What the version is of: it does not change for those who use the same connection. */
  readonly database: object
  /** ms since the epoch. */
  readonly now: () => number
  /** ms on a clock that only goes forward. */
  readonly monotonicNow: () => number
}

const POLL_INTERVAL_MS = 200
/** As that of a feed in Redis: a node that could not look for so long trusts nothing that it holds. */
const MAX_STALENESS_MS = 1000

/**
 * The feed of a file that several processes may have open: a rolling restart, the workers of a cluster, or somebody with a
 * shell. None of them has to tell the others anything. SQLite says that another connection has committed, and whatever
 * that was, all that this node has verified is verified once again. A process that has the file for itself sees no change.
 */
export class SqliteFeed implements RevocationFeed {
  /** No revocation is sent to anybody: each process reads the file. */
  readonly isShared = false
  readonly retentionSeconds = Infinity
  /** Whoever has the file open has the same clock. */
  readonly clockOffsetMs = 0
  readonly #options: SqliteFeedOptions
  readonly #listeners: Listeners
  readonly #timer: NodeJS.Timeout
  #version: unknown
  #polledAt = -Infinity
  #trustEpoch = 0
  #coveredFrom: number

  constructor(options: SqliteFeedOptions) {
    this.#options = options
    this.#listeners = new Listeners(options.database)
    this.#coveredFrom = options.now()
    this.#version = options.readVersion()
    this.#timer = setInterval(() => this.#poll(), POLL_INTERVAL_MS).unref()
    this.#poll()
  }

  get trustEpoch(): number {
    return this.#trustEpoch
  }

  get coveredFrom(): number {
    return this.#coveredFrom
  }

  async publish(revocations: readonly Revocation[]): Promise<FeedPosition> {
    this.#listeners.publish(revocations)
    return ''
  }

  subscribe(listener: (revocation: Revocation) => void): void {
    this.#listeners.add(listener)
  }

  isFresh(): boolean {
    return this.#options.monotonicNow() - this.#polledAt < MAX_STALENESS_MS
  }

  async renew(): Promise<boolean> {
    this.#poll()
    return this.isFresh()
  }

  waitForPosition(): Promise<boolean> {
    return this.renew()
  }

  health(): FeedHealth {
    return {
      isFresh: this.isFresh(),
      leaseAgeMs: this.#options.monotonicNow() - this.#polledAt,
      resets: { foreign: this.#trustEpoch },
      clockOffsetMs: 0
    }
  }

  async ping(): Promise<void> {
    if (!(await this.renew())) throw new Error('the database of logins cannot be read')
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#listeners.close()
  }

  #poll(): void {
    const { readVersion, now, monotonicNow } = this.#options
    // Before the question: what is committed after it may not be in the answer.
    const polledAt = monotonicNow()
    try {
      const current = readVersion()
      if (current !== this.#version) {
        this.#version = current
        this.#trustEpoch += 1
        this.#coveredFrom = now()
      }
      this.#polledAt = polledAt
    } catch {
      // A node that cannot look is not fresh before long, and asks the store, which says what is wrong.
    }
  }
}
