/** What the three programs have in common: users who sign in with a password. */
import {
  createCredentials,
  type SecondFactorProvider,
  type UserStore,
} from "@drawbridge/credentials";
import { createLogins, type LoginStore } from "@drawbridge/logins";
import { principalOf, sessionAuth } from "@drawbridge/session-auth";
import Fastify from "fastify";
import type { Database } from "libsql";

export interface Settings {
  users: UserStore;
  store: LoginStore;
  /** Where a program has its own tables. */
  database: Database;
  secret: string;
  now: () => number;
}

export async function createService(
  { users, store, secret, now }: Settings,
  secondFactor?: SecondFactorProvider,
) {
  const own = secondFactor && { secondFactor };
  const credentials = createCredentials({ users, now, ...own });
  const logins = createLogins({ store, now });
  const app = Fastify({ trustProxy: "loopback" });
  await app.register(sessionAuth, { credentials, logins, secret });
  const { sessionAuth: auth } = app;
  const signedIn = { onRequest: auth.guard };
  const fresh = { onRequest: auth.guard({ maxAgeSeconds: 300 }) };
  app.get("/me", signedIn, async (request) => principalOf(request));
  return { app, auth, credentials, signedIn, fresh };
}
