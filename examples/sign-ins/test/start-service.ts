import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import {
  createCredentials,
  createMemoryUserStore,
} from "@drawbridge/credentials";
import { createMemoryLoginStore } from "@drawbridge/logins";
import { TestClock } from "@drawbridge/test-support/clock";
import { spy } from "@drawbridge/test-support/spies/spy";
import type { FastifyInstance } from "fastify";
import Database from "libsql";
import type { Test } from "tap";
import { createBrowser } from "./browser.ts";

/** What all nodes of a service share, and a clock that only the test moves. */
export function createSettings() {
  const clock = new TestClock();
  const { now } = clock;
  const users = createMemoryUserStore();
  const logins = spy(createMemoryLoginStore({ now }));
  const { store } = logins;
  const database = new Database(":memory:");
  const secret = "a root secret for tests, 0123456789";
  return { users, store, logins, database, secret, now, clock };
}

export type TestSettings = ReturnType<typeof createSettings>;

/** Starts a node. @returns its address, and how to open a browser without a login. */
export async function startNode(t: Test, app: FastifyInstance, port = 0) {
  t.teardown(() => app.close());
  await app.listen({ port, host: "127.0.0.1" });
  const address = app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${address.port}`;
  return { url, open: () => createBrowser(url) };
}

/** Starts a node that has to know its own origin before it listens. */
export async function startNodeAt(
  t: Test,
  create: (origin: string) => Promise<FastifyInstance>,
) {
  for (;;) {
    const port = await findFreePort();
    const origin = `http://localhost:${port}`;
    try {
      return { origin, ...(await startNode(t, await create(origin), port)) };
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
}

async function findFreePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Registers a user. @returns what the user signs in with, and the id. */
export async function addUser({ users }: TestSettings, username: string) {
  const signIn = { username, password: "a bicycle made of rain" };
  const outcome = await createCredentials({ users }).register(signIn);
  if (!outcome.ok) throw new Error(outcome.reason);
  return { signIn, id: outcome.user.id };
}
