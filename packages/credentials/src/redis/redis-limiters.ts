import { RateLimiterRedis } from 'rate-limiter-flexible'
import * as v from 'valibot'
import type { Cluster, Redis } from 'ioredis'
import { func, objectWithMethods, parseOptions, safeListener, wholeNumber } from '@drawbridge/options'
import type { LimiterResult, Limiter, LimiterOptions, Limiters } from '../throttle/limiter.ts'
import { FixedWindowLimiter } from '../throttle/fixed-window-limiter.ts'
import { ThrottleConnection } from './throttle-connection.ts'

/** Options of `createRedisLimiters`. */
export interface RedisLimitersOptions {
  /** A client of ioredis 5 or 6: single, Sentinel or Cluster. It is duplicated, and not used otherwise. */
  readonly redis: Redis | Cluster
  /**
   * Number of nodes that share the counts, 1 to 10 000. While Redis is unavailable, every node counts on its own, and
   * each attempt counts this many times. Default 1.
   */
  readonly nodes?: number
  /** How long a sign-in waits for Redis before it is counted in memory, ms, 10 to 10 000. Default 150. */
  readonly timeoutMs?: number
  /** As `maxKeys` of the throttle, while Redis is unavailable. Default 100 000. */
  readonly maxKeys?: number
  /** Prefix of all keys. Default `drawbridge`. */
  readonly prefix?: string
  /** Called with errors of the connection, which affect no sign-in. Default: ignored. */
  readonly onError?: (error: unknown) => void
}

/** The counters, and their connection: for the option `throttle.limiters` of `createCredentials`. */
export interface RedisLimiters extends Limiters {
  /** Closes the connection that was opened for the counters; `credentials.close()` does so too. */
  close(): void
}

const schema = v.strictObject({
  redis: objectWithMethods<Redis | Cluster>('a client of ioredis', 'duplicate', 'defineCommand'),
  nodes: v.optional(wholeNumber(1, 10_000), 1),
  timeoutMs: v.optional(wholeNumber(10, 10_000), 150),
  maxKeys: v.optional(wholeNumber(1000, 10_000_000), 100_000),
  prefix: v.optional(v.string('must be a string'), 'drawbridge'),
  onError: v.optional(func<(error: unknown) => void>())
})

/**
 * Counts attempts in Redis, for all nodes together. When Redis is down or hangs, sign-ins do not wait for it: after
 * `timeoutMs` each node counts in its own memory, and publishes `throttle-degraded` on `credentialsChannel`.
 *
 * @throws OptionError when an option is wrong.
 * @example
 * ```ts
 * const limiters = createRedisLimiters({ redis, nodes: 3 })
 * const credentials = createCredentials({ users, throttle: { limiters } })
 * ```
 */
export function createRedisLimiters(input: RedisLimitersOptions): RedisLimiters {
  const { redis, prefix, nodes, timeoutMs, maxKeys, onError } = parseOptions('redisLimiters', schema, input)
  const connection = new ThrottleConnection({ redis, timeoutMs, onError: safeListener(onError) })
  const createLimiter = (options: LimiterOptions) => {
    const keyPrefix = `${prefix}:${options.keyPrefix}`
    const shared = new RedisLimiter({ ...options, keyPrefix, storeClient: connection.client })
    return new FallbackLimiter(connection, shared, new NodeLocalLimiter(options, maxKeys, nodes))
  }
  return { createLimiter, close: () => connection.close() }
}

/** Reads with a pipeline: the library uses a transaction, which a server whose memory is full rejects. */
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

/** Counts for all nodes together, or while Redis is unavailable for this node alone. */
class FallbackLimiter implements Limiter {
  readonly #connection: ThrottleConnection
  readonly #shared: Limiter
  readonly #local: Limiter

  constructor(connection: ThrottleConnection, shared: Limiter, local: Limiter) {
    this.#connection = connection
    this.#shared = shared
    this.#local = local
  }

  penalty(key: string): Promise<LimiterResult> {
    return this.#run((limiter) => limiter.penalty(key))
  }

  get(key: string): Promise<Pick<LimiterResult, 'consumedPoints'> | null> {
    return this.#run((limiter) => limiter.get(key))
  }

  reward(key: string): Promise<unknown> {
    return this.#run((limiter) => limiter.reward(key))
  }

  delete(key: string): Promise<unknown> {
    return this.#run((limiter) => limiter.delete(key))
  }

  #run<T>(operation: (limiter: Limiter) => Promise<T>): Promise<T> {
    return this.#connection.countWithFallback(
      () => operation(this.#shared),
      () => operation(this.#local)
    )
  }
}

/** The count of one node, multiplied by the number of nodes as an estimate of the count of all. */
class NodeLocalLimiter extends FixedWindowLimiter {
  readonly #nodes: number

  constructor(options: LimiterOptions, maxKeys: number, nodes: number) {
    super(options, maxKeys, () => performance.now())
    this.#nodes = nodes
  }

  override async penalty(key: string): Promise<LimiterResult> {
    const { consumedPoints, msBeforeNext } = await super.penalty(key)
    return { consumedPoints: consumedPoints * this.#nodes, msBeforeNext }
  }
}
