import type { Change, RevocationFeed, FeedHealth, FeedPosition, Revocation } from '../revocation/feed.ts'
import { Listeners } from '../revocation/listeners.ts'

/** Options of {@link SqliteFeed}. */
export interface SqliteFeedOptions {
  /** A number that changes whenever another connection has committed to the file. Throws where it cannot be read. */
  readonly readVersion: () => unknown
  /** The connection whose version is read: it does not change for commits of the same connection. */
  readonly database: object
  /** Commits to the file by the connection of this process. Rejects where it cannot be written. */
  readonly touchFile: () => Promise<void>
  /** ms since the epoch. */
  readonly now: () => number
  /** ms on a clock that never goes back. */
  readonly monotonicNow: () => number
}

const POLL_INTERVAL_MS = 200
/**
 * The staleness bound, as that of a feed in Redis: a node that could not poll for this long does not use its
 * cache.
 */
const MAX_STALENESS_MS = 1000

/**
 * The feed of a SQLite file that several processes may have open: a rolling restart, the workers of a
 * cluster, or an administrator with a shell. No process has to publish what it has revoked. SQLite reports that another
 * connection has committed, and whatever that was, everything that this node has verified is verified
 * again. A process that is alone with its file sees no commit of others.
 */
export class SqliteFeed implements RevocationFeed {
  /** No revocation is sent to other nodes: each process reads the file. */
  readonly isShared = false
  readonly maxStalenessMs = MAX_STALENESS_MS
  readonly retentionSeconds = Infinity
  /** All processes that have the file open are on one machine, with one clock. */
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

  /** What has changed is in no table of ours, so a commit without content takes it to the other processes. */
  async publishChanges(changes: readonly Change[]): Promise<FeedPosition> {
    this.#listeners.publishChanges(changes)
    if (changes.length > 0) await this.#options.touchFile()
    return ''
  }

  subscribe(listener: (revocation: Revocation) => void): void {
    this.#listeners.add(listener)
  }

  subscribeChanges(listener: (change: Change) => void): void {
    this.#listeners.addForChanges(listener)
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
    // Taken before the read: it may not include what is committed later.
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
      // A node that cannot read soon stops being fresh and asks the store, which reports the error.
    }
  }
}
