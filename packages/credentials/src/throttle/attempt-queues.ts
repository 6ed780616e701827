import { toAddressBucket } from './address-bucket.ts'
import type { ThrottledAdmission } from './admission.ts'

/** Attempts that may wait in one line; who comes after that is told to come again. */
const MAX_WAITING = 128

/** An attempt that has begun and not ended. */
export interface QueuedAttempt {
  /**
   * For an attempt that was refused: an earlier one that is under way may give back what stands in its way.
   *
   * @returns resolves when an earlier attempt has ended; undefined where there is none; `full` where too many wait.
   */
  waitForEarlier(limit: ThrottledAdmission['limit']): Promise<void> | 'full' | undefined
  /** It has ended, whatever came of it. */
  leave(): void
}

/**
 * An attempt is counted before it is made, so that a count has attempts in it that are no failures yet: of twenty right
 * log-ins at once fifteen would be refused for a window (M8). They wait for their turn instead, in this process. Each
 * waits for earlier ones alone, and each that ends wakes one: none waits in a circle, and none for ever.
 */
export class AttemptQueues {
  readonly #queues = new Map<string, AttemptQueue>()
  #lastSequence = 0

  enter(usernameKey: string, address: string | undefined): QueuedAttempt {
    const bucket = toAddressBucket(address)
    const sequence = (this.#lastSequence += 1)
    const keys = { ofAddress: bucket, ofAccount: `${bucket} ${usernameKey}` }
    const byAddress = this.#join(keys.ofAddress, sequence)
    const byAccount = this.#join(keys.ofAccount, sequence)
    return {
      waitForEarlier: (limit) => (limit === 'address' ? byAddress : byAccount).waitForEarlier(sequence),
      leave: () => {
        if (byAddress.leave(sequence)) this.#queues.delete(keys.ofAddress)
        if (byAccount.leave(sequence)) this.#queues.delete(keys.ofAccount)
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

/** Attempts on one account from one address, or all of one address, by the numbers in which they began. */
class AttemptQueue {
  readonly #inFlight = new Set<number>()
  readonly #waiting: { readonly sequence: number; readonly wake: () => void }[] = []

  join(sequence: number): void {
    this.#inFlight.add(sequence)
  }

  /** @returns whether the line is empty now. */
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
      // One that was woken in vain comes back to where it was.
      const position = this.#waiting.findIndex((other) => other.sequence > sequence)
      this.#waiting.splice(position === -1 ? this.#waiting.length : position, 0, { sequence, wake })
    })
  }
}
