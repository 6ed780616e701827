import type { LogDriver } from './log.ts'

export interface HeartbeatOptions {
  readonly driver: LogDriver
  /** How many must have a beat. */
  readonly replicas: number
  readonly maxStalenessMs: number
  readonly onError: (error: unknown) => void
}

/**
 * Puts a beat into a log when nobody has for a while, and says so in the log when enough replicas have it. A server that was
 * replaced and does not know it gets no such confirmation, so nobody's lease is renewed by it.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  readonly #quietMs: number
  #timer: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(options: HeartbeatOptions) {
    this.#options = options
    // Two of them, and two audits, fit into the bound.
    this.#quietMs = Math.min(100, options.maxStalenessMs / 10)
    this.postpone()
  }

  /**
   * A beat has come in, whoever's it is: the next one is not due before a while, which differs by chance so that one
   * node beats for all. Two that beat at once do no harm.
   */
  postpone(): void {
    clearTimeout(this.#timer)
    if (this.#isStopped) return
    this.#timer = setTimeout(() => void this.#beat(), this.#quietMs * (1 + Math.random() / 2)).unref()
  }

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
