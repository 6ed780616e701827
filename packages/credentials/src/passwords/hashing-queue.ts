interface WaitingTask {
  readonly start: () => void
  readonly reject: (error: Error) => void
}

/**
 * Runs at most `concurrency` tasks at once and lets at most `waiting` wait. A hash costs 20 MiB and a core for
 * 5 to 20 ms: without a bound, a burst of log-ins takes the memory and starves all other requests.
 */
export class HashingQueue {
  readonly #concurrency: number
  readonly #maxWaiting: number
  readonly #waiting: WaitingTask[] = []
  #running = 0

  constructor(concurrency: number, maxWaiting: number) {
    this.#concurrency = concurrency
    this.#maxWaiting = maxWaiting
  }

  /** @returns what the task resolves, or at once `undefined`, with the task never run, when the queue is full. */
  tryRun<T>(task: () => Promise<T>): Promise<T> | undefined {
    if (this.#running >= this.#concurrency && this.#waiting.length >= this.#maxWaiting) return undefined
    return this.#run(task)
  }

  /** Rejects all tasks that wait, and runs none of them. Those that run are not touched. */
  rejectWaiting(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }

  async #run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running < this.#concurrency) this.#running += 1
    else await new Promise<void>((start, reject) => this.#waiting.push({ start, reject }))
    try {
      return await task()
    } finally {
      this.#releaseSlot()
    }
  }

  /** The place passes straight to who waits longest, so that nobody who comes between can take it. */
  #releaseSlot(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#running -= 1
    else next.start()
  }
}
