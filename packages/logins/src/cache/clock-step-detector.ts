/**
 * How far the wall clock may part from the monotonic one before it counts as set. Slewing (NTP) moves both alike; only a
 * step, or a machine that slept, moves them apart.
 */
const STEP_MS = 1000

export interface ClockStepDetectorOptions {
  /** ms since the epoch. */
  readonly now: () => number
  /** ms on a clock that only goes forward. */
  readonly monotonicNow: () => number
  /**
   * Whether `now` is the clock that everything here is dated by. Not yet where a node has still to hear that of a server:
   * going over to it sets no clock by which anything was dated.
   */
  readonly isReady: () => boolean
  /** What was measured by the wall clock until now is worth nothing any more. */
  readonly onStep: () => void
}

/**
 * Notices that the wall clock was set. The wall clock dates what is issued; a node that compares those dates with what it
 * learned by another setting of the clock would take a revoked credential for one that it knows all about.
 *
 * Whoever issues, verifies or forgets looks first, so that no setting of the clock under which something was dated is missed.
 */
export class ClockStepDetector {
  readonly #options: ClockStepDetectorOptions
  /** Wall minus monotonic time since the last step; undefined until it has begun. */
  #offset: number | undefined
  #ambiguousUntil = -Infinity

  constructor(options: ClockStepDetectorOptions) {
    this.#options = options
    this.check()
  }

  /** ms since the epoch: what is dated no later may have been dated before the clock was last set. */
  get ambiguousUntil(): number {
    return this.#ambiguousUntil
  }

  check(): void {
    const { now, monotonicNow, isReady, onStep } = this.#options
    if (!isReady()) return
    const [wall, mono] = [now(), monotonicNow()]
    this.#offset ??= wall - mono
    if (Math.abs(wall - mono - this.#offset) <= STEP_MS) return
    this.#ambiguousUntil = Math.max(this.#ambiguousUntil, wall, mono + this.#offset)
    this.#offset = wall - mono
    onStep()
  }
}
