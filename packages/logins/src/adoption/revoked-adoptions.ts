import { wrapOutage } from '../errors.ts'
import type { AdoptedLogin, AdoptionStore } from '../stores/adoption-store.ts'
import type { RevokedListener } from './carrier-adoptions.ts'

/** Options of {@link RevokedAdoptions}. */
export interface RevokedAdoptionsOptions {
  readonly store: Pick<AdoptionStore, 'findInactive' | 'listInactive' | 'forget'>
  /** ms on a clock that only goes forward. */
  readonly monotonicNow: () => number
}

/** How long an other system that was still down is left alone, ms. */
const RETRY_MS = 30_000

/** How many logins one node reports again by itself; the store has the others. */
const MAX_FAILED = 10_000

/** How many of them at a time. */
const PAGE = 100

/**
 * Reports adopted logins that were revoked to those who revoke them in the other system. The store has the adoption until all
 * have done so: a report that fails is made again by the next call for that login or its user, and by {@link reportFailed}; one that
 * a crash prevents, by a revocation of its user.
 */
export class RevokedAdoptions {
  readonly #options: RevokedAdoptionsOptions
  readonly #listeners: RevokedListener[] = []
  readonly #failed = new Set<string>()
  #retryAt = -Infinity

  constructor(options: RevokedAdoptionsOptions) {
    this.#options = options
  }

  addListener(listener: RevokedListener): void {
    this.#listeners.push(listener)
  }

  /** Whether a report of this login by this node failed, and has not been made since. */
  hasFailed(loginId: string): boolean {
    return this.#failed.has(loginId)
  }

  /** Without listeners the store is not asked: nobody migrates. */
  async report(loginIds: readonly string[]): Promise<void> {
    if (this.#listeners.length === 0 || loginIds.length === 0) return
    await this.#noteFailure(loginIds, async () =>
      this.#report(await wrapOutage(() => this.#options.store.findInactive(loginIds)))
    )
  }

  async reportOf(userId: string): Promise<void> {
    if (this.#listeners.length === 0) return
    const revoked = await wrapOutage(() => this.#options.store.listInactive(userId))
    await this.#noteFailure(
      revoked.map(({ loginId }) => loginId),
      () => this.#report(revoked)
    )
  }

  /** Makes the reports again that failed, at most once in 30 s while they do. Rejects where they fail again. */
  async reportFailed(): Promise<void> {
    const now = this.#options.monotonicNow()
    if (this.#failed.size === 0 || now < this.#retryAt) return
    this.#retryAt = now + RETRY_MS
    while (this.#failed.size > 0) await this.report([...this.#failed].slice(0, PAGE))
    this.#retryAt = -Infinity
  }

  async #noteFailure(loginIds: readonly string[], report: () => Promise<void>): Promise<void> {
    try {
      await report()
    } catch (error) {
      for (const loginId of loginIds) if (this.#failed.size < MAX_FAILED) this.#failed.add(loginId)
      throw error
    }
    for (const loginId of loginIds) this.#failed.delete(loginId)
  }

  async #report(revoked: readonly AdoptedLogin[]): Promise<void> {
    if (revoked.length === 0) return
    await wrapOutage(() => Promise.all(this.#listeners.map((listener) => listener(revoked))))
    await wrapOutage(() => this.#options.store.forget(revoked.map(({ loginId }) => loginId)))
  }
}
