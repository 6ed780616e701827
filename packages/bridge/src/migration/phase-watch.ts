import { plainError } from '@drawbridge/options'
import { LoginsUnavailableError, type StoredPhase } from '@drawbridge/logins'

/** Options of {@link PhaseWatch}. */
export interface PhaseWatchOptions {
  readonly migration: string
  readonly readPhase: (migration: string) => Promise<StoredPhase | null>
  /** ms on a clock that never goes back. */
  readonly monotonicNow: () => number
  /** Called when a node begins not to know the phase, and when a phase was lost. Must not throw. */
  readonly onError: (error: Error) => void
}

/** How often each node reads the phase. */
export const READ_INTERVAL_MS = 1000

/**
 * For how long a node acts on what it has read, from the moment at which it asked. Once a step is that old, no node acts on the
 * phase before, whichever nodes there are, and without anybody having to ask them.
 */
export const LEASE_MS = 5000

/** How long a phase lasts at least, ms: until no node acts on the one before, and no request that began in it is left. */
export const minPhaseMs = (requestTimeoutMs: number) => LEASE_MS + requestTimeoutMs

/** What one node knows of the phase of a migration. */
export class PhaseWatch {
  readonly #options: PhaseWatchOptions
  #known: StoredPhase | null = null
  #validUntil = -Infinity
  #reading: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #isFailing = false
  #isLost = false

  constructor(options: PhaseWatchOptions) {
    this.#options = options
  }

  /** Reads the phase now, and from then on every second until `close`. Never rejects. */
  async start(): Promise<void> {
    this.#timer ??= setInterval(() => void this.read(), READ_INTERVAL_MS).unref()
    await this.read()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** Whether {@link current} has one. On the hot path. */
  get isKnown(): boolean {
    return this.#options.monotonicNow() < this.#validUntil
  }

  /**
   * The phase that this node acts on, and the version of it. Version 0: no step was made so far.
   *
   * @throws LoginsUnavailableError while the node does not know it.
   */
  get current(): Pick<StoredPhase, 'phase' | 'version' | 'since'> {
    if (!this.isKnown)
      throw new LoginsUnavailableError(
        new Error(`the phase of the migration ${JSON.stringify(this.#options.migration)} is not known`)
      )
    return this.#known ?? FIRST
  }

  /**
   * The phase that was read last, where the store has failed since then and that was no longer ago than this, ms; else null. Not
   * for a store that can be reached and has lost its row.
   */
  async findInOutage(withinMs: number): Promise<Pick<StoredPhase, 'phase' | 'version' | 'since'> | null> {
    if (!this.#isFailing) await this.read()
    const isRecent = this.#options.monotonicNow() < this.#validUntil - LEASE_MS + withinMs
    return this.#isFailing && !this.#isLost && isRecent ? (this.#known ?? FIRST) : null
  }

  /** Reads the phase. Never rejects; of several calls at once one reads. */
  read(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #read(): Promise<void> {
    const { readPhase, migration, monotonicNow } = this.#options
    const askedAt = monotonicNow()
    try {
      const stored = await readPhase(migration)
      this.#isLost = (stored?.version ?? 0) < (this.#known?.version ?? 0)
      if (this.#isLost) throw this.#lostError()
      this.#known = stored
      this.#validUntil = askedAt + LEASE_MS
      this.#isFailing = false
    } catch (error) {
      if (!this.#isFailing) this.#options.onError(plainError(error))
      this.#isFailing = true
    }
  }

  /** A store that was emptied has no row: to take that for the first phase would log out whoever has our credential alone. */
  #lostError(): Error {
    return new Error(
      `the store has lost the phase of the migration ${JSON.stringify(this.#options.migration)}: this node has seen ` +
        `"${this.#known?.phase}", version ${this.#known?.version ?? 0}. Set it with migrations.restore`
    )
  }
}

const FIRST = { phase: 'old', version: 0, since: 0 } as const
