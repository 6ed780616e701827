import { createKyselyUserStore } from "@drawbridge/credentials";
import type { ClaimsInput, Principal } from "@drawbridge/logins";
import { unauthorized } from "@drawbridge/session-auth";
import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";

const SCOPES = { member: ["orders"], admin: ["orders", "members"] };
type Member = { name: string; role: keyof typeof SCOPES; tenant: string };

declare module "@drawbridge/logins" {
  interface Principal extends Readonly<Member> {}
}

export const pool = new Pool({ connectionString: process.env.DATABASE_URL });

/** Members as users who sign in by their e-mail address. */
export const users = createKyselyUserStore<{ name: string; tenant: string }>({
  db: new Kysely({ dialect: new PostgresDialect({ pool }) }),
  table: "members",
  idType: "bigint",
  columns: {
    id: "member_no",
    username: "mail",
    usernameKey: "mail_key",
    passwordHash: "pw_hash",
    disabled: "locked",
  },
  profile: { name: "full_name", tenant: "tenant" },
});

/** What every principal says of its member, at a sign-in and ever after. */
export async function getClaims({ userId }: ClaimsInput) {
  const sql = `SELECT full_name AS name, role, tenant FROM members
    WHERE member_no = $1 AND NOT locked`;
  const [member] = (await pool.query<Member>(sql, [userId])).rows;
  if (member === undefined) throw unauthorized("locked or deleted");
  return { ...member, scopes: SCOPES[member.role] };
}

/** Members sign in by e-mail, and this is what the response has. */
export const byEmail = { usernameField: "email", getSignInResponse };

function getSignInResponse(principal: Principal) {
  const { userId: id, username: email, name, role, tenant } = principal;
  return { ok: true, user: { id, email, name, role, tenant } };
}

/** A change by an administrator, who is of the same tenant. */
export const CHANGE = `UPDATE members SET role = $1, locked = $2
  WHERE member_no = $3 AND tenant = $4`;
