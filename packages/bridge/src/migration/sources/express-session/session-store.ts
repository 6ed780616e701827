import { promisify } from 'node:util'

/** `error` where it failed; a row that is not there is null or undefined. */
type Done<T> = (error?: unknown, result?: T) => void

/** A store of express-session, by its own interface: what `session({ store })` has in the other system. */
export interface SessionStore {
  get(sid: string, done: Done<unknown>): unknown
  set?(sid: string, row: never, done: Done<void>): unknown
  destroy(sid: string, done: Done<void>): unknown
  /** Of all sessions, also of visitors. */
  length?(done: Done<number>): unknown
  /** Each session; of those with a user the count is exact. */
  all?(done: Done<unknown>): unknown
}

/** A session as express-session stores it. */
export type SessionRow = Readonly<Record<string, unknown>>

/**
 * The row of a session; null where there is none, or none that can be read.
 *
 * @throws what the store does, where it cannot be reached.
 */
export async function findRow(store: SessionStore, sid: string): Promise<SessionRow | null> {
  try {
    const row = await promisify<string, unknown>((key, done) => store.get(key, done as Done<unknown>))(sid)
    return isRow(row) ? row : null
  } catch (error) {
    // As express-session does; and connect-redis passes on what JSON.parse throws.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Adds or replaces the row of a session. */
export async function insertRow(store: SessionStore, sid: string, row: SessionRow): Promise<void> {
  await promisify<void>((done) => store.set?.(sid, row as never, done as Done<void>))()
}

export async function removeRow(store: SessionStore, sid: string): Promise<void> {
  await promisify<void>((done) => store.destroy(sid, done as Done<void>))()
}

/** How many rows are counted by `isCounted`; where the store cannot list them, how many there are. */
export async function countRows(
  store: SessionStore,
  isCounted: (row: SessionRow) => boolean
): Promise<number> {
  if (store.all === undefined) return promisify<number>((done) => store.length?.(done as Done<number>))()
  const all = await promisify<unknown>((done) => store.all?.(done as Done<unknown>))()
  return listRows(all).filter((row) => isRow(row) && isCounted(row)).length
}

/** MemoryStore has them by their ids, others as a list. */
const listRows = (all: unknown): readonly unknown[] =>
  Array.isArray(all) ? all : Object.values((all ?? {}) as object)

function isRow(row: unknown): row is SessionRow {
  return typeof row === 'object' && row !== null && !Array.isArray(row)
}
