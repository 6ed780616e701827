import { setTimeout as sleep } from 'node:timers/promises'
import type { LogDriver } from './log.ts'
import type { LogReader } from './log-reader.ts'

/** Options of {@link LogFollower}. */
export interface LogFollowerOptions {
  readonly driver: LogDriver
  readonly reader: LogReader
  readonly maxStalenessMs: number
  /** ms on a clock that never goes back. */
  readonly monotonicNow: () => number
  /**
   * The server has replied to an audit. `serverNow`: ms since the epoch by its clock; `tookMs`: how long the
   * reply took.
   */
  readonly onReplied: (serverNow: number, tookMs: number) => void
  /** An audit was complete. */
  readonly onAudited: () => void
  /** Entries arrived between two audits. */
  readonly onEntries: () => void
  readonly onError: (error: unknown) => void
}

const MAX_BACK_OFF_MS = 200
const MAX_COALESCE_MS = 25

/**
 * Keeps a reader up to date. It runs an audit every quarter of the staleness bound, and at once after a lost
 * connection or a stall. Between audits it waits for entries, so that they arrive at once.
 */
export class LogFollower {
  readonly #options: LogFollowerOptions
  readonly #auditEveryMs: number
  readonly #stopped = new AbortController()
  readonly #running: Promise<void>
  #failures = 0

  constructor(options: LogFollowerOptions) {
    this.#options = options
    this.#auditEveryMs = options.maxStalenessMs / 4
    this.#running = this.#run()
  }

  /** Stops following and closes the driver. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#options.driver.close()
    await this.#running
  }

  get #isStopped(): boolean {
    return this.#stopped.signal.aborted
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        const auditedAt = await this.#audit()
        this.#failures = 0
        await this.#listenUntil(auditedAt + this.#auditEveryMs)
      } catch (error) {
        if (this.#isStopped) return
        this.#options.onError(error)
        this.#options.driver.reconnect()
        await this.#backOff()
      }
    }
  }

  /** @returns monotonic ms at which the audit that turned out complete was sent. */
  async #audit(): Promise<number> {
    const { driver, reader, monotonicNow, onReplied, onAudited } = this.#options
    for (let beginCount = 0; ;) {
      const sentAt = monotonicNow()
      const audit = await driver.audit(reader.cursor)
      onReplied(audit.serverNow, monotonicNow() - sentAt)
      switch (reader.onAudit(sentAt, audit)) {
        case 'more':
          continue
        case 'done':
          onAudited()
          return sentAt
        case 'begin':
          // The second time: writes and reads go to different servers.
          if (++beginCount > 1) throw new Error('the log could not be started')
          await driver.begin()
          continue
        case 'reject':
          throw new Error('the server is not the master of the log')
      }
    }
  }

  async #listenUntil(end: number): Promise<void> {
    const { driver, reader, monotonicNow, onEntries } = this.#options
    let coalesceMs = 0
    for (
      let remainingMs = end - monotonicNow();
      remainingMs >= 1 && !this.#isStopped;
      remainingMs = end - monotonicNow()
    ) {
      const entries = await driver.wait(reader.cursor, Math.floor(remainingMs))
      if (this.#isStopped || !reader.onEntries(entries)) return
      if (entries.length > 0) onEntries()
      // A busy log is read in batches, so that one server can serve a thousand readers.
      coalesceMs = entries.length === 0 ? 0 : Math.min(coalesceMs * 2 + 1, MAX_COALESCE_MS)
      if (coalesceMs > 1) await this.#pause(coalesceMs)
    }
  }

  /**
   * The delay is random too, so that a thousand nodes that lost one server do not all reconnect at the same
   * time.
   */
  async #backOff(): Promise<void> {
    const maxMs = Math.min(10 * 2 ** this.#failures++, MAX_BACK_OFF_MS)
    await this.#pause((maxMs * (1 + Math.random())) / 2)
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopped.signal, ref: false }).catch(() => {})
  }
}
