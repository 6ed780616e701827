import Database from 'libsql'
import { closeSync, openSync } from 'node:fs'

/** How long a lock of another process is waited for. */
const LOCK_TIMEOUT_MS = 5000
const RETRY_DELAY_MS = 10

/** FULL: what was answered is on the disk, so that an ended login does not come back with the power. */
export function openSqlite(path: string): Database.Database {
  createPrivateFile(path)
  const database = new Database(path)
  database.exec(`PRAGMA busy_timeout = ${LOCK_TIMEOUT_MS}`)
  enableWal(database)
  database.exec('PRAGMA synchronous = FULL')
  database.exec('PRAGMA foreign_keys = ON')
  return database
}

/** SQLite would make a file for everybody to read; what it puts beside the file gets the permissions of the file. */
function createPrivateFile(path: string): void {
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600))
}

/**
 * SQLite does not wait for the lock that this change of the file needs, whatever `busy_timeout` says: of two
 * processes that start together on a fresh file, one would be told that it is locked.
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

/** As every call of this driver does, it blocks; it runs at boot, before anybody is served. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
