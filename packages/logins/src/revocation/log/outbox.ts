import { setTimeout as sleep } from 'node:timers/promises'
import type { PublishedKind } from './log.ts'

/** What one log has yet to get, appended together. */
export interface PendingAppend {
  readonly kind: PublishedKind
  readonly values: readonly string[]
  /** Monotonic ms from which on the entry is useless and is dropped. */
  readonly expiresAt: number
  /** The log has the entry, at that position. */
  readonly onAppended: (position: string) => void
}

/** Options of {@link Outbox}. */
export interface OutboxOptions {
  /** Resolves to the position in the log once the log has all of them. */
  readonly append: (values: readonly string[], kind: PublishedKind) => Promise<string>
  readonly monotonicNow: () => number
  readonly onError: (error: unknown) => void
}

const BATCH_SIZE = 500
const MIN_BACK_OFF_MS = 20
const MAX_BACK_OFF_MS = 250

/**
 * The entries that one log has yet to get. It keeps trying after the caller got "not confirmed": the
 * store has already removed these logins, so a repeated request may find nothing to remove and would publish
 * nothing.
 *
 * One append at a time, of one kind. What arrives meanwhile goes with the next append, so that a log that was unreachable
 * catches up quickly.
 */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #pending = new Set<PendingAppend>()
  readonly #closed = new AbortController()
  #isSending = false

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** Appends the item as soon as the log takes it. No effect after `close`. */
  enqueue(item: PendingAppend): void {
    if (this.#closed.signal.aborted) return
    this.#pending.add(item)
    if (!this.#isSending) void this.#send()
  }

  /** How many items are waiting. */
  get size(): number {
    return this.#pending.size
  }

  /** Drops all items and stops. */
  close(): void {
    this.#pending.clear()
    this.#closed.abort()
  }

  async #send(): Promise<void> {
    this.#isSending = true
    for (let failures = 0; ;) {
      const batch = this.#nextBatch()
      const [first] = batch
      if (first === undefined) break
      try {
        const values = batch.flatMap((item) => item.values)
        const position = await this.#options.append(values, first.kind)
        for (const item of batch) this.#complete(item, position)
        failures = 0
      } catch (error) {
        if (this.#closed.signal.aborted) break
        this.#options.onError(error)
        await this.#backOff(failures++)
      }
    }
    this.#isSending = false
  }

  #nextBatch(): readonly PendingAppend[] {
    const now = this.#options.monotonicNow()
    const batch: PendingAppend[] = []
    let size = 0
    for (const item of this.#pending) {
      if (item.expiresAt <= now) this.#pending.delete(item)
      else if (!fits(item, batch, size)) break
      else {
        batch.push(item)
        size += item.values.length
      }
    }
    return batch
  }

  #complete(item: PendingAppend, position: string): void {
    if (this.#pending.delete(item)) item.onAppended(position)
  }

  async #backOff(failures: number): Promise<void> {
    const maxMs = Math.min(MIN_BACK_OFF_MS * 2 ** failures, MAX_BACK_OFF_MS)
    const ms = (maxMs * (1 + Math.random())) / 2
    await sleep(ms, undefined, { signal: this.#closed.signal, ref: false }).catch(() => {})
  }
}

/** @param size how many values are in the batch. */
function fits({ kind, values }: PendingAppend, [first]: readonly PendingAppend[], size: number): boolean {
  return first === undefined || (first.kind === kind && size + values.length <= BATCH_SIZE)
}
