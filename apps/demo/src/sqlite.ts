import Database from 'libsql'
import { closeSync, openSync } from 'node:fs'

/** How long to wait for a lock of another process. */
const LOCK_TIMEOUT_MS = 5000
const RETRY_DELAY_MS = 10

/** FULL: a change is on the disk before the response, so that a power failure does not undo a revocation. */
export function openSqlite(path: string): Database.Database {
  createPrivateFile(path)
  const database = new Database(path)
  database.exec(`PRAGMA busy_timeout = ${LOCK_TIMEOUT_MS}`)
  enableWal(database)
  database.exec('PRAGMA synchronous = FULL')
  database.exec('PRAGMA foreign_keys = ON')
  return database
}

/** SQLite would create a file that everybody can read; the files it puts beside it get the same permissions. */
function createPrivateFile(path: string): void {
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600))
}

/**
 * SQLite does not wait for the lock that this change of the file needs, whatever `busy_timeout` says: of two
 * processes that start together on a new file, one would fail with SQLITE_BUSY.
 */
function enableWal(database: Database.Database): void {
  const deadline = performance.now() + LOCK_TIMEOUT_MS
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error
      pause(RETRY_DELAY_MS)
    }
  }
}

function isBusy(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null)?.code === 'SQLITE_BUSY'
}

/** Blocks, as every call of this driver does; it runs at boot, before any request is served. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
