import { setTimeout as sleep } from 'node:timers/promises'
import { plainError } from '@drawbridge/options'
import type { RevocationFeed, FeedHealth, FeedPosition, Revocation } from '../feed.ts'
import { checkRevocations } from '../check-revocations.ts'
import { Heartbeat } from './heartbeat.ts'
import { compareIds, type LogDriver } from './log.ts'
import { LogFollower } from './log-follower.ts'
import { type ResetReason, LogReader } from './log-reader.ts'
import { FreshnessTracker } from './freshness-tracker.ts'
import { Publisher } from './publisher.ts'
import { ServerClock } from './server-clock.ts'
import { Waiters } from './waiters.ts'

export interface LogFeedOptions {
  readonly drivers: readonly LogDriver[]
  /** W and R of {@link FreshnessTracker}. */
  readonly writeQuorum: number
  readonly readQuorum: number
  readonly maxStalenessMs: number
  /** How far the clocks of nodes and servers may be apart, ms. */
  readonly clockSkewMs: number
  /** How long `publish` tries before it rejects, ms. */
  readonly publishTimeoutMs: number
  /** How long an ended login is worth telling, ms. */
  readonly retentionMs: number
  /** An append counts only when so many replicas have it, and only confirmed beats renew the lease; 0 for neither. */
  readonly replicas: number
  readonly monotonicNow: () => number
  readonly wallNow: () => number
  /** Must not throw. */
  readonly onEvent: (event: FeedEvent) => void
}

/** What a feed tells of itself as it happens. */
export type FeedEvent =
  | { readonly type: 'fresh' }
  | { readonly type: 'stale' }
  | { readonly type: 'reset'; readonly log: number; readonly reason: ResetReason }
  /** The clock of this node is off that of the servers by more than `clockSkewMs`, or is right again. */
  | { readonly type: 'clock-offset'; readonly offsetMs: number; readonly isTooFar: boolean }
  | { readonly type: 'error'; readonly log: number; readonly error: unknown }

interface FollowedLog {
  readonly driver: LogDriver
  readonly reader: LogReader
  readonly follower: LogFollower
  readonly heart: Heartbeat | null
  resets: number
  isRepublishing: boolean
}

/** Nodes that miss the same entries after a flip tell them again one after the other, not all at once. */
const REPUBLISH_SPREAD_MS = 300

/** A feed over one log, or over several of which some may fail. */
export class LogFeed implements RevocationFeed {
  readonly isShared = true
  readonly #options: LogFeedOptions
  readonly #logs: readonly FollowedLog[]
  readonly #freshness: FreshnessTracker
  readonly #publisher: Publisher
  readonly #waiters = new Waiters()
  readonly #listeners: Array<(revocation: Revocation) => void> = []
  readonly #revokedSources: Array<() => Iterable<string>> = []
  readonly #resets: Record<ResetReason, number> = { incarnation: 0, epoch: 0, diverged: 0, gap: 0 }
  readonly #clock: ServerClock
  #isClockOff = false
  #wasFresh = false
  readonly #closed = new AbortController()

  constructor(options: LogFeedOptions) {
    this.#options = options
    const {
      drivers,
      monotonicNow,
      wallNow,
      maxStalenessMs,
      writeQuorum,
      readQuorum,
      publishTimeoutMs,
      retentionMs
    } = options
    this.#clock = new ServerClock(drivers.length, wallNow)
    const readers = drivers.map((_, log) => this.#newReader(log))
    this.#freshness = new FreshnessTracker({
      logs: readers,
      writeQuorum,
      readQuorum,
      maxStalenessMs,
      monotonicNow,
      wallNow,
      serverNow: () => this.#clock.latest()
    })
    this.#publisher = new Publisher({
      logs: drivers.length,
      writeQuorum,
      timeoutMs: publishTimeoutMs,
      retentionMs,
      monotonicNow,
      append: (log, loginIds) => this.#append(log, loginIds),
      onError: (log, error) => this.#onError(log, error)
    })
    this.#logs = drivers.map((driver, log) => this.#follow(log, driver, readers[log] as LogReader))
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
    if (this.#isClosed) throw new Error('the feed is closed')
    checkRevocations(revocations)
    const loginIds = revocations.map(({ loginId }) => loginId)
    for (const loginId of loginIds) this.#notify(loginId)
    return loginIds.length === 0 ? '' : this.#publisher.publish(loginIds)
  }

  renew(timeoutMs: number): Promise<boolean> {
    return this.#waiters.wait(() => this.isFresh(), timeoutMs)
  }

  /**
   * Every log that the fence names has the entry, so one of them is enough. Where none is read any more as it was then,
   * an audit from now on tells as much.
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
    this.#closed.abort()
    this.#publisher.close()
    this.#waiters.close()
    for (const { heart } of this.#logs) heart?.stop()
    await Promise.all(this.#logs.map(({ follower }) => follower.stop()))
  }

  get #isClosed(): boolean {
    return this.#closed.signal.aborted
  }

  #newReader(log: number): LogReader {
    return new LogReader({
      fenced: this.#options.replicas > 0,
      serverNow: () => this.#clock.latest(),
      onRevoked: (loginId) => this.#notify(loginId),
      onBeat: () => this.#logs[log]?.heart?.postpone(),
      onReset: (reason) => this.#onReset(log, reason)
    })
  }

  #follow(log: number, driver: LogDriver, reader: LogReader): FollowedLog {
    const { maxStalenessMs, monotonicNow, replicas } = this.#options
    const onError = (error: unknown) => this.#onError(log, error)
    const follower = new LogFollower({
      driver,
      reader,
      maxStalenessMs,
      monotonicNow,
      onAnswered: (serverNow, tookMs) => this.#onAnswered(log, serverNow, tookMs),
      onAudited: () => this.#onAudited(log),
      onEntries: () => this.#waiters.check(),
      onError
    })
    const heart = replicas === 0 ? null : new Heartbeat({ driver, replicas, maxStalenessMs, onError })
    return { driver, reader, follower, heart, resets: 0, isRepublishing: false }
  }

  #notify(loginId: string): void {
    if (this.#isClosed) return
    for (const listener of this.#listeners) listener({ loginId })
  }

  #onAnswered(log: number, serverNow: number, tookMs: number): void {
    this.#clock.addSample(log, serverNow, tookMs)
    const { offsetMs } = this.#clock
    const { clockSkewMs, onEvent } = this.#options
    // Right again only where it is so by far: an offset at the limit is told of once.
    const isTooFar = Math.abs(offsetMs) > (this.#isClockOff ? clockSkewMs / 2 : clockSkewMs)
    if (isTooFar === this.#isClockOff) return
    this.#isClockOff = isTooFar
    onEvent({ type: 'clock-offset', offsetMs, isTooFar })
  }

  #onAudited(log: number): void {
    this.#freshness.onLease()
    this.#reportFreshness()
    this.#waiters.check()
    void this.#republishLost(log)
  }

  #onReset(log: number, reason: ResetReason): void {
    const followed = this.#logs[log] as FollowedLog
    followed.resets += 1
    this.#resets[reason] += 1
    this.#freshness.onReset(followed.reader)
    this.#publisher.onReset(log)
    this.#options.onEvent({ type: 'reset', log, reason })
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

  /**
   * An acknowledgement counts when it comes from the log that this node reads, as it read it when it asked: the
   * server that gave it may have been wiped since, or be one that nobody else asks.
   */
  async #append(log: number, loginIds: readonly string[]): Promise<string> {
    const { replicas } = this.#options
    const followed = this.#logs[log] as FollowedLog
    const { resets } = followed
    const appended = await followed.driver.append('revoked', loginIds, replicas)
    if (appended.epoch !== followed.reader.epoch || followed.resets !== resets)
      throw new Error('the log that took the entry is not the one that is read')
    if (appended.replicas < replicas)
      throw new Error(`${appended.replicas} of ${replicas} replicas have the entry`)
    return `${log}:${appended.epoch}:${appended.id}`
  }

  /** Tells a log again what it has lost: a node that begins now has only the log to learn it from. */
  async #republishLost(log: number): Promise<void> {
    const followed = this.#logs[log]
    if (followed === undefined || followed.isRepublishing || !followed.reader.hasRereadAll) return
    followed.isRepublishing = true
    const { signal } = this.#closed
    await sleep(Math.random() * REPUBLISH_SPREAD_MS, undefined, { signal, ref: false }).catch(() => {})
    followed.isRepublishing = false
    const heard = followed.reader.drainHeard()
    if (heard === null || this.#isClosed) return
    const lost = new Set<string>()
    for (const listRevoked of this.#revokedSources)
      for (const loginId of listRevoked()) if (!heard.has(loginId)) lost.add(loginId)
    this.#publisher.republish(log, [...lost])
  }

  #hasReached(position: FeedPosition): boolean {
    return position.split(',').some((part) => {
      const [log, epoch, id = ''] = part.split(':')
      const reader = this.#logs[Number(log)]?.reader
      return reader !== undefined && reader.epoch === epoch && compareIds(reader.cursor, id) >= 0
    })
  }
}
