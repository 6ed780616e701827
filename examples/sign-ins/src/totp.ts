/** Codes of an authenticator app (RFC 6238), and recovery codes for its loss. */
import { createHash, hkdfSync, randomBytes } from "node:crypto";
import { principalOf } from "@drawbridge/session-auth";
import { Secret, TOTP } from "otpauth";
import { createService, type Settings } from "./service.ts";

const TABLES = `CREATE TABLE IF NOT EXISTS authenticators (
    user_id TEXT PRIMARY KEY, salt TEXT NOT NULL,
    last_step INTEGER NOT NULL DEFAULT 0, confirmed INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS recovery_codes (
    user_id TEXT, hash TEXT, PRIMARY KEY (user_id, hash))`;
const FIND = "SELECT salt, confirmed FROM authenticators WHERE user_id = ?";
// One that is in use is never replaced: its user removes it first.
const ENROL = `INSERT INTO authenticators (user_id, salt) VALUES (?, ?)
  ON CONFLICT DO UPDATE SET salt = excluded.salt WHERE confirmed = 0`;
// Only forward, in one statement: of two requests with one code, one succeeds.
const USE = `UPDATE authenticators SET last_step = ?, confirmed = 1
  WHERE user_id = ? AND salt = ? AND last_step < ?`;
const ADD_CODE = "INSERT INTO recovery_codes (user_id, hash) VALUES (?, ?)";
const USE_CODE = "DELETE FROM recovery_codes WHERE user_id = ? AND hash = ?";
const REMOVE = ["authenticators", "recovery_codes"].map(
  (table) => `DELETE FROM ${table} WHERE user_id = ?`,
);

type Authenticator = { salt: string; confirmed: number };

/** @param seedKey 32 random bytes: without them the database gives nobody a code. */
export async function createApp(seedKey: Buffer, settings: Settings) {
  const { database: db, now } = settings;
  db.exec(TABLES);
  const find = (userId: string) =>
    db.prepare(FIND).get(userId) as Authenticator | undefined;

  const createTotp = (salt: string, label = "") => {
    const buffer = hkdfSync("sha256", seedKey, salt, "totp", 20);
    const secret = new Secret({ buffer });
    return new TOTP({ issuer: "Example", label, secret });
  };
  const use = (userId: string, token: string) => {
    const { salt } = find(userId) ?? {};
    if (salt === undefined) return false;
    const [totp, timestamp] = [createTotp(salt), now()];
    const delta = totp.validate({ token, timestamp, window: 1 });
    if (delta === null) return false;
    const step = totp.counter({ timestamp }) + delta;
    return db.prepare(USE).run(step, userId, salt, step).changes === 1;
  };

  // 120 bits each, so a plain hash is enough (ASVS 5.0 6.5.2).
  const hash = (code: string) =>
    createHash("sha256").update(code).digest("base64url");
  const useRecoveryCode = (userId: string, entered: string) => {
    const code = entered.replaceAll(/[\s-]/g, "").toUpperCase();
    return db.prepare(USE_CODE).run(userId, hash(code)).changes === 1;
  };
  const createRecoveryCodes = (userId: string) => {
    const codes = Array.from({ length: 10 }, () => new Secret({ size: 15 }));
    for (const { base32 } of codes)
      db.prepare(ADD_CODE).run(userId, hash(base32));
    return codes.map(({ base32 }) =>
      base32.replaceAll(/(?<=.)(?=(.{4})+$)/g, "-"),
    );
  };

  const service = await createService(settings, {
    isRequired: ({ id }) => find(id)?.confirmed === 1,
    verify: ({ user: { id }, response }) =>
      /^\d{6}$/.test(response)
        ? use(id, response)
        : useRecoveryCode(id, response),
  });
  const { app, auth, signedIn, fresh } = service;

  app.post("/authenticator", fresh, async (request, reply) => {
    const { userId, username } = principalOf(request);
    const salt = randomBytes(16).toString("base64url");
    if (db.prepare(ENROL).run(userId, salt).changes === 0)
      return reply.code(409).send({ message: "Remove the other one first" });
    return { uri: createTotp(salt, username).toString() };
  });

  const schema = { body: { type: "object" } };
  const confirm = { ...fresh, schema };
  app.post("/authenticator/confirm", confirm, async (request, reply) => {
    const { userId } = principalOf(request);
    const { code } = request.body as { code: unknown };
    if (find(userId)?.confirmed !== 0 || !use(userId, String(code)))
      return reply.code(400).send({ message: "The code is wrong" });
    await auth.revokeOthers(request, reply);
    return { recoveryCodes: createRecoveryCodes(userId) };
  });

  app.delete("/authenticator", fresh, async (request, reply) => {
    for (const sql of REMOVE) db.prepare(sql).run(principalOf(request).userId);
    await auth.revokeOthers(request, reply);
    return reply.code(204).send();
  });

  const again = { ...signedIn, schema };
  app.post("/reauthenticate", again, async (request, reply) => {
    const { username } = principalOf(request);
    const { password, response } = request.body as { [name: string]: string };
    const attempt = { username, password, allowSecondFactor: true } as const;
    const outcome = await auth.verifyPassword(request, attempt);
    if (outcome.status === "authenticated")
      return auth.reauthenticate(request, reply, outcome);
    const { pending } = await auth.pendingLogins.start(request, outcome);
    const body = { pending, response };
    const verified = await auth.pendingLogins.complete(request, body);
    return auth.reauthenticate(request, reply, verified);
  });
  return app;
}
