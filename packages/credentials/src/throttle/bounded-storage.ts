import { RateLimiterRes } from 'rate-limiter-flexible'

interface Entry {
  value: number
  /** ms, by the clock of the storage. */
  readonly expiresAt: number
}

/**
 * Counts in fixed windows, in memory: the storage of rate-limiter-flexible's memory limiter without a timer a key
 * and with a bound on keys. All windows are of one length, so the order of insertion is the order of expiry, and
 * what has expired is dropped from the front whenever a key is added.
 *
 * By a clock that only goes forward, since one that is set ahead would forget all attempts. Where another is given, and set
 * back, a window looks longer than it can be; such an entry counts as expired, so that nobody is kept out for longer than
 * a window.
 */
export class BoundedStorage {
  readonly #entries = new Map<string, Entry>()
  readonly #maxKeys: number
  readonly #now: () => number

  constructor(maxKeys: number, now: () => number) {
    this.#maxKeys = maxKeys
    this.#now = now
  }

  incrby(key: string, value: number, durationSec: number): RateLimiterRes {
    const now = this.#now()
    const durationMs = durationSec * 1000
    const entry = this.#entries.get(key)
    if (entry === undefined || hasExpired(entry, durationMs, now))
      return this.#startWindow(key, value, durationMs, now)
    entry.value = Math.max(0, entry.value + value)
    return new RateLimiterRes(0, entry.expiresAt - now, entry.value, false)
  }

  /** The library wants the length of a window with each question but this one; what has ended counts none. */
  get(key: string): RateLimiterRes | null {
    const entry = this.#entries.get(key)
    const remainingMs = entry === undefined ? 0 : entry.expiresAt - this.#now()
    return entry === undefined || remainingMs <= 0
      ? null
      : new RateLimiterRes(0, remainingMs, entry.value, false)
  }

  delete(key: string): boolean {
    return this.#entries.delete(key)
  }

  get size(): number {
    return this.#entries.size
  }

  #startWindow(key: string, value: number, durationMs: number, now: number): RateLimiterRes {
    this.#entries.delete(key)
    // A point that comes back after its window has ended must not make the next one longer.
    if (value <= 0) return new RateLimiterRes(0, durationMs, 0, true)
    this.#makeRoom(durationMs, now)
    this.#entries.set(key, { value, expiresAt: now + durationMs })
    return new RateLimiterRes(0, durationMs, value, true)
  }

  #makeRoom(durationMs: number, now: number): void {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size < this.#maxKeys && !hasExpired(entry, durationMs, now)) return
      this.#entries.delete(key)
    }
  }
}

function hasExpired({ expiresAt }: Entry, durationMs: number, now: number): boolean {
  const remainingMs = expiresAt - now
  return remainingMs <= 0 || remainingMs > durationMs
}
