import { setTimeout as sleep } from 'node:timers/promises'
import { plainError } from '@drawbridge/options'
import type { Feed, FeedHealth, Fence, Revocation } from '../feed.ts'
import { refuseUnwritable } from '../refuse-unwritable.ts'
import { HeartBeat } from './heart-beat.ts'
import { compareIds, type LogDriver } from './log.ts'
import { LogFollower } from './log-follower.ts'
import { type FlipReason, LogReader } from './log-reader.ts'
import { NodeTrust } from './node-trust.ts'
import { Publisher } from './publisher.ts'
import { ServerClock } from './server-clock.ts'
import { Waiters } from './waiters.ts'

export interface LogFeedOptions {
  readonly drivers: readonly LogDriver[]
  /** W and R of {@link NodeTrust}. */
  readonly write: number
  readonly read: number
  readonly maxStalenessMs: number
  /** How far the clocks of nodes and servers may be apart, ms. */
  readonly clockSkewMs: number
  /** How long `publish` tries before it rejects, ms. */
  readonly publishTimeoutMs: number
  /** How long an ended login is worth telling, ms. */
  readonly retentionMs: number
  /** An append counts only when so many replicas have it, and only confirmed beats renew the lease; 0 for neither. */
  readonly replicas: number
  readonly mono: () => number
  readonly wall: () => number
  /** Must not throw. */
  readonly onEvent: (event: FeedEvent) => void
}

/** What a feed tells of itself as it happens. */
export type FeedEvent =
  | { readonly type: 'fresh' }
  | { readonly type: 'stale' }
  | { readonly type: 'flip'; readonly log: number; readonly reason: FlipReason }
  /** The clock of this node is off that of the servers by more than `clockSkewMs`, or is right again. */
  | { readonly type: 'clock-offset'; readonly offsetMs: number; readonly isTooFar: boolean }
  | { readonly type: 'error'; readonly log: number; readonly error: unknown }

interface Followed {
  readonly driver: LogDriver
  readonly reader: LogReader
  readonly follower: LogFollower
  readonly heart: HeartBeat | null
  flips: number
  isRetelling: boolean
}

/** Nodes that miss the same entries after a flip tell them again one after the other, not all at once. */
const RETELL_SPREAD_MS = 300

/** A feed over one log, or over several of which some may fail. */
export class LogFeed implements Feed {
  readonly isShared = true
  readonly #options: LogFeedOptions
  readonly #logs: readonly Followed[]
  readonly #trust: NodeTrust
  readonly #publisher: Publisher
  readonly #waiters = new Waiters()
  readonly #listeners: Array<(revocation: Revocation) => void> = []
  readonly #known: Array<() => Iterable<string>> = []
  readonly #flips: Record<FlipReason, number> = { incarnation: 0, epoch: 0, diverged: 0, gap: 0 }
  readonly #clock: ServerClock
  #isClockOff = false
  #wasFresh = false
  readonly #closed = new AbortController()

  constructor(options: LogFeedOptions) {
    this.#options = options
    const { drivers, mono, wall, maxStalenessMs, write, read, publishTimeoutMs, retentionMs } = options
    this.#clock = new ServerClock(drivers.length, wall)
    const readers = drivers.map((_, log) => this.#newReader(log))
    this.#trust = new NodeTrust({
      logs: readers,
      write,
      read,
      maxStalenessMs,
      mono,
      wall,
      serverNow: () => this.#clock.latest()
    })
    this.#publisher = new Publisher({
      logs: drivers.length,
      write,
      timeoutMs: publishTimeoutMs,
      retentionMs,
      mono,
      append: (log, loginIds) => this.#append(log, loginIds),
      onError: (log, error) => this.#onError(log, error)
    })
    this.#logs = drivers.map((driver, log) => this.#follow(log, driver, readers[log] as LogReader))
  }

  get retentionSeconds(): number {
    return this.#options.retentionMs / 1000
  }

  get trustEpoch(): number {
    return this.#trust.trustEpoch
  }

  get coveredFrom(): number {
    return this.#trust.coveredFrom + this.#options.clockSkewMs
  }

  get clockOffsetMs(): number {
    return this.#clock.offsetMs
  }

  isFresh(): boolean {
    return this.#trust.isFresh()
  }

  subscribe(listener: (revocation: Revocation) => void, known?: () => Iterable<string>): void {
    this.#listeners.push(listener)
    if (known !== undefined) this.#known.push(known)
  }

  async publish(revocations: readonly Revocation[]): Promise<Fence> {
    if (this.#isClosed) throw new Error('the feed is closed')
    refuseUnwritable(revocations)
    const loginIds = revocations.map(({ loginId }) => loginId)
    for (const loginId of loginIds) this.#tell(loginId)
    return loginIds.length === 0 ? '' : this.#publisher.publish(loginIds)
  }

  renew(withinMs: number): Promise<boolean> {
    return this.#waiters.wait(() => this.isFresh(), withinMs)
  }

  /**
   * Every log that the fence names has the entry, so one of them is enough. Where none is read any more as it was then,
   * an audit from now on tells as much.
   */
  reach(fence: Fence, withinMs: number): Promise<boolean> {
    const askedAt = this.#options.mono()
    const isReached = () => this.#hasReached(fence) || this.#trust.leaseAsOf > askedAt
    return this.#waiters.wait(isReached, withinMs)
  }

  health(): FeedHealth {
    const leaseAgeMs = this.#options.mono() - this.#trust.leaseAsOf
    const { clockOffsetMs } = this
    return { isFresh: this.isFresh(), leaseAgeMs, flips: { ...this.#flips }, clockOffsetMs }
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
      onEnded: (loginId) => this.#tell(loginId),
      onBeat: () => this.#logs[log]?.heart?.heard(),
      onFlip: (reason) => this.#onFlip(log, reason)
    })
  }

  #follow(log: number, driver: LogDriver, reader: LogReader): Followed {
    const { maxStalenessMs, mono, replicas } = this.#options
    const onError = (error: unknown) => this.#onError(log, error)
    const follower = new LogFollower({
      driver,
      reader,
      maxStalenessMs,
      mono,
      onAnswered: (serverNow, tookMs) => this.#onAnswered(log, serverNow, tookMs),
      onAudited: () => this.#onAudited(log),
      onHeard: () => this.#waiters.check(),
      onError
    })
    const heart = replicas === 0 ? null : new HeartBeat({ driver, replicas, maxStalenessMs, onError })
    return { driver, reader, follower, heart, flips: 0, isRetelling: false }
  }

  #tell(loginId: string): void {
    if (this.#isClosed) return
    for (const listener of this.#listeners) listener({ loginId })
  }

  #onAnswered(log: number, serverNow: number, tookMs: number): void {
    this.#clock.hear(log, serverNow, tookMs)
    const { offsetMs } = this.#clock
    const { clockSkewMs, onEvent } = this.#options
    // Right again only where it is so by far: an offset at the limit is told of once.
    const isTooFar = Math.abs(offsetMs) > (this.#isClockOff ? clockSkewMs / 2 : clockSkewMs)
    if (isTooFar === this.#isClockOff) return
    this.#isClockOff = isTooFar
    onEvent({ type: 'clock-offset', offsetMs, isTooFar })
  }

  #onAudited(log: number): void {
    this.#trust.onLease()
    this.#noteState()
    this.#waiters.check()
    void this.#retellLost(log)
  }

  #onFlip(log: number, reason: FlipReason): void {
    const followed = this.#logs[log] as Followed
    followed.flips += 1
    this.#flips[reason] += 1
    this.#trust.onFlip(followed.reader)
    this.#publisher.onFlip(log)
    this.#options.onEvent({ type: 'flip', log, reason })
  }

  #onError(log: number, error: unknown): void {
    this.#options.onEvent({ type: 'error', log, error: plainError(error) })
    this.#noteState()
  }

  #noteState(): void {
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
    const followed = this.#logs[log] as Followed
    const { flips } = followed
    const appended = await followed.driver.append('ended', loginIds, replicas)
    if (appended.epoch !== followed.reader.epoch || followed.flips !== flips)
      throw new Error('the log that took the entry is not the one that is read')
    if (appended.replicas < replicas)
      throw new Error(`${appended.replicas} of ${replicas} replicas have the entry`)
    return `${log}:${appended.epoch}:${appended.id}`
  }

  /** Tells a log again what it has lost: a node that begins now has only the log to learn it from. */
  async #retellLost(log: number): Promise<void> {
    const followed = this.#logs[log]
    if (followed === undefined || followed.isRetelling || !followed.reader.isReadAnew) return
    followed.isRetelling = true
    const { signal } = this.#closed
    await sleep(Math.random() * RETELL_SPREAD_MS, undefined, { signal, ref: false }).catch(() => {})
    followed.isRetelling = false
    const heard = followed.reader.takeHeard()
    if (heard === null || this.#isClosed) return
    const lost = new Set<string>()
    for (const known of this.#known) for (const loginId of known()) if (!heard.has(loginId)) lost.add(loginId)
    this.#publisher.retell(log, [...lost])
  }

  #hasReached(fence: Fence): boolean {
    return fence.split(',').some((position) => {
      const [log, epoch, id = ''] = position.split(':')
      const reader = this.#logs[Number(log)]?.reader
      return reader !== undefined && reader.epoch === epoch && compareIds(reader.cursor, id) >= 0
    })
  }
}
