import type { NewUser, StoredUser, UserStore } from '@drawbridge/credentials'
import type { Database } from 'libsql'

interface Account {
  readonly id: number
  readonly email: string
  readonly email_key: string
  readonly pw: string
  readonly active: number
}

/** One spelling per id: SQLite would take `01` and `1.0` for the number 1. */
const ID = /^[1-9]\d{0,17}$/

/** Users in an existing table, which only gets the new column email_key. */
export function createAccountStore(db: Database): UserStore {
  const find = async (sql: string, value: string): Promise<StoredUser | null> => {
    const row = db.prepare(sql).get(value) as Account | undefined
    return row === undefined ? null : toUser(row)
  }
  return {
    findByUsernameKey: (key) => find('SELECT * FROM accounts WHERE email_key = ?', key),
    findById: async (id) => (ID.test(id) ? find('SELECT * FROM accounts WHERE id = ?', id) : null),
    insert: async ({ username, usernameKey, passwordHash, disabled }: NewUser) => {
      const { changes } = db
        .prepare(
          'INSERT INTO accounts (email, email_key, pw, active) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
        )
        .run(username, usernameKey, passwordHash, disabled ? 0 : 1)
      return changes === 0 ? null : find('SELECT * FROM accounts WHERE email_key = ?', usernameKey)
    },
    replacePasswordHash: async (id, expectedHash, newHash) => {
      if (!ID.test(id)) return false
      const update = db.prepare('UPDATE accounts SET pw = ? WHERE id = ? AND pw = ?')
      return update.run(newHash, id, expectedHash).changes > 0
    },
    ping: async () => void db.prepare('SELECT 1').get()
  }
}

function toUser({ id, email, email_key, pw, active }: Account): StoredUser {
  return { id: String(id), username: email, usernameKey: email_key, passwordHash: pw, disabled: active === 0 }
}
