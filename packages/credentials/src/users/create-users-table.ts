import type { Kysely } from 'kysely'
import type { KyselyInstance } from './kysely-user-store.ts'

/**
 * Makes the table of users where it is missing; call it at every start. Where it is there it needs no right to create
 * one, and no database that can be written to.
 *
 * One statement makes everything, so that there is no half of it. Of two processes that start together, Postgres
 * tells one that the table has just come up under its hands: that one finds it there when it looks again.
 */
export async function createUsersTable(db: KyselyInstance): Promise<void> {
  const kysely = db as unknown as Kysely<unknown>
  if (await tableExists(kysely)) return
  try {
    await createTable(kysely)
  } catch {
    await createTable(kysely)
  }
}

/**
 * Postgres refuses `CREATE TABLE IF NOT EXISTS` to a role that may not create tables, and on a standby, before it looks
 * whether there is anything to create. This takes no lock, so that a migration that has locked the table keeps no
 * process from starting. SQLite has no such function, and needs none.
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
