import { createKyselyUserStore } from '@drawbridge/credentials'
import type { ClaimsInput } from '@drawbridge/logins'
import { unauthorized } from '@drawbridge/session-auth'
import { Kysely, PostgresDialect } from 'kysely'
import type { Pool } from 'pg'

const SCOPES = { member: ['read'], admin: ['read', 'manage'] }
type Member = { name: string; role: keyof typeof SCOPES; tenant: string }

declare module '@drawbridge/logins' {
  interface Principal extends Partial<Member> {}
}

/** Members are found by the canonical form of their address; the guide of users tables fills it for those beyond ASCII. */
export const ADD_KEY = `
  ALTER TABLE members ADD COLUMN mail_key text;
  UPDATE members SET mail_key = lower(mail COLLATE "C") WHERE mail ~ '^[!-~]+$';
  CREATE UNIQUE INDEX members_mail_canonical ON members (mail_key)`

/** The table of members: users, and what a principal says of them. */
export function createMembers(pool: Pool) {
  const users = createKyselyUserStore<{ name: string; tenant: string }>({
    db: new Kysely({ dialect: new PostgresDialect({ pool }) }),
    table: 'members',
    idType: 'bigint',
    columns: {
      id: 'member_no',
      username: 'mail',
      usernameKey: 'mail_key',
      passwordHash: 'pw_hash',
      disabled: 'locked'
    },
    profile: { name: 'full_name', tenant: 'tenant' }
  })
  const getClaims = async ({ userId }: ClaimsInput) => {
    const sql = 'SELECT full_name AS name, role, tenant FROM members WHERE member_no = $1 AND NOT locked'
    const [member] = (await pool.query<Member>(sql, [userId])).rows
    if (member === undefined) throw unauthorized('locked or deleted')
    return { ...member, scopes: SCOPES[member.role] }
  }
  return { users, getClaims }
}
