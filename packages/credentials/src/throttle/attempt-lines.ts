import { addressBucket } from './address-bucket.ts'
import type { Refused } from './throttle.ts'

/** Attempts that may wait in one line; who comes after that is told to come again. */
const MAX_WAITING = 128

/** An attempt that has begun and not ended. */
export interface Place {
  /**
   * For an attempt that was refused: an earlier one that is under way may give back what stands in its way.
   *
   * @returns resolves when an earlier attempt has ended; undefined where there is none; `full` where too many wait.
   */
  afterEarlier(by: Refused['by']): Promise<void> | 'full' | undefined
  /** It has ended, whatever came of it. */
  leave(): void
}

/**
 * An attempt is counted before it is made, so that a count has attempts in it that are no failures yet: of twenty right
 * log-ins at once fifteen would be refused for a window (M8). They wait for their turn instead, in this process. Each
 * waits for earlier ones alone, and each that ends wakes one: none waits in a circle, and none for ever.
 */
export class AttemptLines {
  readonly #lines = new Map<string, Line>()
  #begun = 0

  enter(usernameKey: string, address: string | undefined): Place {
    const bucket = addressBucket(address)
    const number = (this.#begun += 1)
    const keys = { ofAddress: bucket, ofAccount: `${bucket} ${usernameKey}` }
    const ofAddress = this.#join(keys.ofAddress, number)
    const ofAccount = this.#join(keys.ofAccount, number)
    return {
      afterEarlier: (by) => (by === 'address' ? ofAddress : ofAccount).afterEarlier(number),
      leave: () => {
        if (ofAddress.leave(number)) this.#lines.delete(keys.ofAddress)
        if (ofAccount.leave(number)) this.#lines.delete(keys.ofAccount)
      }
    }
  }

  #join(key: string, number: number): Line {
    const line = this.#lines.get(key) ?? new Line()
    this.#lines.set(key, line)
    line.join(number)
    return line
  }
}

/** Attempts on one account from one address, or all of one address, by the numbers in which they began. */
class Line {
  readonly #underWay = new Set<number>()
  readonly #waiting: { readonly number: number; readonly wake: () => void }[] = []

  join(number: number): void {
    this.#underWay.add(number)
  }

  /** @returns whether the line is empty now. */
  leave(number: number): boolean {
    this.#underWay.delete(number)
    this.#waiting.shift()?.wake()
    return this.#underWay.size === 0
  }

  afterEarlier(number: number): Promise<void> | 'full' | undefined {
    const [first] = this.#underWay
    if (first === number) return undefined
    if (this.#waiting.length >= MAX_WAITING) return 'full'
    return new Promise((wake) => {
      // One that was woken in vain comes back to where it was.
      const behind = this.#waiting.findIndex((other) => other.number > number)
      this.#waiting.splice(behind === -1 ? this.#waiting.length : behind, 0, { number, wake })
    })
  }
}
