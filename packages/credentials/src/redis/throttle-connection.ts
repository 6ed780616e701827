import { duplicateClient, plainError } from '@drawbridge/options'
import type { Cluster, Redis } from 'ioredis'
import { publish } from '../events.ts'

/** Options of {@link ThrottleConnection}. */
export interface ThrottleConnectionOptions {
  readonly redis: Redis | Cluster
  /** How long one count may wait for Redis. */
  readonly timeoutMs: number
  readonly onError: (error: unknown) => void
}

/**
 * The connection with which attempts are counted for all nodes together, within a timeout. The first attempt waits for
 * the connection, since nodes that have just started would otherwise count on their own. Once Redis has been
 * unavailable for longer than the timeout, no attempt waits.
 */
export class ThrottleConnection {
  readonly client: Redis | Cluster
  readonly #timeoutMs: number
  /** By `performance.now()`; Infinity while connected, and while the first connection is being established. */
  #lostAt = Infinity
  #isDegraded = false

  constructor({ redis, timeoutMs, onError }: ThrottleConnectionOptions) {
    this.#timeoutMs = timeoutMs
    this.client = duplicateClient(redis, {
      connectionName: 'drawbridge:throttle',
      // Otherwise all would wait behind a command without a reply. Later than the timeout of this class.
      commandTimeout: timeoutMs + 1000
    })
    this.client.on('error', (error: unknown) => onError(plainError(error)))
    this.client.on('ready', () => (this.#lostAt = Infinity))
    this.client.on('close', () => (this.#lostAt = Math.min(this.#lostAt, performance.now())))
  }

  /** Resolves the result of `shared`, or that of `local` when Redis does not reply in time. */
  async countWithFallback<T>(shared: () => Promise<T>, local: () => Promise<T>): Promise<T> {
    try {
      const result = await this.#runInTime(shared)
      this.#setDegraded(false)
      return result
    } catch (error) {
      this.#setDegraded(true, plainError(error).message)
      return local()
    }
  }

  close(): void {
    this.client.disconnect()
  }

  async #runInTime<T>(shared: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.#timeoutMs
    if (this.client.status !== 'ready') {
      const waitUntil = Math.min(deadline, this.#lostAt + this.#timeoutMs)
      if (waitUntil <= performance.now() || this.client.status === 'end')
        throw new Error('Redis cannot be reached')
      let onReady = () => {}
      const ready = new Promise<void>((resolve) => this.client.once('ready', (onReady = resolve)))
      await raceDeadline(waitUntil, ready).finally(() => this.client.off('ready', onReady))
    }
    return raceDeadline(deadline, shared())
  }

  /** Publishes the change, not every attempt. */
  #setDegraded(isDegraded: boolean, reason = ''): void {
    if (isDegraded === this.#isDegraded) return
    this.#isDegraded = isDegraded
    publish(() => (isDegraded ? { type: 'throttle-degraded', reason } : { type: 'throttle-recovered' }))
  }
}

/** @param deadline by `performance.now()`. */
async function raceDeadline<T>(deadline: number, reply: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadlinePassed = new Promise<never>((_resolve, reject) => {
    const fail = () => reject(new Error('Redis did not reply in time'))
    // After a stall of this process the reply may have arrived unread: pending input is read first.
    timer = setTimeout(() => setImmediate(fail), deadline - performance.now())
  })
  try {
    return await Promise.race([reply, deadlinePassed])
  } finally {
    clearTimeout(timer)
  }
}
