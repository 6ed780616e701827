import { toAddressBucket } from './address-bucket.ts'
import type { ThrottledAdmission } from './admission.ts'

/** Attempts that may wait in one queue; beyond that the outcome is `busy`. */
const MAX_WAITING = 128

/** An attempt in flight. */
export interface QueuedAttempt {
  /**
   * For a rejected attempt: an earlier one in flight may take back the points that exceed the limit.
   *
   * @returns a promise that resolves when an earlier attempt has finished; undefined if none is in flight; `full` if too
   *   many wait.
   */
  waitForEarlier(limit: ThrottledAdmission['limit']): Promise<void> | 'full' | undefined
  /** The attempt has finished, with whatever outcome. */
  leave(): void
}

/**
 * An attempt is counted before it is made, so the counts include attempts that have not failed yet: of twenty correct
 * sign-ins at the same moment fifteen would be rejected for a whole window (M8). Instead they wait for their turn,
 * within this process. Each waits for earlier attempts only, and each that finishes wakes one, so no attempt waits for
 * ever.
 */
export class AttemptQueues {
  readonly #queues = new Map<string, AttemptQueue>()
  #lastSequence = 0

  enter(usernameKey: string, address: string | undefined): QueuedAttempt {
    const bucket = toAddressBucket(address)
    const sequence = (this.#lastSequence += 1)
    const keys = { address: bucket, account: `${bucket} ${usernameKey}` }
    const byAddress = this.#join(keys.address, sequence)
    const byAccount = this.#join(keys.account, sequence)
    return {
      waitForEarlier: (limit) => (limit === 'address' ? byAddress : byAccount).waitForEarlier(sequence),
      leave: () => {
        if (byAddress.leave(sequence)) this.#queues.delete(keys.address)
        if (byAccount.leave(sequence)) this.#queues.delete(keys.account)
      }
    }
  }

  #join(key: string, sequence: number): AttemptQueue {
    const queue = this.#queues.get(key) ?? new AttemptQueue()
    this.#queues.set(key, queue)
    queue.join(sequence)
    return queue
  }
}

/** Attempts on one account from one address, or all attempts of one address, by the order in which they began. */
class AttemptQueue {
  readonly #inFlight = new Set<number>()
  readonly #waiting: { readonly sequence: number; readonly wake: () => void }[] = []

  join(sequence: number): void {
    this.#inFlight.add(sequence)
  }

  /** @returns whether the queue is empty now. */
  leave(sequence: number): boolean {
    this.#inFlight.delete(sequence)
    this.#waiting.shift()?.wake()
    return this.#inFlight.size === 0
  }

  waitForEarlier(sequence: number): Promise<void> | 'full' | undefined {
    const [first] = this.#inFlight
    if (first === sequence) return undefined
    if (this.#waiting.length >= MAX_WAITING) return 'full'
    return new Promise((wake) => {
      // An attempt that was woken and rejected again returns to its place.
      const position = this.#waiting.findIndex((other) => other.sequence > sequence)
      this.#waiting.splice(position === -1 ? this.#waiting.length : position, 0, { sequence, wake })
    })
  }
}
