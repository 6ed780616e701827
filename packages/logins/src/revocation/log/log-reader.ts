import { serializeEntry, type LogAudit, type LogEntry, START } from './log.ts'

/** Why a reader no longer trusts what it read of a log before. */
export type ResetReason = 'incarnation' | 'epoch' | 'diverged' | 'gap'

/** What to do next. */
export type NextStep =
  /** Look again at once: more stands behind the cursor. */
  | 'more'
  /** All is read and checked. */
  | 'done'
  /** Let the log begin: there is none, or none that this server can answer for. */
  | 'begin'
  /** This server is not the one to ask. */
  | 'reject'

export interface LogReaderOptions {
  /** Only confirmed beats renew the lease. */
  readonly fenced: boolean
  /** A login has ended. */
  readonly onRevoked: (loginId: string) => void
  readonly onReset: (reason: ResetReason) => void
  /** Some node's beat has come in. */
  readonly onBeat: () => void
  /** ms since the epoch, by the clock that all nodes go by. */
  readonly serverNow: () => number
}

/**
 * What one node knows of one log. No I/O: it is told what the driver got, and says what to do next.
 *
 * Only a complete audit renews the lease, and it counts from when that audit was sent, by the node's own clock: a
 * server that says "no news" proves something only if it is the master, of the same history, with the very entry that
 * was read last, and with as many entries as were read.
 */
export class LogReader {
  readonly #options: LogReaderOptions
  #incarnation: string | null = null
  #epoch: string | null = null
  #cursor = START
  #cursorEntry: string | null = null
  /** How many entries were gone before the log was read from its beginning, and how many were read since. */
  #trimmedCount: number | null = null
  #readCount = 0
  #leaseAsOf = -Infinity
  #coveredFrom = Infinity
  /** Send time of the last complete audit since the log is read from its beginning. */
  #auditedAt = -Infinity
  /** Beats that were seen and are not confirmed: id → the send time of the last audit that did not show it. */
  readonly #beats = new Map<string, number>()
  /** Of the newest beat that is confirmed. */
  #confirmedAsOf = -Infinity
  /** Since the last flip: what the log still has. */
  #heardSinceReset: Set<string> | null = null

  constructor(options: LogReaderOptions) {
    this.#options = options
  }

  get epoch(): string | null {
    return this.#epoch
  }

  get cursor(): string {
    return this.#cursor
  }

  /** Send time of the last complete audit that counts, ms on the node's monotonic clock. */
  get leaseAsOf(): number {
    return this.#leaseAsOf
  }

  /** ms since the epoch, by the clock that all nodes go by: this log has told of every revocation since then. */
  get coveredFrom(): number {
    return this.#coveredFrom
  }

  /** A log that flipped is read anew as a whole, and has not been told yet what it lacks. */
  get hasRereadAll(): boolean {
    return this.#heardSinceReset !== null && this.#auditedAt !== -Infinity
  }

  /** All that the log has told since it flipped, or null where it did not. Asked once. */
  drainHeard(): ReadonlySet<string> | null {
    if (!this.hasRereadAll) return null
    const heard = this.#heardSinceReset
    this.#heardSinceReset = null
    return heard
  }

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
   * Between audits. Whoever sent these entries may be another server than was audited: the deny set only grows,
   * and the next audit sees whether they stand in its log.
   * @returns false where an entry is of another epoch: the log began anew under the cursor.
   */
  onEntries(entries: readonly LogEntry[]): boolean {
    for (const entry of entries) {
      if (entry.epoch !== this.#epoch) return false
      this.#apply(entry)
    }
    return true
  }

  /** Log matching: with ids alone, entries that were lost could be taken for those that others were given their ids. */
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
    switch (entry.kind) {
      case 'revoked':
        for (const loginId of entry.values) {
          this.#heardSinceReset?.add(loginId)
          this.#options.onRevoked(loginId)
        }
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
   * Enough replicas have had this beat, so its server was the one master after the audit before it: whatever was
   * confirmed before that audit stands in this log before the beat, and has been read. The lease itself waits for
   * the next audit, which says that the beat is of this log.
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

  /** The log may have lost what it told, or told less than it should: read it anew, from its beginning. */
  #reset(reason: ResetReason, audit: LogAudit): void {
    this.#coveredFrom = this.#options.serverNow()
    this.#rewind()
    // From here on, not from when it is looked at next: what comes and goes in between is missed.
    this.#trimmedCount = audit.added - audit.length
    this.#heardSinceReset = new Set()
    this.#options.onReset(reason)
  }

  #adopt({ epoch, incarnation }: LogAudit): void {
    this.#epoch = epoch
    this.#incarnation = incarnation
  }

  /**
   * Beats of the past are forgotten with it: read a second time, one of long ago would seem to be newer than an
   * audit that had long shown it, and a server without replicas would renew the lease by it.
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
