import { serializeEntry, type LogAudit, type LogEntry, START } from './log.ts'

/** Why a reader no longer trusts what it read of a log before. */
export type ResetReason = 'incarnation' | 'epoch' | 'diverged' | 'gap'

/** What the follower does next. */
export type NextStep =
  /** Audit again at once: there are more entries after the cursor. */
  | 'more'
  /** All is read and checked. */
  | 'done'
  /** Start the log: there is none, or none that this server vouches for. */
  | 'begin'
  /** Ask another server: this one is not the master. */
  | 'reject'

/** Options of {@link LogReader}. */
export interface LogReaderOptions {
  /** Whether only confirmed beats renew the lease. */
  readonly fenced: boolean
  /** A login was revoked. */
  readonly onRevoked: (loginId: string) => void
  /** What is known of the user whose loginIds begin with this has changed. */
  readonly onChanged: (loginIdPrefix: string) => void
  /** The log may have lost entries, and is read again from its beginning. */
  readonly onReset: (reason: ResetReason) => void
  /** An entry was appended since the log was last read as a whole. Default: ignored. */
  readonly onHeard?: ((entry: LogEntry) => void) | undefined
  /** A beat of some node has arrived. */
  readonly onBeat: () => void
  /** ms since the epoch, by the clock that all nodes use. */
  readonly serverNow: () => number
}

/**
 * What one node knows of one log. No I/O: it gets what the driver has read, and says what to do next.
 *
 * Only a complete audit renews the lease, counted from the moment it was sent, by the node's own clock. A
 * server that says "no news" proves something only if it is the master, with the same history, with exactly
 * the entry that was read last, and with as many entries as were read.
 */
export class LogReader {
  readonly #options: LogReaderOptions
  #incarnation: string | null = null
  #epoch: string | null = null
  #cursor = START
  #cursorEntry: string | null = null
  /**
   * How many entries had been trimmed before the log was read from its beginning, and how many were read
   * since.
   */
  #trimmedCount: number | null = null
  #readCount = 0
  #leaseAsOf = -Infinity
  #coveredFrom = Infinity
  /** Send time of the last complete audit since the log was read from its beginning. */
  #auditedAt = -Infinity
  /**
   * Beats that were read and are not confirmed: id → the send time of the last audit that did not contain it.
   */
  readonly #beats = new Map<string, number>()
  /** The send time that the newest confirmed beat proves. */
  #confirmedAsOf = -Infinity
  /** What the log still contains, collected since the last reset; null where there was none. */
  #heardSinceReset: Set<string> | null = null

  constructor(options: LogReaderOptions) {
    this.#options = options
  }

  /** The name of the log as it was read last; null before the first audit. */
  get epoch(): string | null {
    return this.#epoch
  }

  /** The id of the last entry that was read. */
  get cursor(): string {
    return this.#cursor
  }

  /** Send time of the last complete audit that counts, ms on the node's monotonic clock. */
  get leaseAsOf(): number {
    return this.#leaseAsOf
  }

  /**
   * ms since the epoch, by the clock that all nodes use: every revocation of this log since then has been
   * read.
   */
  get coveredFrom(): number {
    return this.#coveredFrom
  }

  /**
   * Whether a log that was reset has been read again completely, and {@link drainHeard} has not been called
   * since.
   */
  get hasRereadAll(): boolean {
    return this.#heardSinceReset !== null && this.#auditedAt !== -Infinity
  }

  /**
   * The logins that the log has contained since its reset, or null where there was none. Each reset gives one
   * such set.
   */
  drainHeard(): ReadonlySet<string> | null {
    if (!this.hasRereadAll) return null
    const heard = this.#heardSinceReset
    this.#heardSinceReset = null
    return heard
  }

  /** Applies what an audit has read. @param sentAt monotonic ms at which the audit was sent. */
  onAudit(sentAt: number, audit: LogAudit): NextStep {
    if (!audit.isMaster) return 'reject'
    if (audit.epoch === null) return 'begin'
    const difference = this.#findDifference(audit)
    if (this.#epoch === null || difference !== null) this.#adopt(audit)
    if (difference !== null) {
      this.#reset(difference, audit)
      return 'more'
    }
    this.#trimmedCount ??= audit.added - audit.length
    for (const entry of audit.entries) this.#apply(entry)
    if (!audit.isComplete) return 'more'
    if (audit.added - this.#trimmedCount !== this.#readCount) {
      this.#reset('gap', audit)
      return 'more'
    }
    this.#complete(sentAt, audit)
    return 'done'
  }

  /**
   * Applies entries that arrive between audits. They may come from another server than the one that was
   * audited: that is safe, since the revocation list only grows, and the next audit checks whether they are
   * in its log.
   * @returns false where an entry is of another epoch: the log was started again below the cursor.
   */
  onEntries(entries: readonly LogEntry[]): boolean {
    for (const entry of entries) {
      if (entry.epoch !== this.#epoch) return false
      this.#apply(entry)
    }
    return true
  }

  /**
   * Log matching as in Raft: with ids alone, entries that were lost could be mistaken for entries that got
   * the same ids later.
   */
  #findDifference(audit: LogAudit): ResetReason | null {
    if (this.#epoch === null) return null
    if (audit.incarnation !== this.#incarnation) return 'incarnation'
    if (audit.epoch !== this.#epoch) return 'epoch'
    return this.#cursor !== START && audit.entryAtCursor !== this.#cursorEntry ? 'diverged' : null
  }

  #complete(sentAt: number, audit: LogAudit): void {
    if (this.#coveredFrom === Infinity) {
      this.#coveredFrom = audit.coveredFrom + this.#options.serverNow() - audit.serverNow
    }
    this.#auditedAt = sentAt
    this.#leaseAsOf = Math.max(this.#leaseAsOf, this.#options.fenced ? this.#confirmedAsOf : sentAt)
  }

  #apply(entry: LogEntry): void {
    this.#cursor = entry.id
    this.#cursorEntry = serializeEntry(entry)
    this.#readCount += 1
    if (this.#auditedAt !== -Infinity) this.#options.onHeard?.(entry)
    switch (entry.kind) {
      case 'revoked':
        for (const loginId of entry.values) {
          this.#heardSinceReset?.add(loginId)
          this.#options.onRevoked(loginId)
        }
        return
      case 'changed':
        for (const loginIdPrefix of entry.values) this.#options.onChanged(loginIdPrefix)
        return
      case 'beat':
        this.#beats.set(entry.id, this.#auditedAt)
        this.#options.onBeat()
        return
      case 'confirm':
        this.#confirm(entry.values[0] ?? '')
        return
      case 'genesis':
    }
  }

  /**
   * Enough replicas have had this beat, so its server was the only master after the audit before it. Whatever
   * was confirmed before that audit is in this log before the beat, and has been read. The lease itself waits
   * for the next audit, which proves that the beat is in this log.
   */
  #confirm(beatId: string): void {
    const asOf = this.#beats.get(beatId)
    if (asOf === undefined) return
    this.#confirmedAsOf = Math.max(this.#confirmedAsOf, asOf)
    for (const id of this.#beats.keys()) {
      this.#beats.delete(id)
      if (id === beatId) return
    }
  }

  /** The log may have lost entries, or contain fewer than it should: it is read again from its beginning. */
  #reset(reason: ResetReason, audit: LogAudit): void {
    this.#coveredFrom = this.#options.serverNow()
    this.#rewind()
    // Counted from here on, not from the next audit: entries that come and go in between are missed.
    this.#trimmedCount = audit.added - audit.length
    this.#heardSinceReset = new Set()
    this.#options.onReset(reason)
  }

  #adopt({ epoch, incarnation }: LogAudit): void {
    this.#epoch = epoch
    this.#incarnation = incarnation
  }

  /**
   * Forgets earlier beats too. Read a second time, an old beat would seem newer than an audit that had long
   * contained it, and a server without replicas would renew the lease by it.
   */
  #rewind(): void {
    this.#cursor = START
    this.#cursorEntry = null
    this.#readCount = 0
    this.#auditedAt = -Infinity
    this.#confirmedAsOf = -Infinity
    this.#beats.clear()
  }
}
