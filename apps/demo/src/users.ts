import { createKyselyUserStore, createUsersTable, type UserStore } from '@drawbridge/credentials'
import { type Dialect, Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import pg from 'pg'
import { type Config, ConfigError } from './config.ts'
import { dropLateConnections } from './drop-late-connections.ts'
import { openSqlite } from './sqlite.ts'

export interface Users {
  readonly users: UserStore
  readonly close: () => Promise<void>
}

export type UsersConfig = Pick<Config, 'dataDir' | 'database'>

/**
 * Opens the database of users and creates its tables. Errors of idle connections go to `onError`.
 */
export async function openUsers(
  { database }: UsersConfig,
  onError: (error: unknown) => void
): Promise<Users> {
  try {
    const db = new Kysely<unknown>({ dialect: createDialect(database, onError) })
    await createUsersTable(db)
    return { users: createKyselyUserStore({ db }), close: () => db.destroy() }
  } catch (error) {
    throw new ConfigError([`DATABASE_URL names a database that cannot be used: ${describeReason(error)}`])
  }
}

function createDialect(database: Config['database'], onError: (error: unknown) => void): Dialect {
  if (database.kind === 'sqlite') return new SqliteDialect({ database: openSqlite(database.path) })
  const pool = new pg.Pool({
    connectionString: database.url,
    application_name: 'drawbridge-demo',
    connectionTimeoutMillis: 5000,
    // Below the time for which credentials waits for the user store.
    query_timeout: 2500
  })
  // A pool without a listener ends the process when the server closes an idle connection.
  pool.on('error', onError)
  return new PostgresDialect({ pool: dropLateConnections(pool) })
}

/** Node's error for a refused connection may have no message, only a code. */
function describeReason(error: unknown): string {
  const { message, code } = error as { readonly message?: string; readonly code?: string }
  return message || code || String(error)
}
