import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'

/**
 * The timeout first: where two processes open a new file at the same time, the change to WAL has to wait too.
 */
export const PRAGMAS = 'PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL'

/** Opens a database file with {@link PRAGMAS}. */
export function openDatabase(path: string): Database.Database {
  const database = new Database(path)
  database.exec(PRAGMAS)
  return database
}

/** The path of a database that does not exist yet, in a folder of its own. */
export function createTemporaryDatabase(): { path: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-logins-'))
  return { path: join(folder, 'logins.db'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}
