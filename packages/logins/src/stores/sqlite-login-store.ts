import { clock, objectWithMethods, OptionError, parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import type { RevocationFeed } from '../revocation/feed.ts'
import type { FeedClocks, LoginStore } from './login-store.ts'
import { SqliteFeed } from './sqlite-feed.ts'
import { SqliteAdoptionTable } from './sqlite-adoption-table.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { SqliteTable } from './sqlite-table.ts'
import { TableLoginStore } from './table-login-store.ts'

export type { SqliteDatabase, SqliteStatement } from './sqlite-database.ts'

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
  const adoptions = new SqliteAdoptionTable(database)
  return isFile(database)
    ? new SqliteLoginStore(table, adoptions, now ?? Date.now, database)
    : new TableLoginStore(table, adoptions, now ?? Date.now)
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
  readonly #touchFile: () => Promise<void>

  constructor(
    table: SqliteTable,
    adoptions: SqliteAdoptionTable,
    now: () => number,
    database: SqliteDatabase
  ) {
    super(table, adoptions, now)
    this.#database = database
    this.#touchFile = () => table.touchFile()
  }

  openFeed(clocks: FeedClocks): RevocationFeed {
    const statement = this.#database.prepare('PRAGMA data_version')
    return new SqliteFeed({
      ...clocks,
      database: this.#database,
      touchFile: this.#touchFile,
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
