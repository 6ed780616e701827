import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import {
  loaderArgs,
  ownScript,
} from "@drawbridge/test-support/processes/own-script";
import { startProcess } from "@drawbridge/test-support/processes/start-process";
import { until } from "@drawbridge/test-support/until";
import t, { type Test } from "tap";
import { WebSocket } from "ws";
import { createBrowser, send } from "./client.ts";
import { OLD_PASSWORD, startServices } from "./start-services.ts";

const NEW_PASSWORD = "a bicycle made of rain";
const server = ownScript(`${import.meta.dirname}/../src/server.ts`);
const ada = { email: "ada@EXAMPLE.com", password: OLD_PASSWORD };
const bob = { email: "bob@example.com", password: OLD_PASSWORD };
const eve = { email: "eve@example.com", password: OLD_PASSWORD };

type Env = Readonly<Record<string, string>>;

const startNode = (t: Test, env: Env) =>
  startProcess(t, {
    command: process.execPath,
    args: [...loaderArgs, server],
    env,
    ready: /Server listening at (http:\/\/127\.0\.0\.1:\d+)/,
  });

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** The first event of a WebSocket: a message, or how it was closed. */
async function ask(socket: WebSocket, text: string): Promise<unknown> {
  const message = once(socket, "message").then(([data]) => String(data));
  const closed = once(socket, "close").then(([code]) => code as number);
  socket.send(text);
  return Promise.race([message, closed]);
}

/** A WebSocket that was opened, or the status of the refusal. */
const open = async (url: string, headers: Env) => {
  const socket = new WebSocket(url.replace("http", "ws"), { headers });
  const opened = once(socket, "open").then(() => socket);
  const refused = once(socket, "unexpected-response").then(([, response]) => {
    const { statusCode = 0 } = (response as IncomingMessage).resume();
    return statusCode;
  });
  opened.catch(() => {});
  refused.catch(() => {});
  return Promise.race([opened, refused]);
};

t.test("the shop on two nodes", async (t) => {
  const services = await startServices(t);
  if (services === null)
    return t.pass("no Postgres", { skip: "apt-get install postgresql" });
  const { env, pool } = services;
  const [first, second] = await Promise.all([
    startNode(t, env),
    startNode(t, env),
  ]);
  const [a, b] = [first.url, second.url];
  /** Signs in by token at a node. @returns its tokens and the user. */
  const signIn = async (account: object, url = a) => {
    const answer = await send(`${url}/api/login`, { json: account });
    if (answer.status !== 200) throw new Error(answer.text);
    return answer.json;
  };
  const me = async (url: string, headers: Env) =>
    (await send(`${url}/me`, { headers })).status;

  await t.test("browsers log in by e-mail and get a cookie", async (t) => {
    const browser = createBrowser();
    const answer = await browser.send(`${a}/web/login`, { json: ada });
    const user = { id: "1", email: "Ada@example.com", name: "Ada <Lovelace>" };
    t.same(answer.json, {
      ok: true,
      user: { ...user, role: "admin", tenant: "north" },
    });
    const [line = ""] = answer.headers["set-cookie"] ?? [];
    t.match(line, /^__Host-drawbridge=.*; HttpOnly; Secure; SameSite=Lax/);
    t.notMatch(line, "Max-Age");
    for (const url of [a, b]) {
      const me = await browser.send(`${url}/me`);
      t.match(me.json, { carrier: "session", role: "admin", tenant: "north" });
    }
    const cross = await browser.send(`${a}/web/logout`, {
      method: "POST",
      headers: { "sec-fetch-site": "cross-site" },
    });
    t.equal(cross.status, 403);
    t.equal(
      (await browser.send(`${a}/web/logout`, { method: "POST" })).status,
      200,
    );
    t.equal((await browser.send(`${a}/me`)).status, 401);
  });

  await t.test("API clients log in and get tokens", async (t) => {
    const { ok, user, access_token, refresh_token } = await signIn(bob);
    t.match({ ok, user }, { ok: true, user: { id: "2", role: "member" } });
    for (const url of [a, b]) {
      const { json } = await send(`${url}/me`, {
        headers: bearer(access_token),
      });
      t.match(json, { carrier: "token", name: "Bob", scopes: ["orders"] });
    }
    const refreshed = await send(`${b}/api/refresh`, {
      json: { refresh_token },
    });
    t.equal(await me(a, bearer(refreshed.json.access_token)), 200);
    const headers = bearer(refreshed.json.access_token);
    t.equal(
      (await send(`${b}/api/logout`, { method: "POST", headers })).status,
      200,
    );
    t.equal(await me(b, headers), 401);
    await until(async () => (await me(a, headers)) === 401);
  });

  await t.test("old hashes are replaced at the first log-in", async (t) => {
    const { rows } = await pool.query("SELECT pw_hash FROM members ORDER BY 1");
    const kinds = rows.map(({ pw_hash }) => String(pw_hash).slice(0, 4));
    t.same(kinds, ["$2b$", "$arg", "$arg"]);
  });

  await t.test("errors have the format of the shop", async (t) => {
    const wrong = { ...bob, password: "a guess" };
    const known = await send(`${a}/api/login`, { json: wrong });
    const unknown = await send(`${a}/web/login`, {
      json: { ...wrong, email: "nobody@example.com" },
    });
    t.same([known.status, unknown.status], [401, 401]);
    t.same(known.json, {
      ok: false,
      code: "DRAWBRIDGE_INVALID_CREDENTIALS",
      message: "Invalid credentials",
    });
    t.same(unknown.json, known.json, "whether there is such a member or not");
    const stranger = await send(`${a}/me`);
    t.match(stranger.json, { ok: false, code: "DRAWBRIDGE_UNAUTHORIZED" });
    t.match(stranger.headers["www-authenticate"], /^Bearer/);
    t.same((await send(`${a}/nothing`)).json, { ok: false });
    const missing = await send(`${a}/register`, { json: {} });
    t.match(missing.json, { ok: false, code: "FST_ERR_VALIDATION" });
  });

  await t.test("registration has a name and a tenant", async (t) => {
    const headers = { "x-forwarded-for": "192.0.2.2" };
    const account = { email: "Kim@example.com", password: NEW_PASSWORD };
    const register = (body: object, url = a) =>
      send(`${url}/register`, { json: body, headers });
    const profile = { name: "Kim", tenant: "north" };
    t.equal((await register(account)).status, 400, "without them");
    const forged = { ...profile, role: "admin", locked: true, member_no: 9 };
    const body = { ...account, username: "mallory", role: "admin" };
    const answer = await register({ ...body, profile: forged });
    t.same([answer.status, answer.json], [201, { ok: true }]);
    const { user } = await signIn({ ...account, email: "kim@example.com" });
    const own = { email: "Kim@example.com", name: "Kim", tenant: "north" };
    t.match(user, { ...own, role: "member" });
    const taken = { ...account, email: "ＫＩＭ@example.com", profile };
    t.match((await register(taken, b)).json, {
      code: "DRAWBRIDGE_USERNAME_TAKEN",
    });
    const short = { email: "lee@example.com", password: "short", profile };
    t.match((await register(short)).json, {
      code: "DRAWBRIDGE_PASSWORD_POLICY",
    });
    for (let n = 0; n < 6; n++) await register(short, n % 2 ? a : b);
    const limited = await register(short, b);
    t.equal(limited.status, 429, "limited on all nodes together");
    t.match(limited.json, { ok: false });
    t.match(limited.headers["retry-after"], /^\d+$/);
  });

  await t.test("a change of password logs out other devices", async (t) => {
    const browser = createBrowser();
    const kim = { email: "kim@example.com", password: NEW_PASSWORD };
    await browser.send(`${a}/web/login`, { json: kim });
    const other = await signIn(kim, b);
    const next = "a kettle of quiet clocks";
    const change = (currentPassword: string) =>
      browser.send(`${a}/password`, {
        json: { currentPassword, newPassword: next },
      });
    t.match((await change("a guess")).json, {
      code: "DRAWBRIDGE_WRONG_PASSWORD",
    });
    t.equal(await me(b, bearer(other.access_token)), 200);
    t.same((await change(NEW_PASSWORD)).json, { ok: true });
    t.equal((await browser.send(`${b}/me`)).status, 200, "this one stays");
    t.equal(await me(a, bearer(other.access_token)), 401);
    await until(async () => (await me(b, bearer(other.access_token))) === 401);
    const { refresh_token } = other;
    const refreshed = await send(`${b}/api/refresh`, {
      json: { refresh_token },
    });
    t.equal(refreshed.status, 401);
    t.equal((await send(`${a}/api/login`, { json: kim })).status, 401);
    await signIn({ ...kim, password: next });
  });

  await t.test("members see their devices and end one", async (t) => {
    const [mine, lost, eves] = [
      await signIn(bob),
      await signIn(bob, b),
      await signIn(eve),
    ];
    const list = async (tokens: { access_token: string }) =>
      (await send(`${b}/devices`, { headers: bearer(tokens.access_token) }))
        .json;
    const device = async (tokens: { access_token: string }) =>
      (await send(`${a}/me`, { headers: bearer(tokens.access_token) })).json
        .loginId;
    const end = async (id: string, by: { access_token: string }) =>
      (
        await send(`${a}/devices/${id}`, {
          method: "DELETE",
          headers: bearer(by.access_token),
        })
      ).status;
    t.equal((await list(mine)).length, 2);
    t.notMatch(JSON.stringify(await list(mine)), /secret|hash/i);
    const id = await device(lost);
    t.equal(await end(id, eves), 404, "not by another member");
    t.equal(await me(a, bearer(lost.access_token)), 200);
    t.equal(await end(id, mine), 204);
    t.equal(await end(id, mine), 404);
    t.equal(await me(a, bearer(lost.access_token)), 401);
    await until(async () => (await me(b, bearer(lost.access_token))) === 401);
    t.equal((await list(mine)).length, 1);
  });

  await t.test("a role change holds at once, and scopes with it", async (t) => {
    const [admin, member] = [await signIn(ada), await signIn(bob, b)];
    const change = async (json: object, by = admin, id = "2") =>
      (
        await send(`${a}/members/${id}`, {
          method: "PATCH",
          json,
          headers: bearer(by.access_token),
        })
      ).status;
    const scopes = async (url: string) =>
      (await send(`${url}/me`, { headers: bearer(member.access_token) })).json
        .scopes;
    t.same(await scopes(b), ["orders"]);
    t.equal(await change({ role: "admin", locked: false }, member), 403);
    const eves = await signIn(eve);
    t.equal(
      await change({ role: "admin", locked: false }, eves),
      404,
      "of another tenant",
    );
    for (const id of ["0", "x", "02", "2;", "99999999999999999999"])
      t.equal(
        await change({ role: "admin", locked: false }, admin, id),
        400,
        id,
      );
    t.equal(await change({ role: "owner", locked: false }), 400);
    t.equal(await change({ role: "admin", locked: false }), 200);
    t.same(await scopes(a), ["orders", "members"]);
    await until(async () => (await scopes(b)).length === 2);
    t.equal(await change({ role: "member", locked: false }), 200);
    t.same(await scopes(a), ["orders"]);
    await until(async () => (await scopes(b)).length === 1);
    const limited = await send(`${a}/orders`, {
      headers: bearer(member.access_token),
    });
    t.same(limited.json, ["north"], "and nobody was logged out");
  });

  await t.test("an administrator logs out and locks a member", async (t) => {
    const admin = createBrowser();
    await admin.send(`${a}/web/login`, { json: ada });
    const [browser, tokens] = [createBrowser(), await signIn(bob, b)];
    await browser.send(`${b}/web/login`, { json: bob });
    const socket = await open(`${b}/live`, bearer(tokens.access_token));
    if (typeof socket === "number") return t.fail(`refused: ${socket}`);
    t.equal(await ask(socket, "hello"), "Bob: hello");
    const lock = (locked: boolean, headers = {}) =>
      admin.send(`${a}/members/2`, {
        method: "PATCH",
        json: { role: "member", locked },
        headers,
      });
    t.equal((await lock(true, { "sec-fetch-site": "cross-site" })).status, 403);
    t.equal((await lock(true)).status, 200);
    t.equal(await me(a, bearer(tokens.access_token)), 401);
    t.equal((await browser.send(`${a}/me`)).status, 401);
    await until(async () => (await me(b, bearer(tokens.access_token))) === 401);
    await until(async () => (await browser.send(`${b}/me`)).status === 401);
    t.equal(await ask(socket, "still here?"), 1008, "the WebSocket too");
    const { refresh_token } = tokens;
    t.equal(
      (await send(`${b}/api/refresh`, { json: { refresh_token } })).status,
      401,
    );
    for (const path of ["/web/login", "/api/login"]) {
      const answer = await send(b + path, { json: bob });
      t.match(answer.json, { code: "DRAWBRIDGE_INVALID_CREDENTIALS" });
    }
    t.equal((await lock(false)).status, 200);
    await signIn(bob);
    t.equal((await browser.send(`${a}/me`)).status, 401, "for good");
  });

  await t.test("remember me: the cookie survives the browser", async (t) => {
    const browser = createBrowser();
    const answer = await browser.send(`${a}/web/login`, {
      json: { ...bob, remember: true },
    });
    const [line] = answer.headers["set-cookie"] ?? [];
    t.match(
      line,
      /^__Host-drawbridge=.*; Max-Age=2592000; Path=\/; HttpOnly; Secure/,
    );
  });

  await t.test("pages: a guest, a user, and the way to log in", async (t) => {
    const browser = createBrowser();
    const navigate = { accept: "text/html", "sec-fetch-mode": "navigate" };
    const visit = (path: string) =>
      browser.send(a + path, { headers: navigate });
    const guest = await visit("/");
    t.equal(guest.text, "Hello, guest!");
    t.equal(guest.headers["cache-control"], "no-store");
    const sent = await visit("/account?tab=orders");
    t.equal(sent.status, 303);
    t.equal(sent.headers.location, "/login?next=%2Faccount%3Ftab%3Dorders");
    t.equal((await send(`${a}/account`)).status, 401, "but no script");
    const page = await visit(sent.headers.location ?? "");
    t.match(page.text, '<form method="post" action="/web/login">');
    const submit = (form: string) =>
      browser.send(`${a}/web/login?next=%2Faccount%3Ftab%3Dorders`, { form });
    const failed = await submit("email=bob%40example.com&password=wrong");
    t.match(
      failed.headers.location,
      /^\/login\?error=invalid-credentials&next=/,
    );
    const password = OLD_PASSWORD.replaceAll(" ", "+");
    const done = await submit(
      `email=bob%40example.com&password=${password}&remember=on`,
    );
    t.same([done.status, done.headers.location], [303, "/account?tab=orders"]);
    t.match(done.headers["set-cookie"]?.[0], "Max-Age=2592000");
    t.equal((await visit("/account?tab=orders")).text, "Bob");
    t.equal((await visit("/")).text, "Hello, Bob!");
    const admin = createBrowser();
    await admin.send(`${a}/web/login`, { json: ada });
    const greeting = await admin.send(`${b}/`);
    t.equal(greeting.text, "Hello, Ada <Lovelace>!");
    t.match(
      greeting.headers["content-type"],
      "text/plain",
      "so no name is HTML",
    );
  });

  await t.test(
    "a log-in renews the cookie, whatever was planted",
    async (t) => {
      const browser = createBrowser();
      await browser.send(`${a}/web/login`, { json: eve });
      const planted = browser.headers().cookie;
      await browser.send(`${a}/web/login`, { json: bob });
      t.not(browser.headers().cookie, planted);
      t.equal(await me(a, { cookie: planted }), 401);
    },
  );

  await t.test("a WebSocket is for our own pages and clients", async (t) => {
    const browser = createBrowser();
    await browser.send(`${a}/web/login`, { json: bob });
    const { "sec-fetch-site": _, ...headers } = browser.headers();
    const origin = a.replace("http:", "https:");
    const socket = await open(`${a}/live`, { ...headers, origin });
    if (typeof socket === "number") return t.fail(`refused: ${socket}`);
    t.equal(await ask(socket, "hi"), "Bob: hi");
    socket.close();
    const evil = { ...headers, origin: "https://evil.example" };
    t.equal(await open(`${a}/live`, evil), 403);
    t.equal(await open(`${a}/live`, {}), 401);
  });

  await t.test("CORS, rate limits and OpenAPI", async (t) => {
    const origin = "https://partner.example";
    const asked = await send(`${a}/orders`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "GET" },
    });
    t.equal(asked.status, 204);
    t.equal(asked.headers["access-control-allow-origin"], origin);
    t.equal(asked.headers["access-control-allow-credentials"], undefined);
    const { json: api } = await send(`${a}/openapi.json`);
    t.match(api.openapi, /^3\./);
    t.same(api.paths["/orders"].get.security, [{ session: [] }, { token: [] }]);
    t.ok(api.paths["/web/login"] && api.paths["/api/refresh"]);
    const { headers } = await send(`${a}/`);
    t.equal(headers["x-ratelimit-limit"], "600");
  });

  await t.test("guesses are counted on all nodes together", async (t) => {
    const headers = { "x-forwarded-for": "192.0.2.77" };
    const json = { ...bob, password: "a guess" };
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) {
      const url = n % 2 ? `${a}/api/login` : `${b}/web/login`;
      statuses.push((await send(url, { json, headers })).status);
    }
    t.same(statuses, [401, 401, 401, 401, 401, 429]);
  });

  await t.test("a node that is told to stops by itself", async (t) => {
    const tokens = await signIn(bob, b);
    const socket = await open(`${b}/live`, bearer(tokens.access_token));
    if (typeof socket === "number") return t.fail(`refused: ${socket}`);
    const closed = once(socket, "close");
    const startedAt = performance.now();
    const end = await second.stop("SIGTERM");
    t.comment(`it took ${Math.round(performance.now() - startedAt)} ms`);
    t.same(end, { code: 0, signal: null });
    await closed;
    for (const file of ["app", "members", "server"]) {
      const source = readFileSync(`examples/shop/src/${file}.ts`, "utf8");
      t.notMatch(
        source,
        "process.exit",
        "nothing is left open that would hold it",
      );
    }
    t.equal(
      await me(a, bearer(tokens.access_token)),
      200,
      "nobody is logged out",
    );
  });
});
