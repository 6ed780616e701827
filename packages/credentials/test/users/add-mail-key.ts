import { canonicalizeUsername } from '@drawbridge/credentials'
import type { Pool } from 'pg'

/** Members whose addresses are one account: differing only in case, for example. */
export interface Duplicates {
  readonly mail_key: string
  readonly members: readonly string[]
}

/**
 * Adds the column by which members are found, and fills it. Resolves the duplicates; only without any is there a unique
 * index, and only then may the service start.
 */
export async function addMailKey(pool: Pool): Promise<readonly Duplicates[]> {
  await pool.query('ALTER TABLE members ADD COLUMN IF NOT EXISTS mail_key text')
  const { rows } = await pool.query<{ member_no: string; mail: string }>(
    'SELECT member_no, mail FROM members WHERE mail_key IS NULL'
  )
  for (const { member_no, mail } of rows) {
    const key = canonicalizeUsername(mail)?.key ?? null
    await pool.query('UPDATE members SET mail_key = $1 WHERE member_no = $2', [key, member_no])
  }
  const { rows: duplicates } = await pool.query<Duplicates>(
    `SELECT mail_key, array_agg(member_no::text ORDER BY member_no) AS members
     FROM members GROUP BY mail_key HAVING count(mail_key) > 1`
  )
  // Not members_mail_key, which UNIQUE of the column mail has taken; and no IF NOT EXISTS, which would accept any index.
  if (duplicates.length === 0)
    await pool.query('CREATE UNIQUE INDEX members_mail_canonical ON members (mail_key)')
  return duplicates
}
