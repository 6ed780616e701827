import { plainError } from '@drawbridge/options'
import { checkChanges, checkRevocations } from '../check-revocations.ts'
import type { Change, FeedHealth, FeedPosition, Revocation, RevocationFeed } from '../feed.ts'
import { publishHeard } from '../feed-channel.ts'
import type { FeedEvent } from './feed-event.ts'
import { FollowedLog } from './followed-log.ts'
import { FreshnessTracker } from './freshness-tracker.ts'
import { appendedAt, type LogDriver, type LogEntry } from './log.ts'
import type { ResetReason } from './log-reader.ts'
import { Publisher } from './publisher.ts'
import { ServerClock } from './server-clock.ts'
import { Waiters } from './waiters.ts'

/** Options of {@link LogFeed}. */
export interface LogFeedOptions {
  readonly drivers: readonly LogDriver[]
  /** W and R of {@link FreshnessTracker}. */
  readonly writeQuorum: number
  readonly readQuorum: number
  readonly maxStalenessMs: number
  /** How far the clocks of nodes and servers may differ, ms. */
  readonly clockSkewMs: number
  /** How long `publish` tries before it rejects, ms. */
  readonly publishTimeoutMs: number
  /** How long a log stores a revocation, ms. */
  readonly retentionMs: number
  /** An append counts only when this many replicas have it, and only confirmed beats renew the lease; 0 for neither. */
  readonly replicas: number
  /** Whether this node appends nothing: neither revocations, nor beats, nor the beginning of a log. Default false. */
  readonly isReadOnly?: boolean
  /** ms on a clock that never goes back. */
  readonly monotonicNow: () => number
  /** ms since the epoch, by this node's clock. */
  readonly wallNow: () => number
  /** Must not throw. */
  readonly onEvent: (event: FeedEvent) => void
}

/** A feed over one log, or over several of which a minority may fail. */
export class LogFeed implements RevocationFeed {
  readonly isShared = true
  readonly #options: LogFeedOptions
  readonly #clock: ServerClock
  readonly #logs: readonly FollowedLog[]
  readonly #freshness: FreshnessTracker
  readonly #publisher: Publisher
  readonly #waiters = new Waiters()
  readonly #listeners: Array<(revocation: Revocation) => void> = []
  readonly #changeListeners: Array<(change: Change) => void> = []
  readonly #revokedSources: Array<() => Iterable<string>> = []
  readonly #resets: Record<ResetReason, number> = { incarnation: 0, epoch: 0, diverged: 0, gap: 0 }
  #isClockOff = false
  #wasFresh = false
  #isClosed = false

  constructor(options: LogFeedOptions) {
    this.#options = options
    this.#clock = new ServerClock(options.drivers.length, options.wallNow)
    this.#logs = options.drivers.map((driver, index) => this.#createLog(index, driver))
    this.#freshness = new FreshnessTracker({
      ...options,
      logs: this.#logs.map(({ reader }) => reader),
      serverNow: () => this.#clock.latest()
    })
    this.#publisher = new Publisher({
      ...options,
      logs: options.drivers.length,
      timeoutMs: options.publishTimeoutMs,
      append: (log, values, kind) => (this.#logs[log] as FollowedLog).append(values, kind),
      onError: (log, error) => this.#onError(log, error)
    })
    for (const log of this.#logs) log.follow()
  }

  get maxStalenessMs(): number {
    return this.#options.maxStalenessMs
  }

  get retentionSeconds(): number {
    return this.#options.retentionMs / 1000
  }

  get trustEpoch(): number {
    return this.#freshness.trustEpoch
  }

  get coveredFrom(): number {
    return this.#freshness.coveredFrom + this.#options.clockSkewMs
  }

  get clockOffsetMs(): number {
    return this.#clock.offsetMs
  }

  isFresh(): boolean {
    return this.#freshness.isFresh()
  }

  subscribe(listener: (revocation: Revocation) => void, listRevoked?: () => Iterable<string>): void {
    this.#listeners.push(listener)
    if (listRevoked !== undefined) this.#revokedSources.push(listRevoked)
  }

  async publish(revocations: readonly Revocation[]): Promise<FeedPosition> {
    this.#checkWritable()
    checkRevocations(revocations)
    const loginIds = revocations.map(({ loginId }) => loginId)
    for (const loginId of loginIds) this.#notify(loginId)
    return loginIds.length === 0 ? '' : this.#publisher.publish(loginIds)
  }

  subscribeChanges(listener: (change: Change) => void): void {
    this.#changeListeners.push(listener)
  }

  async publishChanges(changes: readonly Change[]): Promise<FeedPosition> {
    this.#checkWritable()
    checkChanges(changes)
    const prefixes = changes.map(({ loginIdPrefix }) => loginIdPrefix)
    for (const prefix of prefixes) this.#notifyChange(prefix)
    return prefixes.length === 0 ? '' : this.#publisher.publish(prefixes, 'changed')
  }

  renew(timeoutMs: number): Promise<boolean> {
    return this.#waiters.wait(() => this.isFresh(), timeoutMs)
  }

  /**
   * Every log that the position names has the entry, so reading one of them is enough. Where none of these logs is the
   * same any more, an audit that starts from now on proves as much.
   */
  waitForPosition(position: FeedPosition, timeoutMs: number): Promise<boolean> {
    const calledAt = this.#options.monotonicNow()
    const isReached = () => this.#hasReached(position) || this.#freshness.leaseAsOf > calledAt
    return this.#waiters.wait(isReached, timeoutMs)
  }

  health(): FeedHealth {
    const leaseAgeMs = this.#options.monotonicNow() - this.#freshness.leaseAsOf
    const { clockOffsetMs } = this
    return { isFresh: this.isFresh(), leaseAgeMs, resets: { ...this.#resets }, clockOffsetMs }
  }

  async ping(): Promise<void> {
    if (!(await this.renew(this.#options.maxStalenessMs))) throw new Error('the feed is stale')
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#publisher.close()
    this.#waiters.close()
    await Promise.all(this.#logs.map((log) => log.stop()))
  }

  #checkWritable(): void {
    if (this.#isClosed) throw new Error('the feed is closed')
    if (this.#options.isReadOnly === true) throw new Error('the feed is only read')
  }

  #createLog(index: number, driver: LogDriver): FollowedLog {
    return new FollowedLog({
      ...this.#options,
      index,
      driver,
      serverNow: () => this.#clock.latest(),
      onRevoked: (loginId) => this.#notify(loginId),
      onChanged: (loginIdPrefix) => this.#notifyChange(loginIdPrefix),
      onReset: (reason) => this.#onReset(index, reason),
      onHeard: (entry) => this.#publishHeard(index, entry),
      onReplied: (serverNow, tookMs) => this.#onReplied(index, serverNow, tookMs),
      onAudited: () => this.#onAudited(index),
      onEntries: () => this.#waiters.check(),
      onError: (error) => this.#onError(index, error)
    })
  }

  #notify(loginId: string): void {
    if (this.#isClosed) return
    for (const listener of this.#listeners) listener({ loginId })
  }

  #notifyChange(loginIdPrefix: string): void {
    if (this.#isClosed) return
    for (const listener of this.#changeListeners) listener({ loginIdPrefix })
  }

  /** A clock is known to a few ms: no lag is below zero. */
  #publishHeard(log: number, entry: LogEntry): void {
    const { kind } = entry
    if (kind !== 'revoked' && kind !== 'changed') return
    publishHeard(() => {
      const lagMs = Math.max(0, this.#clock.nowOf(log) - appendedAt(entry))
      return { type: 'heard', log, kind, lagMs }
    })
  }

  #onReplied(log: number, serverNow: number, tookMs: number): void {
    this.#clock.addSample(log, serverNow, tookMs)
    const { offsetMs } = this.#clock
    const { clockSkewMs, onEvent } = this.#options
    // Right again only well inside the limit, so that an offset near the limit is reported once.
    const isTooFar = Math.abs(offsetMs) > (this.#isClockOff ? clockSkewMs / 2 : clockSkewMs)
    if (isTooFar === this.#isClockOff) return
    this.#isClockOff = isTooFar
    onEvent({ type: 'clock-offset', offsetMs, isTooFar })
  }

  #onAudited(index: number): void {
    this.#freshness.onLease()
    this.#reportFreshness()
    this.#waiters.check()
    void this.#republishLost(index)
  }

  #onReset(index: number, reason: ResetReason): void {
    this.#resets[reason] += 1
    this.#freshness.onReset((this.#logs[index] as FollowedLog).reader)
    this.#publisher.onReset(index)
    this.#options.onEvent({ type: 'reset', log: index, reason })
  }

  #onError(log: number, error: unknown): void {
    this.#options.onEvent({ type: 'error', log, error: plainError(error) })
    this.#reportFreshness()
  }

  #reportFreshness(): void {
    const isFresh = this.isFresh()
    if (isFresh === this.#wasFresh) return
    this.#wasFresh = isFresh
    this.#options.onEvent({ type: isFresh ? 'fresh' : 'stale' })
  }

  async #republishLost(index: number): Promise<void> {
    const log = this.#logs[index] as FollowedLog
    this.#publisher.republish(index, await log.findLost(() => this.#listRevoked()))
  }

  *#listRevoked(): Iterable<string> {
    for (const listRevoked of this.#revokedSources) yield* listRevoked()
  }

  #hasReached(position: FeedPosition): boolean {
    return position.split(',').some((part) => this.#logs.some((log) => log.hasReached(part)))
  }
}
