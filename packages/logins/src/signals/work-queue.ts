/** Options of {@link WorkQueue}. */
export interface WorkQueueOptions<Item> {
  /** How many items are worked on at the same time. */
  readonly concurrency: number
  /** Must not reject. */
  readonly work: (item: Item) => Promise<void>
  /** ms on a clock that never goes back. */
  readonly monotonicNow: () => number
}

/** Works on a few items at a time, in the order in which they were added, and on none twice at once. */
export class WorkQueue<Item> {
  readonly #options: WorkQueueOptions<Item>
  readonly #waiting = new Set<Item>()
  /** Item → when its work was begun, monotonic ms. */
  readonly #running = new Map<Item, number>()

  constructor(options: WorkQueueOptions<Item>) {
    this.#options = options
  }

  /** Does nothing for an item that waits, or that is worked on. */
  add(item: Item): void {
    if (this.#running.has(item)) return
    this.#waiting.add(item)
    this.#startNext()
  }

  /** Removes an item that waits. */
  delete(item: Item): void {
    this.#waiting.delete(item)
  }

  /** What takes longer than that, with all that waits for it where nothing else makes progress. */
  listOverdue(timeoutMs: number): readonly Item[] {
    const startedBefore = this.#options.monotonicNow() - timeoutMs
    const overdue = [...this.#running]
      .filter(([, startedAt]) => startedAt <= startedBefore)
      .map(([item]) => item)
    const isStuck = overdue.length > 0 && overdue.length === this.#running.size
    return isStuck ? [...overdue, ...this.#waiting] : overdue
  }

  #startNext(): void {
    for (const item of this.#waiting) {
      if (this.#running.size >= this.#options.concurrency) return
      this.#waiting.delete(item)
      this.#running.set(item, this.#options.monotonicNow())
      void this.#run(item)
    }
  }

  async #run(item: Item): Promise<void> {
    try {
      await this.#options.work(item)
    } finally {
      this.#running.delete(item)
      this.#startNext()
    }
  }
}
