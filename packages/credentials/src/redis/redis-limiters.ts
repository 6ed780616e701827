import { RateLimiterRedis, RateLimiterRes, RLWrapperTimeouts } from 'rate-limiter-flexible'
import * as v from 'valibot'
import type { Cluster, Redis, RedisOptions } from 'ioredis'
import { aFunction, instanceWith, parseOptions, wholeNumber } from '@drawbridge/options'
import type { CreateLimiter, LimiterOptions } from '../throttle/limiter.ts'
import { BoundedLimiter } from '../throttle/bounded-limiter.ts'
import { BoundedStorage } from '../throttle/bounded-storage.ts'

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
 * moment each node counts in its own memory instead.
 */
export function redisLimiters(input: RedisLimitersOptions): RedisLimiters {
  const options = parseOptions('redisLimiters', schema, input)
  const client = duplicate(options.redis, options.timeoutMs)
  client.on('error', options.onError ?? (() => {}))
  const createLimiter = (wanted: LimiterOptions) => {
    const insuranceLimiter = new NodesShare(wanted, options.maxKeys, options.nodes)
    const keyPrefix = `${options.prefix}:${wanted.keyPrefix}`
    const limiter = new RateLimiterRedis({
      ...wanted,
      keyPrefix,
      storeClient: client,
      rejectIfRedisNotReady: true,
      insuranceLimiter
    })
    // A deadline of its own: a Cluster whose masters are all gone keeps commands waiting whatever its settings.
    return new RLWrapperTimeouts({ limiter, timeoutMs: options.timeoutMs, insuranceLimiter } as never)
  }
  return { createLimiter: createLimiter as unknown as CreateLimiter, close: () => client.disconnect() }
}

/** One node's count, taken as that of all. */
class NodesShare extends BoundedLimiter {
  readonly #nodes: number

  constructor(wanted: LimiterOptions, maxKeys: number, nodes: number) {
    super(wanted, new BoundedStorage(maxKeys, Date.now))
    this.#nodes = nodes
  }

  override async penalty(key: string): Promise<RateLimiterRes> {
    const { remainingPoints, msBeforeNext, consumedPoints, isFirstInDuration } = await super.penalty(key)
    return new RateLimiterRes(remainingPoints, msBeforeNext, consumedPoints * this.#nodes, isFirstInDuration)
  }
}

function duplicate(redis: Redis | Cluster, timeoutMs: number): Redis | Cluster {
  const settings: RedisOptions = {
    connectionName: 'drawbridge:throttle',
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: timeoutMs,
    connectTimeout: 500,
    retryStrategy: (attempt) => Math.min(20 * 2 ** Math.min(attempt - 1, 6), 1000) + Math.random() * 50
  }
  if (!redis.isCluster) return (redis as Redis).duplicate(settings)
  const cluster = redis as Cluster
  const { enableOfflineQueue, ...redisOptions } = settings
  return cluster.duplicate([], {
    enableOfflineQueue: enableOfflineQueue ?? false,
    redisOptions: { ...cluster.options.redisOptions, ...redisOptions }
  } as never)
}
