import type { ClockStepDetector } from '../cache/clock-step-detector.ts'
import { wrapOutage } from '../errors.ts'
import { loginIdPrefix, prefixFrom } from '../login/login.ts'
import type { FeedPosition, RevocationFeed } from './feed.ts'

/** Options of {@link UserChanges}. */
export interface UserChangesOptions {
  readonly feed: Pick<RevocationFeed, 'publishChanges' | 'subscribeChanges'>
  readonly clockSteps: Pick<ClockStepDetector, 'check'>
  readonly retentionSeconds: number
  /** ms since the epoch, by the clock that all nodes go by. */
  readonly now: () => number
  /** ms on a clock that only goes forward. */
  readonly monotonicNow: () => number
  /** Called with all prefixes that were heard together: what is cached of their logins is out of date. */
  readonly onHeard: (prefixes: ReadonlySet<string>) => void
}

interface Heard {
  readonly count: number
  /** ms since the epoch. */
  readonly at: number
  /** Monotonic ms at which it may be dropped: no credential from before it is valid without the store any more. */
  readonly expiresAt: number
}

/**
 * The users of whom a node has heard that something has changed. Asked where a credential is not in the cache, and never
 * for one that is: what was cached before is dropped when a change is heard.
 *
 * A change counts from when it is heard, not from when it was published: a node that reads the feed again asks the store
 * about more than it must, and never about less.
 */
export class UserChanges {
  readonly #options: UserChangesOptions
  /** Prefix → the last change. Insertion order is expiry order. */
  readonly #heard = new Map<string, Heard>()
  #count = 0
  #unreported: Set<string> | null = null

  constructor(options: UserChangesOptions) {
    this.#options = options
    options.feed.subscribeChanges((change) => this.#add(change.loginIdPrefix))
  }

  /** How many changes were heard, for `hasChangedSince`. */
  get count(): number {
    return this.#count
  }

  /** Whether the user of a login has changed since a moment, ms since the epoch. */
  isOutdated(loginId: string, issuedAt: number): boolean {
    return this.#heard.size > 0 && issuedAt <= (this.#heard.get(prefixFrom(loginId))?.at ?? -Infinity)
  }

  /** Whether the user of a login has changed since {@link count} was this. */
  hasChangedSince(loginId: string, count: number): boolean {
    return (this.#heard.get(prefixFrom(loginId))?.count ?? 0) > count
  }

  /** Resolves when every node will know; rejects with a LoginsUnavailableError where that is uncertain. */
  async publish(userId: string): Promise<FeedPosition> {
    const prefix = loginIdPrefix(userId)
    // The feed does so too, but it may reject before it has called its listeners.
    this.#add(prefix)
    return wrapOutage(() => this.#options.feed.publishChanges([{ loginIdPrefix: prefix }]))
  }

  #add(prefix: string): void {
    const { clockSteps, now, monotonicNow, retentionSeconds } = this.#options
    clockSteps.check()
    const at = monotonicNow()
    this.#dropExpired(at)
    this.#heard.delete(prefix)
    this.#count += 1
    this.#heard.set(prefix, { count: this.#count, at: now(), expiresAt: at + retentionSeconds * 1000 })
    this.#report(prefix)
  }

  /**
   * Together with all others that are heard in the same turn: one pass over the caches for a whole reply of the feed. No
   * request runs before a microtask, and whoever waits for the feed is called after it.
   */
  #report(prefix: string): void {
    if (this.#unreported !== null) return void this.#unreported.add(prefix)
    const heard = new Set([prefix])
    this.#unreported = heard
    queueMicrotask(() => {
      this.#unreported = null
      this.#options.onHeard(heard)
    })
  }

  #dropExpired(now: number): void {
    for (const [prefix, { expiresAt }] of this.#heard) {
      if (expiresAt > now) return
      this.#heard.delete(prefix)
    }
  }
}
