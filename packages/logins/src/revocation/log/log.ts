/*
 * A feed that nodes share is an append-only log on a server, or several such logs on several. What a driver tells of
 * one log is here; what follows from it is decided in `log-reader.ts` and `node-trust.ts`, without I/O.
 */

/** `ended`: logins have ended. `genesis`: the log begins. `beat`, `confirm`: see `fenced` in redis-feed.ts. */
export type EntryKind = 'revoked' | 'genesis' | 'beat' | 'confirm'

export interface LogEntry {
  /** `<ms>-<n>`, ascending in one log. */
  readonly id: string
  /** The log's own name for itself, stamped by the server that took the entry. */
  readonly epoch: string
  readonly kind: EntryKind
  /** Of `ended`: loginIds. Of `confirm`: the id of the beat that enough replicas have. */
  readonly values: readonly string[]
}

/** One atomic look: the log, what stands behind a cursor, and what both can be checked against. */
export interface LogAudit {
  readonly isMaster: boolean
  /** Changes when the server restarts or becomes master by another history: the newest entries may be lost. */
  readonly incarnation: string
  /**
   * Null: there is no log, or it began under another incarnation. Whoever sees that first lets it begin anew, so
   * that a node which boots later can tell that it may lack what it once had.
   */
  readonly epoch: string | null
  /** The entry that stands at the cursor, as one text; null where none does. */
  readonly entryAtCursor: string | null
  readonly entries: readonly LogEntry[]
  /** No more entries stood behind these. */
  readonly isComplete: boolean
  /** How many entries were ever added to the log, and how many of them are in it. */
  readonly added: number
  readonly length: number
  /** ms since the epoch, by the server's clock: entries of since then are all there, where none was lost. */
  readonly coveredFrom: number
  /** ms since the epoch, by the server's clock. */
  readonly serverNow: number
}

export interface Appended {
  readonly id: string
  readonly epoch: string
  /** How many replicas had it when the driver asked; 0 where it did not ask. */
  readonly replicas: number
}

/** One log on one server. Every verb has a deadline and rejects at it; none of them waits for a lost connection. */
export interface LogDriver {
  audit(cursor: string): Promise<LogAudit>
  /** Entries behind the cursor as soon as there are any, or none after `ms`. Proves nothing about freshness. */
  wait(cursor: string, ms: number): Promise<readonly LogEntry[]>
  /** Begins the log where there is none, or where it began under another incarnation than the last audit told. */
  begin(): Promise<void>
  /** Begins the log where there is none. @param replicas ask for so many to have it; 0 for none. */
  append(kind: EntryKind, values: readonly string[], replicas: number): Promise<Appended>
  /** Drops the reading connection and makes a new one. */
  reconnect(): void
  close(): void
}

export const START = '0-0'

/** Of an entry, all that must be the same for it to be the same entry. */
export function serializeEntry({ id, epoch, kind, values }: LogEntry): string {
  return [id, epoch, kind, ...values].join(' ')
}

export function compareIds(a: string, b: string): number {
  const [aMs = 0, aSeq = 0] = a.split('-').map(Number)
  const [bMs = 0, bSeq = 0] = b.split('-').map(Number)
  return aMs - bMs || aSeq - bSeq
}
