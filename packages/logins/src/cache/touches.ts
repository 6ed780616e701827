import type { LoginStore } from '../stores/login-store.ts'

const FLUSH_DELAY_MS = 1000

/** Options of {@link Touches}. */
export interface TouchesOptions {
  readonly store: Pick<LoginStore, 'touch'>
  /** Called for a login that the store no longer has. */
  readonly onInactive: (loginId: string) => void
  /** Called where a write failed; its touches are written with the next. */
  readonly onError: (error: unknown) => void
}

/**
 * Collects which logins were used and writes them together a second later: one write per login and interval, not one per
 * request (bench, `session-guard-redis`). A crash loses at most the interval by which the idle timeout is extended.
 */
export class Touches {
  readonly #options: TouchesOptions
  #pending = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined
  #lastWrite: Promise<void> = Promise.resolve()

  constructor(options: TouchesOptions) {
    this.#options = options
  }

  /** Notes a use. @param seenAt ms since the epoch. */
  add(loginId: string, seenAt: number): void {
    this.#pending.set(loginId, seenAt)
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_DELAY_MS).unref()
  }

  /** Writes one batch after the other: when this resolves, a batch already in flight has been written too. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const write = () => this.#write()
    this.#lastWrite = this.#lastWrite.then(write, write)
    return this.#lastWrite
  }

  async #write(): Promise<void> {
    if (this.#pending.size === 0) return
    const batch = [...this.#pending].map(([loginId, seenAt]) => ({ loginId, seenAt }))
    this.#pending = new Map()
    try {
      const active = await this.#options.store.touch(batch)
      batch.forEach(({ loginId }, at) => {
        if (active[at] === false) this.#options.onInactive(loginId)
      })
    } catch (error) {
      for (const { loginId, seenAt } of batch) if (!this.#pending.has(loginId)) this.add(loginId, seenAt)
      this.#options.onError(error)
    }
  }
}
