import type { FeedPosition } from '../feed.ts'
import { Outbox } from './outbox.ts'

export interface PublisherOptions {
  readonly logs: number
  /** W: of so many logs each publication must be taken. */
  readonly writeQuorum: number
  readonly timeoutMs: number
  /** How long an ended login is worth telling, ms. */
  readonly retentionMs: number
  readonly monotonicNow: () => number
  /** Resolves to the position in that log. Rejects where it did not take them, or not for sure. */
  readonly append: (log: number, loginIds: readonly string[]) => Promise<string>
  readonly onError: (log: number, error: unknown) => void
}

interface Publication {
  readonly loginIds: readonly string[]
  /** Log → where in it. */
  readonly positions: Map<number, string>
  readonly confirm: () => void
  readonly fail: (error: Error) => void
}

const BATCH_SIZE = 500

/** Tells every log what has ended, and says when as many have it as it takes. */
export class Publisher {
  readonly #options: PublisherOptions
  readonly #outboxes: readonly Outbox[]
  readonly #unconfirmed = new Set<Publication>()
  readonly #lastErrors = new Map<number, unknown>()

  constructor(options: PublisherOptions) {
    this.#options = options
    this.#outboxes = Array.from(
      { length: options.logs },
      (_, log) =>
        new Outbox({
          monotonicNow: options.monotonicNow,
          append: (loginIds) => options.append(log, loginIds),
          onError: (error) => {
            this.#lastErrors.set(log, error)
            options.onError(log, error)
          }
        })
    )
  }

  /** Rejects at the deadline; the logs are told all the same, as soon as they can be. */
  publish(loginIds: readonly string[]): Promise<FeedPosition> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer)
        this.#unconfirmed.delete(publication)
      }
      const publication: Publication = {
        loginIds,
        positions: new Map(),
        confirm: () => {
          finish()
          resolve([...publication.positions.values()].join(','))
        },
        fail: (error) => {
          finish()
          reject(error)
        }
      }
      const timer = setTimeout(() => publication.fail(this.#quorumError()), this.#options.timeoutMs).unref()
      this.#unconfirmed.add(publication)
      for (const log of this.#outboxes.keys()) this.#send(log, publication)
    })
  }

  /** Tells one log what it has lost. */
  republish(log: number, loginIds: readonly string[]): void {
    const expiresAt = this.#options.monotonicNow() + this.#options.retentionMs
    for (let at = 0; at < loginIds.length; at += BATCH_SIZE) {
      this.#outboxes[log]?.enqueue({
        loginIds: loginIds.slice(at, at + BATCH_SIZE),
        expiresAt,
        onAppended: () => {}
      })
    }
  }

  /**
   * This log may have lost what it took: that counts no longer, and is told again. Without this, a log that is wiped after it
   * acknowledged would be counted with another that acknowledges later, when only one has the entry.
   */
  onReset(log: number): void {
    for (const publication of this.#unconfirmed) {
      if (publication.positions.delete(log)) this.#send(log, publication)
    }
  }

  close(): void {
    for (const outbox of this.#outboxes) outbox.close()
    for (const publication of this.#unconfirmed) publication.fail(new Error('the feed is closed'))
  }

  #send(log: number, publication: Publication): void {
    const { monotonicNow, retentionMs, writeQuorum } = this.#options
    this.#outboxes[log]?.enqueue({
      loginIds: publication.loginIds,
      expiresAt: monotonicNow() + retentionMs,
      onAppended: (position) => {
        this.#lastErrors.delete(log)
        publication.positions.set(log, position)
        if (publication.positions.size === writeQuorum) publication.confirm()
      }
    })
  }

  #quorumError(): Error {
    const { writeQuorum, timeoutMs } = this.#options
    const message = `fewer than ${writeQuorum} of ${this.#outboxes.length} logs took it within ${timeoutMs} ms`
    return new AggregateError([...this.#lastErrors.values()], message)
  }
}
