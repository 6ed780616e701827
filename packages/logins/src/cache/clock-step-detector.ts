/**
 * How far wall clock and monotonic clock may drift apart before the wall clock counts as set. Slewing (NTP) moves both alike;
 * only a step, or a machine that was suspended, moves them apart.
 */
const STEP_MS = 1000

/** Options of {@link ClockStepDetector}. */
export interface ClockStepDetectorOptions {
  /** ms since the epoch. */
  readonly now: () => number
  /** ms on a clock that only goes forward. */
  readonly monotonicNow: () => number
  /**
   * Whether `now` is the clock that all is dated by. Not yet where a node has still to read the clock of a server: the change to
   * that clock is no step, since nothing was dated before.
   */
  readonly isReady: () => boolean
  /** Called when what was dated by the wall clock until now is no longer reliable. */
  readonly onStep: () => void
}

/**
 * Detects that the wall clock was set. Credentials are dated by it; a node that compares such a date with one from before the
 * step could take a revoked credential for one whose revocation it would know.
 *
 * Code that issues, verifies or forgets calls `check` first, so that no step between two dates is missed.
 */
export class ClockStepDetector {
  readonly #options: ClockStepDetectorOptions
  /** Wall minus monotonic time since the last step; undefined before the first check. */
  #offset: number | undefined
  #ambiguousUntil = -Infinity

  constructor(options: ClockStepDetectorOptions) {
    this.#options = options
    this.check()
  }

  /** ms since the epoch: a date up to this one may be from before the last step. */
  get ambiguousUntil(): number {
    return this.#ambiguousUntil
  }

  /** Compares the clocks, and calls `onStep` where the wall clock was set since the last check. */
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
