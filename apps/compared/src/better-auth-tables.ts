import { getMigrations } from 'better-auth/db/migration'
import { createAuth } from './on-better-auth.ts'
import type { Services } from './services.ts'

/** What has to change in the table of members before better-auth can add its own columns and tables. */
const BEFORE = `
  ALTER TABLE members ADD COLUMN id bigint GENERATED ALWAYS AS (member_no) STORED UNIQUE;
  ALTER TABLE members ALTER COLUMN pw_hash DROP NOT NULL;
  ALTER TABLE members ADD COLUMN "emailVerified" boolean NOT NULL DEFAULT true`

/** Hashes have a table of their own there. */
const AFTER = `
  INSERT INTO account ("accountId", "providerId", "userId", password, "createdAt", "updatedAt")
  SELECT member_no::text, 'credential', member_no, pw_hash, now(), now() FROM members`

/** Prepares the table of members for better-auth. */
export async function adaptMembers(services: Services): Promise<void> {
  await services.pool.query(BEFORE)
  const { runMigrations } = await getMigrations(createAuth(services, false).options)
  await runMigrations()
  await services.pool.query(AFTER)
}
