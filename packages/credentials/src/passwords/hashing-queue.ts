/** The state of a hashing queue: passwords that are hashed or compared. */
export interface HashingHealth {
  /** At the same time; each takes a core and about 20 MiB. */
  readonly running: number
  readonly waiting: number
  /** How many had no place in the queue, since the process started: their outcome was `busy`. */
  readonly rejectedCount: number
}

interface WaitingTask {
  readonly start: () => void
  readonly reject: (error: Error) => void
}

/**
 * Runs at most `concurrency` tasks at the same time and lets at most `maxWaiting` wait. A hash takes 20 MiB and a core:
 * without a bound, a burst of sign-ins would exhaust the memory and starve all other requests.
 */
export class HashingQueue {
  readonly #concurrency: number
  readonly #maxWaiting: number
  readonly #waiting: WaitingTask[] = []
  #running = 0
  #rejectedCount = 0

  constructor(concurrency: number, maxWaiting: number) {
    this.#concurrency = concurrency
    this.#maxWaiting = maxWaiting
  }

  /** @returns what the task resolves, or `undefined` at once, without running the task, when the queue is full. */
  tryRun<T>(task: () => Promise<T>): Promise<T> | undefined {
    if (this.#running < this.#concurrency || this.#waiting.length < this.#maxWaiting) return this.#run(task)
    this.#rejectedCount += 1
    return undefined
  }

  /** For dashboards. */
  health(): HashingHealth {
    return { running: this.#running, waiting: this.#waiting.length, rejectedCount: this.#rejectedCount }
  }

  /** Rejects all waiting tasks without running them. Running tasks continue. */
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

  /** Passes the slot directly to the task that has waited longest, so that no newer task can take it. */
  #releaseSlot(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#running -= 1
    else next.start()
  }
}
