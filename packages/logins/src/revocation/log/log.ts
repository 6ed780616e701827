/*
 * A feed that nodes share is an append-only log on a server, or several such logs on several servers. This
 * file says what a driver reports of one log; `log-reader.ts` and `freshness-tracker.ts` draw the
 * conclusions, without I/O.
 */

/** What nodes publish. `revoked`: logins were revoked. `changed`: what is known of users has changed. */
export type PublishedKind = 'revoked' | 'changed'

/**
 * `genesis`: the log starts. `beat`, `confirm`: see `fenced` in redis-feed.ts. A node passes over an entry of a kind that
 * it does not know, which a newer release may have appended.
 */
export type EntryKind = PublishedKind | 'genesis' | 'beat' | 'confirm'

/** One entry of a log. */
export interface LogEntry {
  /** `<ms>-<n>`, ascending in one log. */
  readonly id: string
  /** The name of the log, stamped by the server that appended the entry. */
  readonly epoch: string
  readonly kind: EntryKind
  /** Of `revoked`: loginIds. Of `changed`: prefixes of loginIds. Of `confirm`: the id of the beat that enough replicas have. */
  readonly values: readonly string[]
}

/** One atomic reading: the log, the entries after a cursor, and what both can be checked against. */
export interface LogAudit {
  readonly isMaster: boolean
  /**
   * Changes when the server restarts or becomes master with another history: the newest entries may be lost.
   */
  readonly incarnation: string
  /**
   * Null: there is no log, or it was started under another incarnation. The first node that sees this starts
   * the log again, so that a node that boots later can detect that entries may be missing.
   */
  readonly epoch: string | null
  /** The entry at the cursor, serialized; null where there is none. */
  readonly entryAtCursor: string | null
  /** The entries after the cursor, in order. */
  readonly entries: readonly LogEntry[]
  /** Whether these were all entries after the cursor. */
  readonly isComplete: boolean
  /** How many entries were ever added to the log, and how many of them it still has. */
  readonly added: number
  readonly length: number
  /** ms since the epoch, by the server's clock: the log has all entries since then, if none was lost. */
  readonly coveredFrom: number
  /** ms since the epoch, by the server's clock. */
  readonly serverNow: number
}

/** The result of an append. */
export interface Appended {
  readonly id: string
  readonly epoch: string
  /** How many replicas had the entry when the driver asked; 0 where it did not ask. */
  readonly replicas: number
}

/** One log on one server. Every method has a deadline and rejects at it; none waits for a lost connection. */
export interface LogDriver {
  /** Reads the log atomically, from `cursor` on. */
  audit(cursor: string): Promise<LogAudit>
  /**
   * Entries after the cursor as soon as there are any, or none after `ms`. Proves nothing about freshness.
   */
  wait(cursor: string, ms: number): Promise<readonly LogEntry[]>
  /**
   * Starts the log where there is none, or where it was started under another incarnation than the last audit
   * reported.
   */
  begin(): Promise<void>
  /**
   * Appends an entry, and starts the log first where there is none. @param replicas how many replicas to wait
   * for; 0 for none.
   */
  append(kind: EntryKind, values: readonly string[], replicas: number): Promise<Appended>
  /** Drops the reading connection and makes a new one. */
  reconnect(): void
  /** Closes both connections; pending calls reject. */
  close(): void
}

/** The cursor before the first entry. */
export const START = '0-0'

/** All parts of an entry that must be equal for two entries to be the same. */
export function serializeEntry({ id, epoch, kind, values }: LogEntry): string {
  return [id, epoch, kind, ...values].join(' ')
}

/** When the server appended the entry, ms since the epoch by its clock. */
export function appendedAt({ id }: LogEntry): number {
  return Number(id.split('-', 1)[0])
}

/** Negative, 0 or positive as entry `a` is before, at or after `b`. */
export function compareIds(a: string, b: string): number {
  const [aMs = 0, aSeq = 0] = a.split('-').map(Number)
  const [bMs = 0, bSeq = 0] = b.split('-').map(Number)
  return aMs - bMs || aSeq - bSeq
}
