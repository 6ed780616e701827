import { plainError } from '@drawbridge/options'
import { withDeadline, duplicate, type RedisClient, storeOptions } from '../redis-client.ts'

/** Options of {@link StoreConnection}. */
export interface StoreConnectionOptions {
  readonly redis: RedisClient

  /** The deadline of a command, ms. */
  readonly commandTimeoutMs: number
  readonly onError: (error: unknown) => void
}

/**
 * The store's own client. Each command gets a reply or an error within the timeout.
 *
 * A command that comes while there is no connection waits here, not in a queue of ioredis: that would send it
 * once the connection is back, long after the caller got an error, and a late rotation looks like a stolen
 * token. It waits for no longer than its own timeout, and not at all once Redis has been unreachable for that
 * long.
 */
export class StoreConnection {
  readonly client: RedisClient
  readonly #timeoutMs: number
  #ready: Promise<void> | undefined
  /** By `performance.now()`; Infinity while there is a connection, and while the first one is being made. */
  #lostAt = Infinity

  constructor({ redis, commandTimeoutMs, onError }: StoreConnectionOptions) {
    this.#timeoutMs = commandTimeoutMs
    this.client = duplicate(redis, storeOptions(commandTimeoutMs, redis), onError)
    this.client.on('ready', () => (this.#lostAt = Infinity))
    this.client.on('close', () => (this.#lostAt = Math.min(this.#lostAt, performance.now())))
  }

  /** Rejects where there is no reply in time. A command that was sent may have been executed all the same. */
  async run<T>(command: string, send: () => Promise<T>): Promise<T> {
    try {
      return await this.#runBeforeDeadline(command, send)
    } catch (error) {
      throw plainError(error)
    }
  }

  async #runBeforeDeadline<T>(command: string, send: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.#timeoutMs
    const createTimeoutError = () =>
      new Error(`Redis did not reply to ${command} within ${this.#timeoutMs} ms`)
    if (this.client.status !== 'ready') await this.#waitUntilReady(command, deadline)
    try {
      return await withDeadline(deadline - performance.now(), createTimeoutError, send())
    } catch (error) {
      if (!wasNotSent(error)) throw error
    }
    await this.#waitUntilReady(command, deadline)
    return withDeadline(deadline - performance.now(), createTimeoutError, send())
  }

  /** Closes the connection; pending commands reject. */
  close(): void {
    this.client.disconnect()
  }

  async #waitUntilReady(command: string, deadline: number): Promise<void> {
    const createUnreachableError = () => new Error(`Redis cannot be reached: ${command} was not sent`)
    const now = performance.now()
    const remainingMs = Math.min(deadline, this.#lostAt + this.#timeoutMs) - now
    if (remainingMs <= 0 || this.client.status === 'end') throw createUnreachableError()
    this.#ready ??= new Promise((resolve) => {
      this.client.once('ready', () => {
        this.#ready = undefined
        resolve()
      })
    })
    await withDeadline(remainingMs, createUnreachableError, this.#ready)
  }
}

/** The connection had just been lost, and ioredis had not noticed yet. */
function wasNotSent(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Stream isn't writeable")
}
