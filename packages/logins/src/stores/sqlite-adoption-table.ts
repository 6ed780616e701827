import type { Adoption, Claim, Lead } from './adoption.ts'
import type { AdoptedLogin, AdoptionPage, LeadCounts } from './adoption-store.ts'
import type { CountRow } from './adoption-counts.ts'
import type { Phase, StoredPhase } from './phase.ts'
import type { SqliteDatabase, SqliteStatement } from './sqlite-database.ts'
import type { AdoptionRow, AdoptionTable, Bar } from './table-adoption-store.ts'

/**
 * Where there is no login, it is the empty text; where there is no time, 0. `old_key` is JSON text: some drivers end a text at its
 * first NUL.
 */
export const CREATE_ADOPTION_TABLES_SQL = `
CREATE TABLE IF NOT EXISTS drawbridge_claims (
  digest TEXT PRIMARY KEY NOT NULL,
  login_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS drawbridge_claims_end ON drawbridge_claims (expires_at);
CREATE TABLE IF NOT EXISTS drawbridge_adoptions (
  login_id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL,
  migration TEXT NOT NULL,
  old_key TEXT NOT NULL,
  led_by TEXT NOT NULL,
  led_since INTEGER NOT NULL,
  returned_at INTEGER NOT NULL,
  adopted_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS drawbridge_adoptions_user ON drawbridge_adoptions (user_id);
CREATE INDEX IF NOT EXISTS drawbridge_adoptions_migration ON drawbridge_adoptions (migration, login_id);
CREATE INDEX IF NOT EXISTS drawbridge_adoptions_end ON drawbridge_adoptions (expires_at);
CREATE TABLE IF NOT EXISTS drawbridge_bars (
  user_id TEXT PRIMARY KEY NOT NULL,
  issued_up_to INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS drawbridge_bars_end ON drawbridge_bars (expires_at);
CREATE TABLE IF NOT EXISTS drawbridge_phases (
  migration TEXT PRIMARY KEY NOT NULL,
  phase TEXT NOT NULL,
  version INTEGER NOT NULL,
  since INTEGER NOT NULL,
  moved_by TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS drawbridge_migration_counts (
  migration TEXT NOT NULL,
  phase TEXT NOT NULL,
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (migration, phase, name)
);
`

/** Each write deletes more expired rows than it adds, as with logins. */
const purgeSql = (table: string) => `
DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE expires_at <= ? ORDER BY expires_at LIMIT 4)
`

const ADOPTION_COLUMNS = 'login_id, migration, old_key, led_by, led_since, returned_at, adopted_at'

const ACTIVE_SQL = `
FROM drawbridge_adoptions AS a JOIN drawbridge_logins AS l ON l.id = a.login_id AND l.ends_at > ?
WHERE a.migration = ? AND a.expires_at > ?
`

const COUNT_SQL = `
SELECT
  COALESCE(SUM(a.led_by = 'old'), 0) AS old,
  COALESCE(SUM(a.led_by = 'new'), 0) AS new,
  COALESCE(SUM(a.led_by = 'old' AND a.returned_at <> 0 AND a.returned_at > ?), 0) AS returned
${ACTIVE_SQL}
`

const MOST_SQL = `
SELECT COUNT(*) AS count, MIN(a.login_id) AS login_id ${ACTIVE_SQL} GROUP BY a.user_id ORDER BY count DESC LIMIT 1
`

const countSql = (change: string) => `
INSERT INTO drawbridge_migration_counts (migration, phase, name, value) VALUES (?, ?, ?, ?)
ON CONFLICT (migration, phase, name) DO UPDATE SET value = ${change}
`

const PAGE_SIZE = 500

const SQL = {
  purgeClaims: purgeSql('drawbridge_claims'),
  findClaim: 'SELECT login_id FROM drawbridge_claims WHERE digest = ? AND expires_at > ?',
  putClaim: 'INSERT OR REPLACE INTO drawbridge_claims (digest, login_id, expires_at) VALUES (?, ?, ?)',
  purgeAdoptions: purgeSql('drawbridge_adoptions'),
  findAdoption: `SELECT ${ADOPTION_COLUMNS} FROM drawbridge_adoptions WHERE login_id = ? AND expires_at > ?`,
  putAdoption: `INSERT OR REPLACE INTO drawbridge_adoptions (${ADOPTION_COLUMNS}, user_id, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  deleteAdoption: 'DELETE FROM drawbridge_adoptions WHERE login_id = ?',
  listAdoptions: `SELECT ${ADOPTION_COLUMNS} FROM drawbridge_adoptions WHERE user_id = ? AND expires_at > ?`,
  purgeBars: purgeSql('drawbridge_bars'),
  findBar: 'SELECT issued_up_to, expires_at FROM drawbridge_bars WHERE user_id = ? AND expires_at > ?',
  putBar: 'INSERT OR REPLACE INTO drawbridge_bars (user_id, issued_up_to, expires_at) VALUES (?, ?, ?)',
  findPhase: 'SELECT phase, version, since, moved_by FROM drawbridge_phases WHERE migration = ?',
  putPhase:
    'INSERT OR REPLACE INTO drawbridge_phases (migration, phase, version, since, moved_by) VALUES (?, ?, ?, ?, ?)',
  listActive: `SELECT ${ADOPTION_COLUMNS} ${ACTIVE_SQL} AND a.login_id > ? ORDER BY a.login_id LIMIT ${PAGE_SIZE}`,
  count: COUNT_SQL,
  most: MOST_SQL,
  addCount: countSql('value + excluded.value'),
  raiseCount: countSql('MAX(value, excluded.value)'),
  listCounts: 'SELECT phase, name, value FROM drawbridge_migration_counts WHERE migration = ?'
} as const

interface AdoptionColumns {
  readonly login_id: string
  readonly migration: string
  readonly old_key: string
  readonly led_by: Lead
  readonly led_since: number
  readonly returned_at: number
  readonly adopted_at: number
}

/** The adoptions of a SQLite database, in the transactions of its logins. */
export class SqliteAdoptionTable implements AdoptionTable {
  readonly #statements: Readonly<Record<keyof typeof SQL, SqliteStatement>>

  /** @param database with the tables. */
  constructor(database: SqliteDatabase) {
    const prepared = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)] as const)
    this.#statements = Object.fromEntries(prepared) as Record<keyof typeof SQL, SqliteStatement>
  }

  findClaim(digest: string, now: number): Claim | null {
    const row = this.#first<{ login_id: string }>('findClaim', digest, now)
    return row && { loginId: row.login_id || null }
  }

  putClaim(digest: string, { loginId }: Claim, until: number, now: number): void {
    this.#statements.purgeClaims.run(now)
    this.#statements.putClaim.run(digest, loginId ?? '', until)
  }

  findAdoption(loginId: string, now: number): Adoption | null {
    const row = this.#first<AdoptionColumns>('findAdoption', loginId, now)
    return row && toAdopted(row).adoption
  }

  putAdoption({ loginId, userId, expiresAt, adoption }: AdoptionRow, now: number): void {
    const { migration, key, ledBy, ledSince, returnedAt, adoptedAt } = adoption
    this.#statements.purgeAdoptions.run(now)
    const lead = [ledBy, ledSince, returnedAt ?? 0, adoptedAt ?? 0]
    this.#statements.putAdoption.run(loginId, migration, JSON.stringify(key), ...lead, userId, expiresAt)
  }

  deleteAdoption(loginId: string): void {
    this.#statements.deleteAdoption.run(loginId)
  }

  listAdoptions(userId: string, now: number): readonly AdoptedLogin[] {
    return this.#all<AdoptionColumns>('listAdoptions', userId, now).map(toAdopted)
  }

  findBar(userId: string, now: number): Bar | null {
    const row = this.#first<{ issued_up_to: number; expires_at: number }>('findBar', userId, now)
    return row && { issuedUpTo: row.issued_up_to, until: row.expires_at }
  }

  putBar(userId: string, { issuedUpTo, until }: Bar, now: number): void {
    this.#statements.purgeBars.run(now)
    this.#statements.putBar.run(userId, issuedUpTo, until)
  }

  findPhase(migration: string): StoredPhase | null {
    const row = this.#first<{ phase: Phase; version: number; since: number; moved_by: string }>(
      'findPhase',
      migration
    )
    return row && { migration, phase: row.phase, version: row.version, since: row.since, by: row.moved_by }
  }

  putPhase({ migration, phase, version, since, by }: StoredPhase): void {
    this.#statements.putPhase.run(migration, phase, version, since, by)
  }

  listActive(migration: string, cursor: string | null, now: number): AdoptionPage {
    const rows = this.#all<AdoptionColumns>('listActive', now, migration, now, cursor ?? '')
    const last = rows.length === PAGE_SIZE ? rows.at(-1) : undefined
    return { adopted: rows.map(toAdopted), cursor: last?.login_id ?? null }
  }

  countByLead(migration: string, after: number, now: number): LeadCounts {
    const row = this.#first<LeadCounts>('count', after, now, migration, now) as LeadCounts
    const most = this.#first<{ count: number; login_id: string }>('most', now, migration, now)
    return {
      old: row.old,
      new: row.new,
      returned: row.returned,
      mostOfOneUser: most && { count: most.count, loginId: most.login_id }
    }
  }

  addCount(migration: string, { phase, name, value }: CountRow): void {
    this.#statements.addCount.run(migration, phase, name, value)
  }

  raiseCount(migration: string, { phase, name, value }: CountRow): void {
    this.#statements.raiseCount.run(migration, phase, name, value)
  }

  listCounts(migration: string): readonly CountRow[] {
    return this.#all<CountRow>('listCounts', migration).map(({ phase, name, value }) => ({
      phase,
      name,
      value
    }))
  }

  #first<Row>(statement: keyof typeof SQL, ...values: Array<string | number>): Row | null {
    return this.#all<Row>(statement, ...values)[0] ?? null
  }

  #all<Row>(statement: keyof typeof SQL, ...values: Array<string | number>): Row[] {
    return this.#statements[statement].all(...values) as Row[]
  }
}

function toAdopted(row: AdoptionColumns): AdoptedLogin {
  const adoption: Adoption = {
    migration: row.migration,
    key: JSON.parse(row.old_key) as string,
    ledBy: row.led_by,
    ledSince: row.led_since,
    returnedAt: row.returned_at || null,
    adoptedAt: row.adopted_at || null
  }
  return { loginId: row.login_id, adoption }
}
