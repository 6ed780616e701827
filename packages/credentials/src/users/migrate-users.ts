import type { Kysely } from 'kysely'
import type { KyselyInstance } from './sql-user-store.ts'

/**
 * Makes the table of users where it is missing; call it at every start.
 *
 * One statement makes everything, so that there is no half of it. Of two processes that start together, Postgres
 * tells one that the table has just come up under its hands: that one finds it there when it looks again.
 */
export async function migrateUsers(db: KyselyInstance): Promise<void> {
  const kysely = db as unknown as Kysely<unknown>
  try {
    await createTable(kysely)
  } catch {
    await createTable(kysely)
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
