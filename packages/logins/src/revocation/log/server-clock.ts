/**
 * How far the clocks of the servers are from this node's. Nodes that keep the limits of logins each by its own clock end
 * each other's, or let them live on; so all of them go by the clock of what they share.
 *
 * An answer was made between its asking and its arrival: an offset moves no further than that proves, so that a node that
 * stalled, or a slow line, is never taken for a clock that is wrong.
 */
export class ServerClock {
  readonly #offsets: Array<number | undefined>
  readonly #wallNow: () => number
  #previousOffsetMs = 0
  /** ms by which the servers' clock is ahead of this node's, as last heard; 0 before that. Of several, the one in the middle. */
  offsetMs = 0

  /** @param wallNow ms since the epoch, by this node's clock. */
  constructor(logs: number, wallNow: () => number) {
    this.#offsets = Array.from({ length: logs })
    this.#wallNow = wallNow
  }

  /** A server said that it was `serverNow`, ms since the epoch, in an answer that took so many ms and has come now. */
  addSample(log: number, serverNow: number, tookMs: number): void {
    const minOffset = serverNow - this.#wallNow()
    const offset = Math.min(Math.max(this.#offsets[log] ?? 0, minOffset), minOffset + tookMs)
    this.#offsets[log] = Math.round(offset)
    const known = this.#offsets.filter((one) => one !== undefined).toSorted((a, b) => a - b)
    this.#previousOffsetMs = this.offsetMs
    this.offsetMs = known[(known.length - 1) >> 1] as number
  }

  /**
   * ms since the epoch, by the servers' clock, and where another server has just taken over by the one that is ahead: nothing
   * that a node issued until now can bear a later time.
   */
  latest(): number {
    return this.#wallNow() + Math.max(this.#previousOffsetMs, this.offsetMs)
  }
}
