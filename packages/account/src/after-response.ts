/** Work that a response does not wait for. */
export interface AfterResponse {
  /** Begins once the response of this turn is on its way. An error of the work goes to `onError`. */
  run(work: () => unknown): void
  /** Resolves when all of it is done. */
  finish(): Promise<void>
}

/** @param onError never throws. */
export function createAfterResponse(onError: (error: unknown) => void): AfterResponse {
  const pending = new Set<Promise<void>>()
  return {
    run: (work) => {
      const done = nextTurn()
        .then(work)
        .then(() => {}, onError)
        .finally(() => pending.delete(done))
      pending.add(done)
    },
    finish: async () => {
      while (pending.size > 0) await Promise.all(pending)
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
