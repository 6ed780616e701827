import { setTimeout as sleep } from 'node:timers/promises'
import type { LoginStore } from '../stores/login-store.ts'

export interface UnconfirmedRevocationsOptions {
  readonly store: Pick<LoginStore, 'find'>
  /** These logins have ended, and nobody was told. */
  readonly publish: (loginIds: readonly string[]) => Promise<unknown>
  /** How long it goes on asking, ms. */
  readonly retentionMs: number
}

const MIN_RETRY_DELAY_MS = 50
const MAX_RETRY_DELAY_MS = 2000

/**
 * Logins of which the store was asked to end all, and whose answer was lost: they may have ended, and a repeated request
 * would find nothing left to end and would tell nobody. So the store is asked which of them are gone, until it
 * answers, and those are told.
 */
export class UnconfirmedRevocations {
  readonly #options: UnconfirmedRevocationsOptions
  readonly #closed = new AbortController()

  constructor(options: UnconfirmedRevocationsOptions) {
    this.#options = options
  }

  add(loginIds: readonly string[]): void {
    if (loginIds.length > 0) void this.#poll(loginIds)
  }

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
