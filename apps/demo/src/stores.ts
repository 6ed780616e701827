import { createSqlUserStore, migrateUsers, type UserStore } from '@drawbridge/credentials'
import type { LoginStore } from '@drawbridge/logins'
import { createSqliteLoginStore } from '@drawbridge/logins/sqlite'
import { type Dialect, Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import Database from 'libsql'
import { join } from 'node:path'
import pg from 'pg'
import { type Config, ConfigError } from './config.ts'

export interface Users {
  readonly users: UserStore
  readonly close: () => Promise<void>
}

export interface Stores extends Users {
  readonly logins: LoginStore
}

export type StoresConfig = Pick<Config, 'dataDir' | 'database'>

/**
 * Opens the databases and brings their tables up to date. `onError` is told of connections that break while
 * nobody uses them.
 */
export async function openStores(config: StoresConfig, onError: (error: unknown) => void): Promise<Stores> {
  const { users, close } = await openUsers(config, onError)
  // A file of its own: a transaction on users must never stand in the way of a log-out.
  const database = openSqlite(join(config.dataDir, 'logins.db'))
  return {
    users,
    logins: createSqliteLoginStore({ database }),
    close: async () => {
      database.close()
      await close()
    }
  }
}

/** Users alone, for what needs no logins. */
export async function openUsers(
  { database }: StoresConfig,
  onError: (error: unknown) => void
): Promise<Users> {
  try {
    const db = new Kysely<unknown>({ dialect: dialectOf(database, onError) })
    await migrateUsers(db)
    return { users: createSqlUserStore({ db }), close: () => db.destroy() }
  } catch (error) {
    throw new ConfigError([`DATABASE_URL is of a database that cannot be used: ${reason(error)}`])
  }
}

function dialectOf(database: Config['database'], onError: (error: unknown) => void): Dialect {
  if (database.kind === 'sqlite') return new SqliteDialect({ database: openSqlite(database.path) })
  const pool = new pg.Pool({
    connectionString: database.url,
    application_name: 'drawbridge-demo',
    connectionTimeoutMillis: 5000,
    query_timeout: 10_000
  })
  // A pool without a listener ends the process when the server closes an idle connection.
  pool.on('error', onError)
  return new PostgresDialect({ pool })
}

/** FULL: what was answered is on the disk, so that an ended login does not come back with the power. */
function openSqlite(path: string): Database.Database {
  const database = new Database(path)
  database.exec('PRAGMA busy_timeout = 5000')
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL')
  database.exec('PRAGMA foreign_keys = ON')
  return database
}

/** Node's error for an address that nobody answers at has no message, only a code. */
function reason(error: unknown): string {
  const { message, code } = error as { readonly message?: string; readonly code?: string }
  return message || code || String(error)
}
