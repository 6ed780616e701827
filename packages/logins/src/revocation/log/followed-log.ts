import { setTimeout as sleep } from 'node:timers/promises'
import { Heartbeat } from './heartbeat.ts'
import { compareIds, type LogDriver, type PublishedKind } from './log.ts'
import { LogFollower } from './log-follower.ts'
import { LogReader, type LogReaderOptions } from './log-reader.ts'

/** Options of {@link FollowedLog}. */
export interface FollowedLogOptions extends Pick<
  LogReaderOptions,
  'onRevoked' | 'onChanged' | 'onHeard' | 'serverNow'
> {
  /** Names the log in positions. */
  readonly index: number
  readonly driver: LogDriver
  /** An append counts only when this many replicas have it, and only confirmed beats renew the lease; 0 for neither. */
  readonly replicas: number
  /** Whether this node leaves the beats to others. Default false. */
  readonly isReadOnly?: boolean
  readonly maxStalenessMs: number
  /** ms on a clock that never goes back. */
  readonly monotonicNow: () => number
  readonly onReset: LogReaderOptions['onReset']
  /** As in {@link LogFollower}. */
  readonly onReplied: (serverNow: number, tookMs: number) => void
  readonly onAudited: () => void
  readonly onEntries: () => void
  readonly onError: (error: unknown) => void
}

/** Nodes that miss the same entries after a reset publish them again one after the other, not all at the same time. */
const REPUBLISH_SPREAD_MS = 300

/** One log of a feed: what this node has read of it, and what keeps that up to date. */
export class FollowedLog {
  readonly reader: LogReader
  readonly #options: FollowedLogOptions
  readonly #closed = new AbortController()
  #follower: LogFollower | undefined
  #heartbeat: Heartbeat | undefined
  #resets = 0
  #isFindingLost = false

  constructor(options: FollowedLogOptions) {
    this.#options = options
    this.reader = new LogReader({
      ...options,
      fenced: options.replicas > 0,
      onBeat: () => this.#heartbeat?.postpone(),
      onReset: (reason) => {
        this.#resets += 1
        options.onReset(reason)
      }
    })
  }

  /** Starts to read. */
  follow(): void {
    this.#follower = new LogFollower({ ...this.#options, reader: this.reader })
    const { replicas, isReadOnly = false } = this.#options
    if (replicas > 0 && !isReadOnly) this.#heartbeat = new Heartbeat(this.#options)
  }

  async stop(): Promise<void> {
    this.#closed.abort()
    this.#heartbeat?.stop()
    await this.#follower?.stop()
  }

  /**
   * Appends an entry. An acknowledgement counts only when it comes from the log that this node reads, as it was
   * when the append was sent: the server may have been wiped since, or be one that no other node reads.
   * @returns the position in this log.
   */
  async append(values: readonly string[], kind: PublishedKind): Promise<string> {
    const { index, driver, replicas } = this.#options
    const resets = this.#resets
    const appended = await driver.append(kind, values, replicas)
    if (appended.epoch !== this.reader.epoch || this.#resets !== resets)
      throw new Error('the log that took the entry is not the one that is read')
    if (appended.replicas < replicas)
      throw new Error(`${appended.replicas} of ${replicas} replicas have the entry`)
    return `${index}:${appended.epoch}:${appended.id}`
  }

  /** Whether this log has been read up to a position of its own, as `append` returned it. */
  hasReached(position: string): boolean {
    const [index, epoch, id = ''] = position.split(':')
    return (
      Number(index) === this.#options.index &&
      this.reader.epoch === epoch &&
      compareIds(this.reader.cursor, id) >= 0
    )
  }

  /**
   * After a reset, the revocations of `listRevoked` that the log has lost; else none. They must be published again: a
   * node that starts now has only the log to learn them from. Not so the changes: a log covers no time before its loss,
   * and what was issued then is looked up in the store, which has what changed.
   */
  async findLost(listRevoked: () => Iterable<string>): Promise<readonly string[]> {
    if (this.#isFindingLost || !this.reader.hasRereadAll) return []
    this.#isFindingLost = true
    const { signal } = this.#closed
    await sleep(Math.random() * REPUBLISH_SPREAD_MS, undefined, { signal, ref: false }).catch(() => {})
    this.#isFindingLost = false
    const heard = this.reader.drainHeard()
    if (heard === null || signal.aborted) return []
    return [...new Set(listRevoked())].filter((loginId) => !heard.has(loginId))
  }
}
