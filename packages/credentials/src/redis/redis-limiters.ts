import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import * as v from 'valibot'
import type { Cluster, Redis } from 'ioredis'
import { aFunction, instanceWith, parseOptions, safeListener, wholeNumber } from '@drawbridge/options'
import type { Count, CreateLimiter, Limiter, LimiterOptions } from '../throttle/limiter.ts'
import { BoundedLimiter } from '../throttle/bounded-limiter.ts'
import { BoundedStorage } from '../throttle/bounded-storage.ts'
import { CountingConnection } from './counting-connection.ts'

export interface RedisLimitersOptions {
  /** A client of ioredis 6, single, Sentinel or Cluster. It is duplicated and left alone. */
  readonly redis: Redis | Cluster
  /**
   * How many nodes share the count, 1 to 10 000: while Redis cannot be asked each counts for itself, and each of its attempts as
   * so many. Default 1.
   */
  readonly nodes?: number
  /** How long a log-in waits for Redis before it counts in memory, ms, 10 to 10 000. Default 150. */
  readonly timeoutMs?: number
  /** As `maxKeys` of the throttle, for the time without Redis. Default 100 000. */
  readonly maxKeys?: number
  /** What all keys begin with. Default `drawbridge`. */
  readonly prefix?: string
  /** Told of faults of the connection. Default: nobody; log-ins go on. */
  readonly onError?: (error: unknown) => void
}

export interface RedisLimiters {
  /** For `throttle.createLimiter` of createCredentials. */
  readonly createLimiter: CreateLimiter
  /** Ends the connection that was made for this. */
  close(): void
}

const schema = v.strictObject({
  redis: instanceWith<Redis | Cluster>('a client of ioredis', 'duplicate', 'defineCommand'),
  nodes: v.optional(wholeNumber(1, 10_000), 1),
  timeoutMs: v.optional(wholeNumber(10, 10_000), 150),
  maxKeys: v.optional(wholeNumber(1000, 10_000_000), 100_000),
  prefix: v.optional(v.string('must be a string'), 'drawbridge'),
  onError: v.optional(aFunction<(error: unknown) => void>())
})

/**
 * Counts of attempts in Redis, one count for all nodes. Where Redis is gone or hangs, a log-in is not kept waiting: after a
 * moment each node counts in its own memory instead, and says so on the channel of credentials.
 */
export function redisLimiters(input: RedisLimitersOptions): RedisLimiters {
  const { redis, prefix, nodes, timeoutMs, maxKeys, onError } = parseOptions('redisLimiters', schema, input)
  const connection = new CountingConnection({ redis, timeoutMs, onError: safeListener(onError) })
  const createLimiter = (wanted: LimiterOptions) => {
    const keyPrefix = `${prefix}:${wanted.keyPrefix}`
    const together = new RedisLimiter({ ...wanted, keyPrefix, storeClient: connection.client })
    return new SharedLimiter(connection, together, new NodesShare(wanted, maxKeys, nodes))
  }
  return { createLimiter, close: () => connection.close() }
}

/** The library reads in a transaction, of which a server whose memory is full queues nothing. */
class RedisLimiter extends RateLimiterRedis {
  readonly #client: Redis | Cluster

  constructor(options: ConstructorParameters<typeof RateLimiterRedis>[0]) {
    super(options)
    this.#client = options.storeClient
  }

  async _get(key: string): Promise<unknown> {
    const replies = await this.#client.pipeline().get(key).pttl(key).exec()
    const [[error, count] = [null, null]] = replies ?? []
    if (error !== null) throw error
    return count === null ? null : replies
  }
}

/** Counts for all nodes together, and where that cannot be, for this one alone. */
class SharedLimiter implements Limiter {
  readonly #connection: CountingConnection
  readonly #together: Limiter
  readonly #alone: Limiter

  constructor(connection: CountingConnection, together: Limiter, alone: Limiter) {
    this.#connection = connection
    this.#together = together
    this.#alone = alone
  }

  penalty(key: string): Promise<Count> {
    return this.#count((limiter) => limiter.penalty(key))
  }

  get(key: string): Promise<Pick<Count, 'consumedPoints'> | null> {
    return this.#count((limiter) => limiter.get(key))
  }

  reward(key: string): Promise<unknown> {
    return this.#count((limiter) => limiter.reward(key))
  }

  delete(key: string): Promise<unknown> {
    return this.#count((limiter) => limiter.delete(key))
  }

  #count<T>(verb: (limiter: Limiter) => Promise<T>): Promise<T> {
    return this.#connection.ask(
      () => verb(this.#together),
      () => verb(this.#alone)
    )
  }
}

/** One node's count, taken as that of all. */
class NodesShare extends BoundedLimiter {
  readonly #nodes: number

  constructor(wanted: LimiterOptions, maxKeys: number, nodes: number) {
    super(wanted, new BoundedStorage(maxKeys, () => performance.now()))
    this.#nodes = nodes
  }

  override async penalty(key: string): Promise<RateLimiterRes> {
    const { remainingPoints, msBeforeNext, consumedPoints, isFirstInDuration } = await super.penalty(key)
    return new RateLimiterRes(remainingPoints, msBeforeNext, consumedPoints * this.#nodes, isFirstInDuration)
  }
}
