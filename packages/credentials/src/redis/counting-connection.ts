import { ownClient, plainError } from '@drawbridge/options'
import type { Cluster, Redis } from 'ioredis'
import { publish } from '../credentials-channel.ts'

export interface CountingConnectionOptions {
  readonly redis: Redis | Cluster
  readonly timeoutMs: number
  readonly onError: (error: unknown) => void
}

/**
 * The connection by which attempts are counted for all nodes together, and the time in which it does. The first attempt waits
 * for it to be made, or on nodes that were just started attempts would be counted apart. Once Redis has been away for that
 * time, nobody waits.
 */
export class CountingConnection {
  readonly client: Redis | Cluster
  readonly #timeoutMs: number
  /** By `performance.now()`; Infinity while there is a connection, and while the first one is being made. */
  #lostAt = Infinity
  #isAlone = false

  constructor({ redis, timeoutMs, onError }: CountingConnectionOptions) {
    this.#timeoutMs = timeoutMs
    this.client = ownClient(redis, {
      connectionName: 'drawbridge:throttle',
      // Without it, all would wait behind a command that is never answered; later than our own deadline.
      commandTimeout: timeoutMs + 1000
    })
    this.client.on('error', (error: unknown) => onError(plainError(error)))
    this.client.on('ready', () => (this.#lostAt = Infinity))
    this.client.on('close', () => (this.#lostAt = Math.min(this.#lostAt, performance.now())))
  }

  /** What `together` comes to, or where Redis does not answer in time, `alone`. */
  async ask<T>(together: () => Promise<T>, alone: () => Promise<T>): Promise<T> {
    try {
      const counted = await this.#inTime(together)
      this.#note(false)
      return counted
    } catch (error) {
      this.#note(true, plainError(error).message)
      return alone()
    }
  }

  close(): void {
    this.client.disconnect()
  }

  async #inTime<T>(together: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.#timeoutMs
    if (this.client.status !== 'ready') {
      const until = Math.min(deadline, this.#lostAt + this.#timeoutMs)
      if (until <= performance.now() || this.client.status === 'end')
        throw new Error('Redis cannot be reached')
      let onReady = () => {}
      const ready = new Promise<void>((resolve) => this.client.once('ready', (onReady = resolve)))
      await before(until, ready).finally(() => this.client.off('ready', onReady))
    }
    return before(deadline, together())
  }

  /** Told when it changes, and not at each attempt. */
  #note(isAlone: boolean, reason = ''): void {
    if (isAlone === this.#isAlone) return
    this.#isAlone = isAlone
    publish(() => (isAlone ? { type: 'counting-alone', reason } : { type: 'counting-together' }))
  }
}

/** @param deadline by `performance.now()`. */
async function before<T>(deadline: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const fail = () => reject(new Error('Redis did not answer in time'))
    // After a stall of this process the answer may be here and unread: what has come is read first.
    timer = setTimeout(() => setImmediate(fail), deadline - performance.now())
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
