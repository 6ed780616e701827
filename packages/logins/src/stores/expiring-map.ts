/** How many entries each `set` checks for expiry: more than one, so that the sweep is faster than the growth. */
const SWEEP_BATCH_SIZE = 4

interface Entry<T> {
  readonly value: T
  readonly expiresAt: number
}

/** A map whose entries expire. Expired ones are swept as new ones come; there is no timer. Times: ms since the epoch. */
export class ExpiringMap<T> {
  readonly #entries = new Map<string, Entry<T>>()
  #sweepCursor = this.#entries.entries()

  get size(): number {
    return this.#entries.size
  }

  get(key: string, now: number): T | null {
    const entry = this.#entries.get(key)
    return entry !== undefined && entry.expiresAt > now ? entry.value : null
  }

  set(key: string, value: T, expiresAt: number, now: number): void {
    this.#sweep(now)
    this.#entries.set(key, { value, expiresAt })
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  list(now: number): readonly T[] {
    return [...this.#entries.values()].filter(({ expiresAt }) => expiresAt > now).map(({ value }) => value)
  }

  /** Continues where it stopped: the iterator of a Map allows entries to come and go. */
  #sweep(now: number): void {
    for (let step = 0; step < SWEEP_BATCH_SIZE; step++) {
      const next = this.#sweepCursor.next()
      if (next.done) {
        this.#sweepCursor = this.#entries.entries()
        return
      }
      const [key, { expiresAt }] = next.value
      if (expiresAt <= now) this.#entries.delete(key)
    }
  }
}
