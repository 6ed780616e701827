import * as v from 'valibot'

/** A table of users: one that the service has, or ours. */
export interface UsersTable<Profile> {
  /** Its name; with its schema, `accounts.members`. */
  readonly table: string
  /** Its columns. */
  readonly columns: UsersColumns
  /**
   * The type of its ids. The table assigns them (identity, serial, a default), except those of `text`, which are made here.
   * `integer` has 32 bits, `bigint` 64, as the integers of SQLite.
   */
  readonly idType: 'integer' | 'bigint' | 'uuid' | 'text'
  /** The columns that `register` fills, by the members of its `profile`. No other member is stored. Default: none. */
  readonly profile?: { readonly [Member in keyof Profile & string]: string }
}

/** The columns of a {@link UsersTable}. */
export interface UsersColumns {
  readonly id: string
  /** As the user writes it. */
  readonly username: string
  /** Its canonical form, see `canonicalizeUsername`, with a unique index. */
  readonly usernameKey: string
  /** A text. */
  readonly passwordHash: string
  /** A boolean, or a number where 0 is false. */
  readonly disabled: string
}

/** The table that `createUsersTable` creates. */
export const OWN_TABLE: UsersTable<never> = {
  table: 'drawbridge_users',
  columns: {
    id: 'id',
    username: 'username',
    usernameKey: 'username_key',
    passwordHash: 'password_hash',
    disabled: 'disabled'
  },
  idType: 'text'
}

/** Not what Kysely reads as an alias or a reference. */
const name = v.pipe(
  v.string('must be a string'),
  v.regex(/^[A-Za-z_]\w{0,62}$/, 'must be the name of a column, of letters, digits and underscores')
)

/** Entries of a schema for a {@link UsersTable}. */
export const tableOptionEntries = {
  table: v.pipe(
    v.string('must be a string'),
    v.regex(
      /^(?:[A-Za-z_]\w{0,62}\.)?[A-Za-z_]\w{0,62}$/,
      'must be the name of a table, of letters, digits and underscores'
    )
  ),
  columns: v.strictObject({
    id: name,
    username: name,
    usernameKey: name,
    passwordHash: name,
    disabled: name
  }),
  idType: v.picklist(['integer', 'bigint', 'uuid', 'text'], 'must be "integer", "bigint", "uuid" or "text"'),
  profile: v.exactOptional(v.record(v.string(), name))
}
