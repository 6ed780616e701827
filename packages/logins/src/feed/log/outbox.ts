import { setTimeout as sleep } from 'node:timers/promises'

/** Logins that have ended, to be told to one log together. */
export interface Letter {
  readonly loginIds: readonly string[]
  /** Monotonic ms: of no use to anybody from here on. */
  readonly expiresAt: number
  /** The log has it, there. */
  readonly onTaken: (position: string) => void
}

export interface OutboxOptions {
  /** Resolves to the position in the log, once the log has all of them. */
  readonly append: (loginIds: readonly string[]) => Promise<string>
  readonly mono: () => number
  readonly onError: (error: unknown) => void
}

const BATCH = 500
const MIN_BACK_OFF_MS = 20
const MAX_BACK_OFF_MS = 250

/**
 * What one log has still to be told. It goes on trying after the one who asked was told "not confirmed": the store already
 * has these logins ended, so whoever repeats the request may find nothing left to end, and would tell nobody.
 *
 * One append at a time; what comes in meanwhile goes with the next one, so that a log which was away is caught up with
 * quickly.
 */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #letters = new Set<Letter>()
  readonly #closed = new AbortController()
  #isSending = false

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  put(letter: Letter): void {
    if (this.#closed.signal.aborted) return
    this.#letters.add(letter)
    if (!this.#isSending) void this.#send()
  }

  get size(): number {
    return this.#letters.size
  }

  close(): void {
    this.#letters.clear()
    this.#closed.abort()
  }

  async #send(): Promise<void> {
    this.#isSending = true
    for (let failures = 0; ;) {
      const batch = this.#nextBatch()
      if (batch.length === 0) break
      try {
        const position = await this.#options.append(batch.flatMap(({ loginIds }) => loginIds))
        for (const letter of batch) this.#take(letter, position)
        failures = 0
      } catch (error) {
        if (this.#closed.signal.aborted) break
        this.#options.onError(error)
        await this.#backOff(failures++)
      }
    }
    this.#isSending = false
  }

  #nextBatch(): readonly Letter[] {
    const now = this.#options.mono()
    const batch: Letter[] = []
    let size = 0
    for (const letter of this.#letters) {
      if (letter.expiresAt <= now) this.#letters.delete(letter)
      else if (size > 0 && size + letter.loginIds.length > BATCH) break
      else {
        batch.push(letter)
        size += letter.loginIds.length
      }
    }
    return batch
  }

  #take(letter: Letter, position: string): void {
    if (this.#letters.delete(letter)) letter.onTaken(position)
  }

  async #backOff(failures: number): Promise<void> {
    const most = Math.min(MIN_BACK_OFF_MS * 2 ** failures, MAX_BACK_OFF_MS)
    const ms = (most * (1 + Math.random())) / 2
    await sleep(ms, undefined, { signal: this.#closed.signal, ref: false }).catch(() => {})
  }
}
