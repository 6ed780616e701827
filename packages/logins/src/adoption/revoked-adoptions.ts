import { wrapOutage } from '../errors.ts'
import { RevocationList } from '../revocation/revocation-list.ts'
import type { AdoptedLogin, AdoptionStore } from '../stores/adoption-store.ts'
import type { RevokedListener } from './carrier-adoptions.ts'

/** Options of {@link RevokedAdoptions}. */
export interface RevokedAdoptionsOptions {
  readonly store: Pick<AdoptionStore, 'findInactive' | 'listInactive' | 'forget'>
  readonly retentionSeconds: number
  /** ms on a clock that only goes forward. */
  readonly monotonicNow: () => number
}

/**
 * Reports adopted logins that were revoked to those who revoke them in the other system. The store has the adoption until all
 * have done so: a report that fails, or that a crash prevents, is made by the next call.
 */
export class RevokedAdoptions {
  readonly #options: RevokedAdoptionsOptions
  readonly #listeners: RevokedListener[] = []
  readonly #failed: RevocationList

  constructor(options: RevokedAdoptionsOptions) {
    this.#options = options
    this.#failed = new RevocationList(options.retentionSeconds, options.monotonicNow)
  }

  addListener(listener: RevokedListener): void {
    this.#listeners.push(listener)
  }

  /** Whether a report of this login by this node failed lately. */
  hasFailed(loginId: string): boolean {
    return this.#failed.has(loginId)
  }

  /** Without listeners the store is not asked: nobody migrates. */
  async report(loginIds: readonly string[]): Promise<void> {
    if (this.#listeners.length === 0 || loginIds.length === 0) return
    try {
      await this.#report(await wrapOutage(() => this.#options.store.findInactive(loginIds)))
    } catch (error) {
      for (const loginId of loginIds) this.#failed.add(loginId)
      throw error
    }
  }

  async reportOf(userId: string): Promise<void> {
    if (this.#listeners.length === 0) return
    await this.#report(await wrapOutage(() => this.#options.store.listInactive(userId)))
  }

  async #report(revoked: readonly AdoptedLogin[]): Promise<void> {
    if (revoked.length === 0) return
    await wrapOutage(() => Promise.all(this.#listeners.map((listener) => listener(revoked))))
    await wrapOutage(() => this.#options.store.forget(revoked.map(({ loginId }) => loginId)))
  }
}
