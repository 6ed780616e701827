import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import type { RevocationFeed } from '../revocation/feed.ts'
import { loginEndsAt, type Login } from '../login/login.ts'
import { clock, objectWithMethods, OptionError, parseOptions, wholeNumber } from '@drawbridge/options'
import { decodeLogin, encodeLogin } from './login-codec.ts'
import type { FeedClocks, LoginStore } from './login-store.ts'
import { SqliteFeed } from './sqlite-feed.ts'
import { type LoginTable, TableLoginStore } from './table-login-store.ts'

/**
 * What the store uses of an open database. A database of libsql, better-sqlite3 or node:sqlite has all of it.
 */
export interface SqliteDatabase {
  exec(sql: string): unknown
  prepare(sql: string): SqliteStatement
}

/**
 * What the store uses of a prepared statement. Not `get`: the row that libsql's returns has an additional
 * member.
 */
export interface SqliteStatement {
  run(...values: Array<string | number>): unknown
  all(...values: Array<string | number>): unknown[]
}

/** Options of {@link createSqliteLoginStore}. */
export interface SqliteLoginStoreOptions {
  /**
   * An open database. The application closes it. It must be set to `PRAGMA synchronous = FULL`, or a power
   * cut could bring a revoked login back; `journal_mode = WAL` is recommended. Once its tables exist the
   * store sets `busy_timeout` to 0, because SQLite itself waits for a lock by blocking the whole process.
   *
   * No other code may leave a transaction open on this handle across an `await`, as the `transaction(async
   * …)` of a query builder does: the store could not start its own. Best is a file for the logins alone.
   */
  readonly database: SqliteDatabase
  /**
   * How long a method waits for a lock of another process before it rejects, ms, 0 to 60 000. Default 5000.
   */
  readonly lockTimeoutMs?: number
  /** ms since the epoch. Default `Date.now`. */
  readonly now?: () => number
}

const schema = v.strictObject({
  database: objectWithMethods<SqliteDatabase>('an open SQLite database', 'exec', 'prepare'),
  lockTimeoutMs: v.optional(wholeNumber(0, 60_000), 5000),
  now: v.optional(clock())
})

/**
 * Creates a store of logins in a SQLite file, for services on one machine: logins survive a restart. Several
 * processes may have the file open; each rejects what another one has revoked within a second. Creates its
 * tables where they are missing.
 *
 * @throws OptionError for an invalid option, and for a database with less than `synchronous = FULL`.
 * @example
 * ```ts
 * const database = new Database('logins.db')
 * database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
 * const logins = createLogins({ store: createSqliteLoginStore({ database }) })
 * ```
 */
export function createSqliteLoginStore(options: SqliteLoginStoreOptions): LoginStore {
  const { database, lockTimeoutMs, now } = parseOptions('sqliteLoginStore', schema, options)
  requireFullSync(database)
  const table = new SqliteTable(database, lockTimeoutMs)
  database.exec('PRAGMA busy_timeout = 0')
  return isFile(database)
    ? new SqliteLoginStore(table, now ?? Date.now, database)
    : new TableLoginStore(table, now ?? Date.now)
}

/** A database in memory has no other users. */
function isFile(database: SqliteDatabase): boolean {
  const databases = database.prepare('PRAGMA database_list').all() as Array<{
    name: string
    file: string | null
  }>
  return databases.some(({ name, file }) => name === 'main' && Boolean(file))
}

class SqliteLoginStore extends TableLoginStore {
  override readonly isShared = true
  readonly #database: SqliteDatabase

  constructor(table: SqliteTable, now: () => number, database: SqliteDatabase) {
    super(table, now)
    this.#database = database
  }

  openFeed(clocks: FeedClocks): RevocationFeed {
    const statement = this.#database.prepare('PRAGMA data_version')
    return new SqliteFeed({
      ...clocks,
      database: this.#database,
      readVersion: () => (statement.all()[0] as { data_version: number }).data_version
    })
  }
}

/** PRAGMA synchronous: 0 off, 1 normal, 2 full, 3 extra. */
const SYNCHRONOUS_FULL = 2

function requireFullSync(database: SqliteDatabase): void {
  const row = database.prepare('PRAGMA synchronous').all()[0] as { synchronous: number }
  if (row.synchronous >= SYNCHRONOUS_FULL) return
  throw new OptionError(
    `sqliteLoginStore.database must be set to PRAGMA synchronous = FULL, got ${row.synchronous}: a power cut could bring a revoked login back`
  )
}

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

/** As large as any login, so that it needs as much space as a sign-in; the next statement deletes it. */
const PROBE_SQL = `
INSERT INTO drawbridge_logins (id, user_id, created_at, ends_at, record) VALUES ('', '', 0, 0, hex(zeroblob(8192)))
`

class SqliteTable implements LoginTable {
  readonly #database: SqliteDatabase
  readonly #lockTimeoutMs: number
  readonly #purge: SqliteStatement
  readonly #insert: SqliteStatement
  readonly #find: SqliteStatement
  readonly #replace: SqliteStatement
  readonly #delete: SqliteStatement
  readonly #listIds: SqliteStatement
  readonly #ping: SqliteStatement
  readonly #probe: SqliteStatement
  #hasFailed = false

  constructor(database: SqliteDatabase, lockTimeoutMs: number) {
    this.#database = database
    this.#lockTimeoutMs = lockTimeoutMs
    this.#transaction(() => database.exec(CREATE_TABLES_SQL))
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
    this.#ping = database.prepare('SELECT 1 FROM drawbridge_logins LIMIT 1')
    this.#probe = database.prepare(PROBE_SQL)
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

  /** After a failed write it writes too: a full disk still serves reads. */
  ping(): void {
    this.#ping.all()
    if (!this.#hasFailed) return
    this.#transaction(() => {
      this.#probe.run()
      this.#delete.run('')
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
