interface Waiter {
  readonly isMet: () => boolean
  readonly done: (isMet: boolean) => void
}

/**
 * Callers that wait for a condition, each with a timeout. Code that may make a condition true calls `check`.
 */
export class Waiters {
  readonly #waiting = new Set<Waiter>()

  /** @returns whether the condition is true: as soon as it is, or after `timeoutMs`. */
  wait(isMet: () => boolean, timeoutMs: number): Promise<boolean> {
    if (isMet()) return Promise.resolve(true)
    return new Promise((resolve) => {
      const timer = setTimeout(() => waiter.done(isMet()), timeoutMs).unref()
      const waiter: Waiter = {
        isMet,
        done: (result) => {
          clearTimeout(timer)
          this.#waiting.delete(waiter)
          resolve(result)
        }
      }
      this.#waiting.add(waiter)
    })
  }

  /** Resolves the callers whose condition is now true. */
  check(): void {
    for (const waiter of this.#waiting) if (waiter.isMet()) waiter.done(true)
  }

  /** Resolves all callers to false. */
  close(): void {
    for (const waiter of this.#waiting) waiter.done(false)
  }
}
