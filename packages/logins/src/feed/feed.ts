/** A login has ended. Every node must refuse what it holds of it. */
export interface Revocation {
  readonly loginId: string
}

/**
 * The log by which revocations reach every node.
 *
 * `subscribe` listeners hear each revocation at least once, their own node's included, in no certain order.
 * A node may trust what it holds while `isFresh()` says so: it has then heard all that was acknowledged longer
 * ago than the staleness bound.
 */
export interface Feed {
  /** Resolves when every node that says it is fresh will know within the bound. Rejects when that is not sure. */
  publish(revocations: readonly Revocation[]): Promise<void>
  /** Hears all revocations from now on. Synchronous, and must not throw. */
  subscribe(listener: (revocation: Revocation) => void): void
  /** On the hot path: no I/O, no promise. */
  isFresh(): boolean
  /**
   * ms since the epoch: the feed has told this node of every revocation since then, and of none before. What
   * was issued earlier is to be asked of the store once.
   */
  readonly coveredFrom: number
  /** Resolves when the feed answers; for readiness probes. */
  ping(): Promise<void>
  close(): Promise<void>
}
