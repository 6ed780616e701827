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
