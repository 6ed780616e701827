import { readFile } from "node:fs/promises";
import { startPostgres } from "@drawbridge/test-support/servers/postgres";
import { startRedis } from "@drawbridge/test-support/servers/redis";
import { generateSigningKey } from "@drawbridge/token-auth";
import { Pool } from "pg";
import type { Test } from "tap";

/** The password of the members that were there before the shop. */
export const OLD_PASSWORD = "an old password of hers";
const OLD_HASH = "$2b$04$f/yIrSZQlcgxAUol6CrZN.qHIx9O1ggbGwmsCeZMsKvC87iCjTFi2";

const TABLE = `CREATE TABLE members (
  member_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  mail text UNIQUE NOT NULL,
  pw_hash text NOT NULL,
  full_name text NOT NULL,
  role text NOT NULL DEFAULT 'member',
  tenant text NOT NULL,
  locked boolean NOT NULL DEFAULT false
)`;
const INSERT = `INSERT INTO members (mail, pw_hash, full_name, role, tenant)
  VALUES ($1, $2, $3, $4, $5)`;
/** Their numbers are 1, 2, 3. */
const MEMBERS = [
  ["Ada@example.com", OLD_HASH, "Ada <Lovelace>", "admin", "north"],
  ["bob@example.com", OLD_HASH, "Bob", "member", "north"],
  ["eve@example.com", OLD_HASH, "Eve", "admin", "south"],
];

/**
 * A Postgres with the table as it was before, and then migrated, and a Redis:
 * the environment of a node. Null where no Postgres is installed.
 */
export async function startServices(t: Test) {
  const postgres = await startPostgres();
  if (postgres === null) return null;
  const redis = await startRedis();
  const pool = new Pool({ connectionString: postgres.url });
  t.teardown(async () => {
    await pool.end();
    await Promise.all([postgres.stop(), redis.stop()]);
  });
  await pool.query(TABLE);
  for (const member of MEMBERS) await pool.query(INSERT, member);
  const migration = new URL("../migrations/mail-key.sql", import.meta.url);
  await pool.query(await readFile(migration, "utf8"));
  const env = {
    DATABASE_URL: postgres.url,
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    SHOP_SECRET: "a root secret for tests, 0123456789",
    SHOP_KEYS: JSON.stringify([generateSigningKey()]),
    SHOP_ORIGIN: "https://partner.example",
    PORT: "0",
  };
  return { env, pool };
}
