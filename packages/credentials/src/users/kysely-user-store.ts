import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import * as v from 'valibot'
import { objectWithMethods, parseOptions } from '@drawbridge/options'
import type { NewUser, StoredUser } from './user.ts'
import type { UserStore } from './user-store.ts'

/** One row per user. `disabled` is 0 or 1, since SQLite has no booleans. */
interface UserRow {
  readonly id: string
  readonly username: string
  readonly username_key: string
  readonly password_hash: string
  readonly disabled: number
}

interface UsersDatabase {
  readonly drawbridge_users: UserRow
}

/**
 * A Kysely instance, described by the methods used (duck typing), so that a service that stores its users elsewhere
 * needs neither Kysely nor its types.
 */
export interface KyselyInstance {
  readonly schema: object
  selectFrom(...input: never[]): unknown
  insertInto(...input: never[]): unknown
  updateTable(...input: never[]): unknown
}

const schema = v.strictObject({
  db: objectWithMethods<KyselyInstance>('an instance of Kysely', 'selectFrom', 'insertInto', 'updateTable')
})

/**
 * Users in SQLite or Postgres, through a Kysely instance, in the table that `createUsersTable` creates. The caller
 * closes the connection.
 *
 * @throws OptionError when `db` is no Kysely instance.
 * @example
 * ```ts
 * const db = new Kysely({ dialect: new SqliteDialect({ database: new Database('users.db') }) })
 * await createUsersTable(db)
 * const credentials = createCredentials({ users: createKyselyUserStore({ db }) })
 * ```
 */
export function createKyselyUserStore(options: { readonly db: KyselyInstance }): UserStore {
  const { db } = parseOptions('kyselyUserStore', schema, options)
  // The instance may have the type of any database; this one is part of it.
  return new KyselyUserStore(db as unknown as Kysely<UsersDatabase>)
}

class KyselyUserStore implements UserStore {
  readonly #db: Kysely<UsersDatabase>

  constructor(db: Kysely<UsersDatabase>) {
    this.#db = db
  }

  findByUsernameKey(usernameKey: string): Promise<StoredUser | null> {
    return this.#find('username_key', usernameKey)
  }

  findById(id: string): Promise<StoredUser | null> {
    return this.#find('id', id)
  }

  async insert(user: NewUser): Promise<StoredUser | null> {
    const stored: StoredUser = { ...user, id: randomUUID() }
    const inserted = await this.#db
      .insertInto('drawbridge_users')
      .values(toRow(stored))
      .onConflict((conflict) => conflict.column('username_key').doNothing())
      .returning('id')
      .executeTakeFirst()
    return inserted === undefined ? null : Object.freeze(stored)
  }

  async replacePasswordHash(id: string, expectedHash: string, newHash: string): Promise<boolean> {
    if (!isStorable(id)) return false
    const { numUpdatedRows } = await this.#db
      .updateTable('drawbridge_users')
      .set({ password_hash: newHash })
      .where('id', '=', id)
      .where('password_hash', '=', expectedHash)
      .executeTakeFirstOrThrow()
    return numUpdatedRows > 0n
  }

  async ping(): Promise<void> {
    await this.#db.selectFrom('drawbridge_users').select('id').limit(1).execute()
  }

  async #find(column: 'id' | 'username_key', value: string): Promise<StoredUser | null> {
    if (!isStorable(value)) return null
    const row = await this.#db
      .selectFrom('drawbridge_users')
      .selectAll()
      .where(column, '=', value)
      .executeTakeFirst()
    return row === undefined ? null : fromRow(row)
  }
}

/** Postgres has no NUL in a text, and fails a query that contains one. */
function isStorable(text: string): boolean {
  return !text.includes('\0')
}

function toRow({ id, username, usernameKey, passwordHash, disabled }: StoredUser): UserRow {
  return {
    id,
    username,
    username_key: usernameKey,
    password_hash: passwordHash,
    disabled: disabled ? 1 : 0
  }
}

function fromRow(row: UserRow): StoredUser {
  return Object.freeze({
    id: row.id,
    username: row.username,
    usernameKey: row.username_key,
    passwordHash: row.password_hash,
    disabled: row.disabled !== 0
  })
}
