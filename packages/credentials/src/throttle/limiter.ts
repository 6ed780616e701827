/** How often a key was counted in the window that it is in. */
export interface LimiterResult {
  readonly consumedPoints: number
  /** ms until the window ends and the count starts anew. */
  readonly msBeforeNext: number
}

/**
 * A counter of one kind of key, in fixed windows. Any limiter of rate-limiter-flexible is one. Every step is
 * atomic: of parallel calls of `penalty`, each is told another count.
 */
export interface Limiter {
  /** Counts one more, and tells how many that makes. */
  penalty(key: string): Promise<LimiterResult>
  /** Takes one back. */
  reward(key: string): Promise<unknown>
  delete(key: string): Promise<unknown>
  /** The count as it is; null where none is kept. */
  get(key: string): Promise<Pick<LimiterResult, 'consumedPoints'> | null>
}

export interface LimiterOptions {
  readonly keyPrefix: string
  /** The count that is allowed, as the library wants to be told; who may pass is decided in the throttle. */
  readonly points: number
  /** Seconds. */
  readonly duration: number
}

/**
 * Makes the limiters of a throttle. For several nodes with one count:
 * `(options) => new RateLimiterRedis({ storeClient: redis, ...options })`.
 */
export type CreateLimiter = (options: LimiterOptions) => Limiter
