/** The count of a key in its current window. */
export interface LimiterResult {
  readonly consumedPoints: number
  /** Milliseconds until the window ends and the count starts again at zero. */
  readonly msBeforeNext: number
}

/**
 * A counter of one kind of key, in fixed windows. Any limiter of rate-limiter-flexible is one. Every method is
 * atomic: of parallel calls of `penalty`, each resolves a different count. All of them reject where the store of the
 * counts is down.
 */
export interface Limiter {
  /** Adds one to the count and resolves the new count. */
  penalty(key: string): Promise<LimiterResult>
  /** Subtracts one from the count. */
  reward(key: string): Promise<unknown>
  /** Removes the count. */
  delete(key: string): Promise<unknown>
  /** The current count; null where there is none. */
  get(key: string): Promise<Pick<LimiterResult, 'consumedPoints'> | null>
}

/** What a throttle asks of one of its counters. The names are those of rate-limiter-flexible. */
export interface LimiterOptions {
  /** What all keys in the store begin with. */
  readonly keyPrefix: string
  /** The allowed count, which rate-limiter-flexible requires; the throttle itself compares the counts. */
  readonly points: number
  /** Length of a window, seconds. */
  readonly duration: number
}

/**
 * Creates the counters of a throttle. For one count over several nodes:
 * `(options) => new RateLimiterRedis({ storeClient: redis, ...options })`.
 */
export type CreateLimiter = (options: LimiterOptions) => Limiter

/** Where attempts are counted: `createRedisLimiters`, or one of your own. */
export interface Limiters {
  readonly createLimiter: CreateLimiter
  /** Closes what was opened for the counters; `credentials.close()` calls it. Absent where nothing was. */
  close?(): unknown
}
