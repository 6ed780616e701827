import type { Limiter, LimiterOptions, LimiterResult } from './limiter.ts'

interface Window {
  count: number
  /** Milliseconds, by the clock of the limiter. */
  readonly endsAt: number
}

/**
 * Counts in fixed windows in the memory of this process. The number of keys is bounded, or a stream of made-up
 * usernames would fill the memory, and no key has a timer: all windows are of one length, so the order of insertion is
 * the order of expiry, and expired windows are removed from the front whenever a key is added.
 *
 * The clock should be monotonic, since one that is set forward would forget all attempts. Where a clock is set back, a
 * window would end later than a full window from now; it counts as expired, so that nobody is locked out for longer
 * than one window.
 */
export class FixedWindowLimiter implements Limiter {
  readonly #windows = new Map<string, Window>()
  readonly #durationMs: number
  readonly #maxKeys: number
  readonly #now: () => number

  /** @param maxKeys beyond which the oldest window is removed. */
  constructor({ duration }: Pick<LimiterOptions, 'duration'>, maxKeys: number, now: () => number) {
    this.#durationMs = duration * 1000
    this.#maxKeys = maxKeys
    this.#now = now
  }

  async penalty(key: string): Promise<LimiterResult> {
    const now = this.#now()
    const window = this.#find(key, now) ?? this.#open(key, now)
    window.count += 1
    return { consumedPoints: window.count, msBeforeNext: window.endsAt - now }
  }

  /** Opens no window: a point that is refunded after its window has ended must not prolong the next one. */
  async reward(key: string): Promise<void> {
    const window = this.#find(key, this.#now())
    if (window !== undefined) window.count = Math.max(0, window.count - 1)
  }

  async get(key: string): Promise<LimiterResult | null> {
    const now = this.#now()
    const window = this.#find(key, now)
    return window === undefined ? null : { consumedPoints: window.count, msBeforeNext: window.endsAt - now }
  }

  async delete(key: string): Promise<boolean> {
    return this.#windows.delete(key)
  }

  /** How many keys are in memory. */
  get size(): number {
    return this.#windows.size
  }

  #find(key: string, now: number): Window | undefined {
    const window = this.#windows.get(key)
    return window === undefined || this.#hasExpired(window, now) ? undefined : window
  }

  #open(key: string, now: number): Window {
    this.#windows.delete(key)
    this.#makeRoom(now)
    const window = { count: 0, endsAt: now + this.#durationMs }
    this.#windows.set(key, window)
    return window
  }

  #makeRoom(now: number): void {
    for (const [key, window] of this.#windows) {
      if (this.#windows.size < this.#maxKeys && !this.#hasExpired(window, now)) return
      this.#windows.delete(key)
    }
  }

  #hasExpired({ endsAt }: Window, now: number): boolean {
    const remainingMs = endsAt - now
    return remainingMs <= 0 || remainingMs > this.#durationMs
  }
}
