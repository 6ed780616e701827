interface Waiter {
  readonly isMet: () => boolean
  readonly done: (isMet: boolean) => void
}

/** Those who wait until something is so, each for a while. Whoever may make it so calls `check`. */
export class Waiters {
  readonly #waiting = new Set<Waiter>()

  /** @returns whether it is so, as soon as it is, and after so many ms at the latest. */
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

  check(): void {
    for (const waiter of this.#waiting) if (waiter.isMet()) waiter.done(true)
  }

  /** Nobody will make it so any more. */
  close(): void {
    for (const waiter of this.#waiting) waiter.done(false)
  }
}
