/**
 * The two clocks of a machine, which only move when a test moves them: one has the time and can be set, the other never
 * goes back.
 */
export class TestClock {
  #now: number
  #monotonicNow = 0

  /** @param start ms since the epoch. */
  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.#now = start
  }

  /** ms since the epoch. */
  readonly now = (): number => this.#now
  /** ms. */
  readonly monotonicNow = (): number => this.#monotonicNow

  /** Time passes, on both clocks. */
  advance(ms: number): void {
    this.#now += ms
    this.#monotonicNow += ms
  }

  /** The clock is set forward or back; the monotonic one does not change. */
  set(byMs: number): void {
    this.#now += byMs
  }
}
