import { setTimeout as sleep } from 'node:timers/promises'
import type { LoginStore } from '../stores/login-store.ts'

/** Options of {@link UnconfirmedRevocations}. */
export interface UnconfirmedRevocationsOptions {
  readonly store: Pick<LoginStore, 'find'>
  /** Publishes logins that the store no longer has. */
  readonly publish: (loginIds: readonly string[]) => Promise<unknown>
  /** How long the store is polled, ms. */
  readonly retentionMs: number
}

const MIN_RETRY_DELAY_MS = 50
const MAX_RETRY_DELAY_MS = 2000

/**
 * Revocations whose store reply was lost: the store was asked to remove these logins and may have done so. A
 * repeated request would find nothing left to remove and would publish nothing. So this polls the store until
 * it replies, and publishes the logins that are gone.
 */
export class UnconfirmedRevocations {
  readonly #options: UnconfirmedRevocationsOptions
  readonly #closed = new AbortController()

  constructor(options: UnconfirmedRevocationsOptions) {
    this.#options = options
  }

  /** Polls the store for these logins, until the store replies or the retention is over. */
  add(loginIds: readonly string[]): void {
    if (loginIds.length > 0) void this.#poll(loginIds)
  }

  /** Stops polling. */
  close(): void {
    this.#closed.abort()
  }

  async #poll(loginIds: readonly string[]): Promise<void> {
    let waitedMs = 0
    for (let retryDelayMs = MIN_RETRY_DELAY_MS; waitedMs < this.#options.retentionMs; retryDelayMs *= 2) {
      const ms = Math.min(retryDelayMs, MAX_RETRY_DELAY_MS)
      await sleep(ms, undefined, { signal: this.#closed.signal, ref: false }).catch(() => {})
      if (this.#closed.signal.aborted || (await this.#publishRevoked(loginIds))) return
      waitedMs += ms
    }
  }

  async #publishRevoked(loginIds: readonly string[]): Promise<boolean> {
    try {
      const found = await Promise.all(loginIds.map((loginId) => this.#options.store.find(loginId)))
      await this.#options.publish(loginIds.filter((_, at) => found[at] === null))
      return true
    } catch {
      return false
    }
  }
}
