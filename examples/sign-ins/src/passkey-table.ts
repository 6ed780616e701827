/** Two tables of the passkeys: the public keys, and the challenges that nobody has signed yet. */
import type { Database } from "libsql";

const TABLES = `CREATE TABLE IF NOT EXISTS passkeys (id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL, key BLOB NOT NULL, counter INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS challenges (challenge TEXT PRIMARY KEY,
    purpose TEXT NOT NULL, expires_at INTEGER NOT NULL)`;
const LIST = "SELECT id FROM passkeys WHERE user_id = ?";
const FIND = "SELECT * FROM passkeys WHERE id = ?";
const ADD = "INSERT INTO passkeys VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
const COUNT = "UPDATE passkeys SET counter = max(counter, ?) WHERE id = ?";
const REMOVE = "DELETE FROM passkeys WHERE id = ? AND user_id = ?";
const ASK = "INSERT INTO challenges VALUES (?, ?, ?)";
const FORGET = "DELETE FROM challenges WHERE expires_at <= ?";
const USE = `DELETE FROM challenges
  WHERE challenge = ? AND purpose = ? AND expires_at > ?`;
const CHALLENGE_MS = 300_000;

type Row = { user_id: string; key: Buffer<ArrayBuffer>; counter: number };

export function createPasskeyTable(db: Database, now: () => number) {
  db.exec(TABLES);
  const changes = (sql: string, ...values: unknown[]) =>
    db.prepare(sql).run(...values).changes;
  return {
    list: (userId: string) => db.prepare(LIST).all(userId) as { id: string }[],
    find: (id: string) => db.prepare(FIND).get(id) as Row | undefined,
    /** False for a passkey that is known already. */
    add: (id: string, userId: string, key: Uint8Array, counter: number) =>
      changes(ADD, id, userId, Buffer.from(key), counter) === 1,
    /** False for a passkey that was removed meanwhile. */
    count: (id: string, counter: number) => changes(COUNT, counter, id) === 1,
    remove: (id: string, userId: string) => changes(REMOVE, id, userId) === 1,
    ask(challenge: string, purpose: string) {
      changes(FORGET, now());
      changes(ASK, challenge, purpose, now() + CHALLENGE_MS);
    },
    /** True once, for a challenge that was asked for this purpose. */
    use: (challenge: string, purpose: string) =>
      changes(USE, challenge, purpose, now()) === 1,
  };
}
