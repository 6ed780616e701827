import type { PublishedKind } from './log.ts'
import type { ResetReason } from './log-reader.ts'

/** What happens in the feed of a node. `log` is the index of the log: 0, or 0 to 2 in the mode `quorum`. */
export type FeedEvent =
  /** The node may use its cache again. */
  | { readonly type: 'fresh' }
  /** The node may no longer use its cache: it has had no proof for longer than the staleness bound. */
  | { readonly type: 'stale' }
  /** The log may have lost entries; the node reads it again from its beginning. */
  | { readonly type: 'reset'; readonly log: number; readonly reason: ResetReason }
  /**
   * The clock of this node differs from that of the servers by more than `clockSkewMs` (`isTooFar`), or no longer does.
   */
  | { readonly type: 'clock-offset'; readonly offsetMs: number; readonly isTooFar: boolean }
  /** The log could not be read or written. */
  | { readonly type: 'error'; readonly log: number; readonly error: unknown }

/**
 * This node has read an entry of a log, for the first time. On {@link feedChannel} alone: a busy feed has thousands per second. Not
 * of what was appended before the node has read the log once, and not of what it reads again after a reset.
 */
export interface EntryHeardEvent {
  readonly type: 'heard'
  readonly log: number
  readonly kind: PublishedKind
  /** From when it was appended until now, ms, both by the clock of the log's server: so it compares across nodes. */
  readonly lagMs: number
}
