import Database from 'libsql'

/** FULL: what was answered is on the disk, so that an ended login does not come back with the power. */
export function openSqlite(path: string): Database.Database {
  const database = new Database(path)
  database.exec('PRAGMA busy_timeout = 5000')
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL')
  database.exec('PRAGMA foreign_keys = ON')
  return database
}
