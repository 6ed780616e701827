import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Kysely, SqliteDialect } from 'kysely'
import Database from 'libsql'

export interface Sqlite {
  readonly file: string
  readonly db: Kysely<unknown>
  close(): Promise<void>
}

/** A database in a file that is removed when it is closed, with the pragmas of the demo. */
export function openSqlite(): Sqlite {
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-sqlite-'))
  const file = path.join(folder, 'users.db')
  const db = connectSqlite(file)
  return {
    file,
    db,
    close: async () => {
      await db.destroy()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

export function connectSqlite(file: string): Kysely<unknown> {
  const database = new Database(file)
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'busy_timeout = 5000'])
    database.pragma(pragma)
  return new Kysely<unknown>({ dialect: new SqliteDialect({ database }) })
}
