import type { Kysely } from 'kysely'
import type { KyselyInstance } from './kysely-user-store.ts'

/**
 * Creates the table `drawbridge_users` if it does not exist; call it at every start. If the table exists, neither the
 * right to create one nor a writable database is needed.
 *
 * @param db a Kysely instance for SQLite or Postgres.
 * @throws the error of the driver, such as that of a missing right.
 * @example
 * ```ts
 * await createUsersTable(db)
 * const users = createKyselyUserStore({ db })
 * ```
 */
export async function createUsersTable(db: KyselyInstance): Promise<void> {
  const kysely = db as unknown as Kysely<unknown>
  if (await tableExists(kysely)) return
  try {
    await createTable(kysely)
  } catch {
    // Of two processes that create it at the same moment, Postgres rejects one, which finds the table the second time.
    await createTable(kysely)
  }
}

/**
 * Postgres rejects `CREATE TABLE IF NOT EXISTS` from a role that may not create tables, and on a standby, even if the
 * table exists. This query takes no lock, so a process can start while a migration has locked the table. SQLite has no
 * such function, and needs none.
 */
async function tableExists(db: Kysely<unknown>): Promise<boolean> {
  try {
    const query = db.selectNoFrom((eb) =>
      eb.fn<unknown>('to_regclass', [eb.val('drawbridge_users')]).as('table')
    )
    return ((await query.executeTakeFirst())?.table ?? null) !== null
  } catch {
    return false
  }
}

/** One statement, so that no part of the table can be missing. */
async function createTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('drawbridge_users')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('username', 'text', (column) => column.notNull())
    .addColumn('username_key', 'text', (column) => column.notNull().unique())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('disabled', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
}
