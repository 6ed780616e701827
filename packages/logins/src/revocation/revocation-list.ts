/**
 * The logins that a node knows to be revoked and whose credentials may still be presented. `add` is
 * idempotent and takes any order. An entry is dropped once no credential that was issued before it can be
 * served from local state.
 */
export class RevocationList {
  readonly #retentionMs: number
  readonly #monotonicNow: () => number
  /**
   * loginId → monotonic ms at which the entry may be dropped. Insertion order is expiry order, since all have
   * the same retention.
   */
  readonly #expiresAt = new Map<string, number>()

  /**
   * @param retentionSeconds how long an entry is listed.
   * @param monotonicNow ms on a clock that never goes back. A wall clock that is set ahead and then back
   * would drop entries too soon.
   */
  constructor(retentionSeconds: number, monotonicNow: () => number) {
    this.#retentionMs = retentionSeconds * 1000
    this.#monotonicNow = monotonicNow
  }

  /** Lists the login, or restarts its retention. */
  add(loginId: string): void {
    const now = this.#monotonicNow()
    this.#dropExpired(now)
    this.#expiresAt.delete(loginId)
    this.#expiresAt.set(loginId, now + this.#retentionMs)
  }

  /** Whether the login is listed. */
  has(loginId: string): boolean {
    return this.#expiresAt.has(loginId)
  }

  /** All listed logins, the oldest entry first. */
  [Symbol.iterator](): Iterator<string> {
    return this.#expiresAt.keys()
  }

  get size(): number {
    return this.#expiresAt.size
  }

  /**
   * Stops at the first entry that stays, so that the cost does not grow with the list (bench,
   * `revocation-list`).
   */
  #dropExpired(now: number): void {
    for (const [loginId, expiresAt] of this.#expiresAt) {
      if (expiresAt > now) return
      this.#expiresAt.delete(loginId)
    }
  }
}
