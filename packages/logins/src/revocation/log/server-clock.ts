/**
 * How far the clocks of the servers are ahead of this node's. If each node measured the limits of logins by
 * its own clock, nodes would expire each other's logins or extend them; so all of them use the clock of the
 * servers that they share.
 *
 * A reply was made between its request and its arrival. An offset moves no further than that interval proves,
 * so that a node that stalled, or a slow line, is never mistaken for a wrong clock.
 */
export class ServerClock {
  readonly #offsets: Array<number | undefined>
  readonly #wallNow: () => number
  #previousOffsetMs = 0
  /**
   * ms by which the servers' clock is ahead of this node's, as last measured; 0 before that. The median where
   * there are several servers.
   */
  offsetMs = 0

  /** @param wallNow ms since the epoch, by this node's clock. */
  constructor(logs: number, wallNow: () => number) {
    this.#offsets = Array.from({ length: logs })
    this.#wallNow = wallNow
  }

  /**
   * Adds a measurement. @param serverNow ms since the epoch, from a reply that took `tookMs` and has just
   * arrived.
   */
  addSample(log: number, serverNow: number, tookMs: number): void {
    const minOffset = serverNow - this.#wallNow()
    const offset = Math.min(Math.max(this.#offsets[log] ?? 0, minOffset), minOffset + tookMs)
    this.#offsets[log] = Math.round(offset)
    const known = this.#offsets.filter((one) => one !== undefined).toSorted((a, b) => a - b)
    this.#previousOffsetMs = this.offsetMs
    this.offsetMs = known[(known.length - 1) >> 1] as number
  }

  /** ms since the epoch, by the clock of one server. */
  nowOf(log: number): number {
    return this.#wallNow() + (this.#offsets[log] ?? 0)
  }

  /**
   * ms since the epoch, by the servers' clock. Where another server has just taken over, by the clock that is
   * ahead: no node can have issued anything with a later time.
   */
  latest(): number {
    return this.#wallNow() + Math.max(this.#previousOffsetMs, this.offsetMs)
  }
}
