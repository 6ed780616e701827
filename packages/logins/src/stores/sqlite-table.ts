import { setTimeout as sleep } from 'node:timers/promises'
import { loginEndsAt, type Login } from '../login/login.ts'
import { decodeLogin, encodeLogin } from './login-codec.ts'
import type { LoginTable } from './login-table.ts'
import { CREATE_ADOPTION_TABLES_SQL } from './sqlite-adoption-table.ts'
import type { SqliteDatabase, SqliteStatement } from './sqlite-database.ts'

const SCHEMA_VERSION = 1

/** The order of `rowid` decides which of two logins made in the same millisecond is newer. */
const CREATE_TABLES_SQL = `
CREATE TABLE IF NOT EXISTS drawbridge_logins (
  id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  record TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS drawbridge_logins_user ON drawbridge_logins (user_id, created_at);
CREATE INDEX IF NOT EXISTS drawbridge_logins_end ON drawbridge_logins (ends_at);
CREATE TABLE IF NOT EXISTS drawbridge_names (
  user_id TEXT PRIMARY KEY NOT NULL,
  username TEXT NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS drawbridge_names_end ON drawbridge_names (expires_at);
CREATE TABLE IF NOT EXISTS drawbridge_logins_schema (version INTEGER NOT NULL);
INSERT INTO drawbridge_logins_schema
  SELECT ${SCHEMA_VERSION} WHERE NOT EXISTS (SELECT 1 FROM drawbridge_logins_schema);
`

/**
 * Each insert deletes more expired rows than it adds, so that they cannot accumulate and no timer is needed.
 */
const PURGE_SQL = `
DELETE FROM drawbridge_logins WHERE rowid IN
  (SELECT rowid FROM drawbridge_logins WHERE ends_at <= ? ORDER BY ends_at LIMIT 4)
`

const PURGE_NAMES_SQL = `
DELETE FROM drawbridge_names WHERE rowid IN
  (SELECT rowid FROM drawbridge_names WHERE expires_at <= ? ORDER BY expires_at LIMIT 4)
`

/** As large as any login, so that it needs as much space as a sign-in; the next statement deletes it. */
const PROBE_SQL = `
INSERT INTO drawbridge_logins (id, user_id, created_at, ends_at, record) VALUES ('', '', 0, 0, hex(zeroblob(8192)))
`

/** The rows of logins in a SQLite database. */
export class SqliteTable implements LoginTable {
  readonly #database: SqliteDatabase
  readonly #lockTimeoutMs: number
  readonly #purge: SqliteStatement
  readonly #insert: SqliteStatement
  readonly #find: SqliteStatement
  readonly #replace: SqliteStatement
  readonly #delete: SqliteStatement
  readonly #listIds: SqliteStatement
  readonly #findName: SqliteStatement
  readonly #putName: SqliteStatement
  readonly #purgeNames: SqliteStatement
  readonly #ping: SqliteStatement
  readonly #probe: SqliteStatement
  readonly #moveVersion: SqliteStatement
  #hasFailed = false

  constructor(database: SqliteDatabase, lockTimeoutMs: number) {
    this.#database = database
    this.#lockTimeoutMs = lockTimeoutMs
    this.#transaction(() => database.exec(CREATE_TABLES_SQL + CREATE_ADOPTION_TABLES_SQL))
    this.#checkSchemaVersion()
    this.#purge = database.prepare(PURGE_SQL)
    this.#insert = database.prepare(
      'INSERT INTO drawbridge_logins (id, user_id, created_at, ends_at, record) VALUES (?, ?, ?, ?, ?)'
    )
    this.#find = database.prepare('SELECT record FROM drawbridge_logins WHERE id = ? AND ends_at > ?')
    this.#replace = database.prepare('UPDATE drawbridge_logins SET ends_at = ?, record = ? WHERE id = ?')
    this.#delete = database.prepare('DELETE FROM drawbridge_logins WHERE id = ?')
    this.#listIds = database.prepare(
      'SELECT id FROM drawbridge_logins WHERE user_id = ? AND ends_at > ? ORDER BY created_at DESC, rowid DESC'
    )
    this.#findName = database.prepare(
      'SELECT username FROM drawbridge_names WHERE user_id = ? AND expires_at > ?'
    )
    this.#putName = database.prepare(
      'INSERT OR REPLACE INTO drawbridge_names (user_id, username, expires_at) VALUES (?, ?, ?)'
    )
    this.#purgeNames = database.prepare(PURGE_NAMES_SQL)
    this.#ping = database.prepare('SELECT 1 FROM drawbridge_logins LIMIT 1')
    this.#probe = database.prepare(PROBE_SQL)
    this.#moveVersion = database.prepare('UPDATE drawbridge_logins_schema SET version = version + ?')
  }

  atomically<T>(work: () => T): T | Promise<T> {
    return this.read(() => this.#transaction(work))
  }

  /** Waits for the lock of another process in small steps, between which this process does its other work. */
  read<T>(work: () => T): T | Promise<T> {
    try {
      return work()
    } catch (error) {
      return this.#retryWhileBusy(work, error)
    }
  }

  async #retryWhileBusy<T>(work: () => T, firstError: unknown): Promise<T> {
    const deadline = performance.now() + this.#lockTimeoutMs
    for (let error = firstError; ;) {
      if (!isBusy(error) || performance.now() >= deadline) throw error
      await sleep(RETRY_DELAY_MS)
      try {
        return work()
      } catch (next) {
        error = next
      }
    }
  }

  insert(login: Login, now: number): void {
    this.#purge.run(now)
    this.#insert.run(login.id, login.userId, login.createdAt, loginEndsAt(login), encodeLogin(login))
  }

  find(loginId: string, now: number): Login | null {
    const row = this.#find.all(loginId, now)[0] as { record: string } | undefined
    return row === undefined ? null : decodeLogin(row.record)
  }

  replace(login: Login): void {
    this.#replace.run(loginEndsAt(login), encodeLogin(login), login.id)
  }

  delete(loginIds: readonly string[]): void {
    for (const loginId of loginIds) this.#delete.run(loginId)
  }

  listIds(userId: string, now: number): string[] {
    return this.#listIds.all(userId, now).map((row) => (row as { id: string }).id)
  }

  /** JSON text: some drivers end a text at its first NUL. */
  findName(userId: string, now: number): string | null {
    const row = this.#findName.all(userId, now)[0] as { username: string } | undefined
    return row === undefined ? null : (JSON.parse(row.username) as string)
  }

  putName(userId: string, username: string, until: number, now: number): void {
    this.#purgeNames.run(now)
    this.#putName.run(userId, JSON.stringify(username), until)
  }

  /** After a failed write it writes too: a full disk still serves reads. */
  ping(): void {
    this.#ping.all()
    if (!this.#hasFailed) return
    this.#transaction(() => {
      this.#probe.run()
      this.#delete.run('')
    })
  }

  /**
   * Commits without changing anything, so that other connections notice. Forth and back: SQLite does not write a row that
   * stays as it is.
   */
  async touchFile(): Promise<void> {
    await this.atomically(() => {
      this.#moveVersion.run(1)
      this.#moveVersion.run(-1)
    })
  }

  /** IMMEDIATE takes the write lock before the first read, so that no other process writes in between. */
  #transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#database.exec('COMMIT')
      this.#hasFailed = false
      return result
    } catch (error) {
      // The lock of another process is no failure of the disk.
      this.#hasFailed ||= !isBusy(error)
      this.#rollBack()
      throw error
    }
  }

  #checkSchemaVersion(): void {
    const rows = this.#database.prepare('SELECT version FROM drawbridge_logins_schema').all()
    const { version } = rows[0] as { version: number }
    if (version === SCHEMA_VERSION) return
    throw new Error(
      `the tables of logins are of version ${version}, which this release of @drawbridge/logins does not know`
    )
  }

  /** After some errors SQLite has rolled back already; the caller gets the first error. */
  #rollBack(): void {
    try {
      this.#database.exec('ROLLBACK')
    } catch {}
  }
}

const RETRY_DELAY_MS = 5
const SQLITE_BUSY = 5

/** The codes of libsql and better-sqlite3, or of node:sqlite, extended codes included. */
function isBusy(error: unknown): boolean {
  const { code, errcode } = (error ?? {}) as { readonly code?: unknown; readonly errcode?: unknown }
  return String(code).startsWith('SQLITE_BUSY') || (Number(errcode) & 0xff) === SQLITE_BUSY
}
