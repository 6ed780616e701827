import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import * as v from 'valibot'
import { objectWithMethods, parseOptions } from '@drawbridge/options'
import { OWN_TABLE, tableOptionEntries, type UsersTable } from './users-table.ts'
import type { NewUser, StoredUser } from './user.ts'
import type { RenameResult, UserStore } from './user-store.ts'

/**
 * A Kysely instance, described by the methods used (duck typing), so that a service that stores its users elsewhere
 * needs neither Kysely nor its types.
 */
export interface KyselyInstance {
  readonly schema: object
  selectFrom(...input: never[]): unknown
  insertInto(...input: never[]): unknown
  updateTable(...input: never[]): unknown
  deleteFrom(...input: never[]): unknown
}

/** Options of {@link createKyselyUserStore}. */
export interface KyselyUserStoreOptions {
  readonly db: KyselyInstance
}

/** Options of {@link createKyselyUserStore} for a table that the service has. */
export interface KyselyOwnTableOptions<Profile> extends KyselyUserStoreOptions, UsersTable<Profile> {}

const schema = v.strictObject({
  db: objectWithMethods<KyselyInstance>(
    'an instance of Kysely',
    'selectFrom',
    'insertInto',
    'updateTable',
    'deleteFrom'
  )
})

const ownTableSchema = v.strictObject({ ...schema.entries, ...tableOptionEntries })

/**
 * Users in SQLite or Postgres, through a Kysely instance. The caller closes the connection. Without `table` it is the one that
 * `createUsersTable` creates; otherwise one of the service, with unique indexes on its id and on its `usernameKey`.
 *
 * @throws OptionError when an option is wrong.
 * @example
 * ```ts
 * const db = new Kysely({ dialect: new SqliteDialect({ database: new Database('users.db') }) })
 * await createUsersTable(db)
 * const credentials = createCredentials({ users: createKyselyUserStore({ db }) })
 * ```
 */
export function createKyselyUserStore<Profile>(options: KyselyOwnTableOptions<Profile>): UserStore<Profile>
export function createKyselyUserStore(options: KyselyUserStoreOptions): UserStore
export function createKyselyUserStore(
  options: KyselyUserStoreOptions | KyselyOwnTableOptions<Record<string, unknown>>
): UserStore<Record<string, unknown>> | UserStore {
  if (!isOfOwnTable(options)) {
    const { db } = parseOptions('kyselyUserStore', schema, options)
    return new KyselyUserStore(db, OWN_TABLE)
  }
  const { db, ...table } = parseOptions('kyselyUserStore', ownTableSchema, options)
  return new KyselyUserStore(db, table)
}

/** Of any value, for callers that are not checked by TypeScript. */
function isOfOwnTable<Options extends object>(options: KyselyUserStoreOptions | Options): options is Options {
  return typeof options === 'object' && options !== null && 'table' in options
}

type Value = string | number | boolean | null
type Database = Readonly<Record<string, Readonly<Record<string, Value>>>>

/** A row under the names of {@link StoredUser}. */
interface Row {
  readonly id: string | number
  readonly username: string
  readonly usernameKey: string | null
  readonly passwordHash: string
  readonly disabled: Value
}

class KyselyUserStore implements UserStore<Record<string, unknown> | undefined> {
  readonly #db: Kysely<Database>
  readonly #table: UsersTable<Record<string, unknown>>

  constructor(db: KyselyInstance, table: UsersTable<Record<string, unknown>>) {
    // The instance may have the type of any database; this one is part of it.
    this.#db = db as unknown as Kysely<Database>
    this.#table = table
  }

  findByUsernameKey(usernameKey: string): Promise<StoredUser | null> {
    return this.#find(this.#table.columns.usernameKey, usernameKey, isStorable(usernameKey))
  }

  findById(id: string): Promise<StoredUser | null> {
    return this.#find(this.#table.columns.id, id, this.#isId(id))
  }

  async insert(user: NewUser<Record<string, unknown> | undefined>): Promise<StoredUser | null> {
    const { table, columns, idType } = this.#table
    const inserted = await this.#db
      .insertInto(table)
      .values({
        ...this.#readProfile(user.profile ?? {}),
        ...(idType === 'text' && { [columns.id]: randomUUID() }),
        [columns.username]: user.username,
        [columns.usernameKey]: user.usernameKey,
        [columns.passwordHash]: user.passwordHash,
        // SQLite has no booleans, and Postgres reads these as what its column has.
        [columns.disabled]: user.disabled ? 1 : 0
      })
      // Whatever index is violated: a table may have one on the username too.
      .onConflict((conflict) => conflict.doNothing())
      .returning(this.#selection())
      .executeTakeFirst()
    return inserted === undefined ? null : fromRow(inserted as unknown as Row)
  }

  async replacePasswordHash(id: string, expectedHash: string, newHash: string): Promise<boolean> {
    if (!this.#isId(id)) return false
    const { passwordHash } = this.#table.columns
    const { numUpdatedRows } = await this.#update(id, { passwordHash: newHash })
      .where(passwordHash, expectedHash === null ? 'is' : '=', expectedHash)
      .executeTakeFirstOrThrow()
    return numUpdatedRows > 0n
  }

  async setDisabled(id: string, disabled: boolean): Promise<boolean> {
    if (!this.#isId(id)) return false
    const { numUpdatedRows } = await this.#update(id, { disabled }).executeTakeFirstOrThrow()
    return numUpdatedRows > 0n
  }

  async remove(id: string): Promise<boolean> {
    if (!this.#isId(id)) return false
    const { table, columns } = this.#table
    const { numDeletedRows } = await this.#db
      .deleteFrom(table)
      .where(columns.id, '=', id)
      .executeTakeFirstOrThrow()
    return numDeletedRows > 0n
  }

  async rename(id: string, name: Pick<StoredUser, 'username' | 'usernameKey'>): Promise<RenameResult> {
    if (!this.#isId(id)) return 'unknown'
    try {
      const { numUpdatedRows } = await this.#update(id, name).executeTakeFirstOrThrow()
      return numUpdatedRows > 0n ? 'renamed' : 'unknown'
    } catch (error) {
      // Whether an index was violated is asked of the table: each driver has another error for it.
      if (await this.#isTaken(id, name)) return 'taken'
      throw error
    }
  }

  async ping(): Promise<void> {
    const { table, columns } = this.#table
    await this.#db.selectFrom(table).select(columns.id).limit(1).execute()
  }

  async #find(column: string, value: string, mayExist: boolean): Promise<StoredUser | null> {
    if (!mayExist) return null
    const row = await this.#db
      .selectFrom(this.#table.table)
      .select(this.#selection())
      .where(column, '=', value)
      .executeTakeFirst()
    return row === undefined ? null : fromRow(row as unknown as Row)
  }

  /** Of one user. */
  #update(id: string, { disabled, ...texts }: Partial<Omit<StoredUser, 'id'>>) {
    const { table, columns } = this.#table
    const values = Object.entries(texts).map(
      ([name, value]) => [columns[name as keyof typeof texts], value] as const
    )
    // SQLite has no booleans, and Postgres reads these as what its column has.
    const flag = disabled === undefined ? {} : { [columns.disabled]: disabled ? 1 : 0 }
    return this.#db
      .updateTable(table)
      .set({ ...Object.fromEntries(values), ...flag })
      .where(columns.id, '=', id)
  }

  /** Whichever index is violated: a table may have one on the username too. */
  async #isTaken(
    id: string,
    { username, usernameKey }: Pick<StoredUser, 'username' | 'usernameKey'>
  ): Promise<boolean> {
    const { table, columns } = this.#table
    const other = await this.#db
      .selectFrom(table)
      .select(columns.id)
      .where(columns.id, '!=', id)
      .where((eb) => eb.or([eb(columns.usernameKey, '=', usernameKey), eb(columns.username, '=', username)]))
      .executeTakeFirst()
    return other !== undefined
  }

  /** All columns under the names of {@link StoredUser}. */
  #selection(): `${string} as ${string}`[] {
    return Object.entries(this.#table.columns).map(([name, column]) => `${column} as ${name}` as const)
  }

  /** Only what the options name: a profile may come from a request, and have a role that nobody gave to its user. */
  #readProfile(profile: Record<string, unknown>): Record<string, Value> {
    const columns = Object.entries(this.#table.profile ?? {})
    return Object.fromEntries(columns.map(([name, column]) => [column, profile[name] as Value]))
  }

  /** Another text than an id of this type may fail a query on Postgres, or find a user by a second spelling of the id. */
  #isId(text: string): boolean {
    return ID_FORMATS[this.#table.idType](text)
  }
}

/** Postgres has no NUL in a text, and fails a query that contains one. */
function isStorable(text: string): boolean {
  return !text.includes('\0')
}

const [MAX_INTEGER, MAX_BIGINT] = [2n ** 31n - 1n, 2n ** 63n - 1n]

const isWholeNumber = (text: string, max: bigint) => /^(?:0|[1-9]\d{0,18})$/.test(text) && BigInt(text) <= max

const ID_FORMATS: Readonly<Record<UsersTable<unknown>['idType'], (text: string) => boolean>> = {
  text: isStorable,
  integer: (text) => isWholeNumber(text, MAX_INTEGER),
  bigint: (text) => isWholeNumber(text, MAX_BIGINT),
  uuid: (text) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(text)
}

function fromRow({ id, username, usernameKey, passwordHash, disabled }: Row): StoredUser {
  return Object.freeze({
    id: String(id),
    username,
    // Null in a row that was there before, and whose username cannot be one.
    usernameKey: usernameKey ?? username,
    passwordHash,
    disabled: Number(disabled) !== 0
  })
}
