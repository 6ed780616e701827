import type { NewUser, StoredUser, UserStore } from '@drawbridge/credentials'
import type { Pool } from 'pg'

/** The columns of the service's own that a registration fills. */
export interface Profile {
  readonly full_name: string
  readonly tenant: string
}

const COLUMNS =
  'member_no::text AS id, mail AS username, mail_key AS "usernameKey", pw_hash AS "passwordHash", locked AS disabled'
/** One spelling per number, and none that a bigint cannot have. */
const MEMBER_NO = /^[1-9]\d{0,17}$/

export function createMemberStore(pool: Pool): UserStore<Profile> {
  const first = async (sql: string, values: readonly unknown[]): Promise<StoredUser | null> =>
    (await pool.query<StoredUser>(sql, [...values])).rows[0] ?? null
  return {
    // Postgres has no NUL in a text, and rejects a query with one.
    findByUsernameKey: async (key) =>
      key.includes('\0') ? null : first(`SELECT ${COLUMNS} FROM members WHERE mail_key = $1`, [key]),
    findById: async (id) =>
      MEMBER_NO.test(id) ? first(`SELECT ${COLUMNS} FROM members WHERE member_no = $1`, [id]) : null,
    insert: ({ username, usernameKey, passwordHash, disabled, profile }: NewUser<Profile>) =>
      first(
        `INSERT INTO members (mail, mail_key, pw_hash, locked, full_name, tenant) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
        [username, usernameKey, passwordHash, disabled, profile.full_name, profile.tenant]
      ),
    replacePasswordHash: async (id, expectedHash, newHash) => {
      if (!MEMBER_NO.test(id)) return false
      const sql = 'UPDATE members SET pw_hash = $1 WHERE member_no = $2 AND pw_hash = $3'
      return (await pool.query(sql, [newHash, id, expectedHash])).rowCount === 1
    },
    setDisabled: async (id, disabled) => {
      if (!MEMBER_NO.test(id)) return false
      const sql = 'UPDATE members SET locked = $1 WHERE member_no = $2'
      return (await pool.query(sql, [disabled, id])).rowCount === 1
    },
    remove: async (id) => {
      if (!MEMBER_NO.test(id)) return false
      return (await pool.query('DELETE FROM members WHERE member_no = $1', [id])).rowCount === 1
    },
    rename: async (id, { username, usernameKey }) => {
      if (!MEMBER_NO.test(id)) return 'unknown'
      const sql = 'UPDATE members SET mail = $1, mail_key = $2 WHERE member_no = $3'
      try {
        return (await pool.query(sql, [username, usernameKey, id])).rowCount === 1 ? 'renamed' : 'unknown'
      } catch (error) {
        // unique_violation
        if (error instanceof Error && 'code' in error && error.code === '23505') return 'taken'
        throw error
      }
    },
    ping: async () => void (await pool.query('SELECT 1 FROM members LIMIT 1'))
  }
}
