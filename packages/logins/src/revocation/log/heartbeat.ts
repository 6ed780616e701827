import type { LogDriver } from './log.ts'

/** Options of {@link Heartbeat}. */
export interface HeartbeatOptions {
  readonly driver: LogDriver
  /** How many replicas must have a beat before it is confirmed. */
  readonly replicas: number
  readonly maxStalenessMs: number
  readonly onError: (error: unknown) => void
}

/**
 * Appends a beat to a log when no node has done so for a while, and confirms it in the log when enough
 * replicas have it. A server that was replaced and does not know it gets no such confirmation, so it renews
 * the lease of no node.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  readonly #quietMs: number
  #timer: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(options: HeartbeatOptions) {
    this.#options = options
    // Two beats and two audits fit into the staleness bound.
    this.#quietMs = Math.min(100, options.maxStalenessMs / 10)
    this.postpone()
  }

  /**
   * To be called when a beat of any node has arrived. The next beat is due after a random delay, so that one
   * node beats for all. Two beats at the same time do no harm.
   */
  postpone(): void {
    clearTimeout(this.#timer)
    if (this.#isStopped) return
    this.#timer = setTimeout(() => void this.#beat(), this.#quietMs * (1 + Math.random() / 2)).unref()
  }

  /** Sends no further beats. */
  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  async #beat(): Promise<void> {
    const { driver, replicas, onError } = this.#options
    try {
      const beat = await driver.append('beat', [], replicas)
      if (beat.replicas >= replicas) await driver.append('confirm', [beat.id], 0)
    } catch (error) {
      if (!this.#isStopped) onError(error)
    }
    this.postpone()
  }
}
