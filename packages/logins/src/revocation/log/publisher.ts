import type { FeedPosition } from '../feed.ts'
import type { PublishedKind } from './log.ts'
import { Outbox } from './outbox.ts'

/** Options of {@link Publisher}. */
export interface PublisherOptions {
  /** How many logs there are. */
  readonly logs: number
  /** W: the number of logs that must acknowledge a publication. */
  readonly writeQuorum: number
  /** How long `publish` waits for the quorum, ms. */
  readonly timeoutMs: number
  /** How long a log that is unreachable is tried, ms. */
  readonly retentionMs: number
  readonly monotonicNow: () => number
  /**
   * Resolves to the position in that log. Rejects where the log did not append them, or that is uncertain.
   */
  readonly append: (log: number, values: readonly string[], kind: PublishedKind) => Promise<string>
  readonly onError: (log: number, error: unknown) => void
}

interface Publication {
  readonly kind: PublishedKind
  readonly values: readonly string[]
  /** Log → the position in it. */
  readonly positions: Map<number, string>
  readonly confirm: () => void
  readonly fail: (error: Error) => void
}

const BATCH_SIZE = 500

/** Publishes revocations and changes to every log; resolves once a write quorum of logs has acknowledged. */
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
          append: (values, kind) => options.append(log, values, kind),
          onError: (error) => {
            this.#lastErrors.set(log, error)
            options.onError(log, error)
          }
        })
    )
  }

  /**
   * Rejects where no quorum has acknowledged in time. The logs get the entries all the same, as soon as
   * they are reachable.
   */
  publish(values: readonly string[], kind: PublishedKind = 'revoked'): Promise<FeedPosition> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer)
        this.#unconfirmed.delete(publication)
      }
      const publication: Publication = {
        kind,
        values,
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

  /** Appends to one log the revocations that it has lost. */
  republish(log: number, loginIds: readonly string[]): void {
    const expiresAt = this.#options.monotonicNow() + this.#options.retentionMs
    for (let at = 0; at < loginIds.length; at += BATCH_SIZE) {
      this.#outboxes[log]?.enqueue({
        kind: 'revoked',
        values: loginIds.slice(at, at + BATCH_SIZE),
        expiresAt,
        onAppended: () => {}
      })
    }
  }

  /**
   * Must be called when a log may have lost entries. Its acknowledgement of unconfirmed publications no
   * longer counts, and they are appended again. Without this, a log that is wiped after its acknowledgement
   * would be counted together with another that acknowledges later, although only one of them has the entry.
   */
  onReset(log: number): void {
    for (const publication of this.#unconfirmed) {
      if (publication.positions.delete(log)) this.#send(log, publication)
    }
  }

  /** Rejects all unconfirmed publications and stops. */
  close(): void {
    for (const outbox of this.#outboxes) outbox.close()
    for (const publication of this.#unconfirmed) publication.fail(new Error('the feed is closed'))
  }

  #send(log: number, publication: Publication): void {
    const { monotonicNow, retentionMs, writeQuorum } = this.#options
    this.#outboxes[log]?.enqueue({
      kind: publication.kind,
      values: publication.values,
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
