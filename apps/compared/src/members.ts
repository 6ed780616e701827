import type { NewUser, StoredUser, UserStore } from '@drawbridge/credentials'
import type { ClaimsInput } from '@drawbridge/logins'
import type { Pool } from 'pg'

/** The columns of the service's own that a registration fills. */
export interface Profile {
  readonly full_name: string
  readonly tenant: string
}

const COLUMNS =
  'member_no::text AS id, mail AS username, mail_key AS "usernameKey", pw_hash AS "passwordHash", locked AS disabled'
const MEMBER_NO = /^[1-9]\d{0,17}$/

const SCOPES = { member: ['read'], admin: ['read', 'manage'] }
type Member = { name: string; role: keyof typeof SCOPES; tenant: string }

declare module '@drawbridge/logins' {
  interface Principal {
    readonly name?: string | undefined
    readonly role?: string | undefined
    readonly tenant?: string | undefined
  }
}

/** The table of members: users, and what a principal says of them. */
export function createMembers(pool: Pool) {
  const getClaims = async ({ userId }: ClaimsInput) => {
    const sql = 'SELECT full_name AS name, role, tenant FROM members WHERE member_no = $1'
    const [member] = (await pool.query<Member>(sql, [userId])).rows
    return { ...member, scopes: SCOPES[member?.role ?? 'member'] }
  }
  return { users: createMemberStore(pool), getClaims }
}

function createMemberStore(pool: Pool): UserStore<Profile> {
  const first = async (sql: string, values: readonly unknown[]): Promise<StoredUser | null> =>
    (await pool.query<StoredUser>(sql, [...values])).rows[0] ?? null
  return {
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
    ping: async () => void (await pool.query('SELECT 1 FROM members LIMIT 1'))
  }
}
