import { on } from "node:events";
import { readFile } from "node:fs/promises";
import { bridge, outcomeError, principalOf } from "@drawbridge/bridge";
import { createCredentials } from "@drawbridge/credentials";
import { createRedisLimiters } from "@drawbridge/credentials/redis";
import { createLogins } from "@drawbridge/logins";
import { createRedisStoreAndFeed } from "@drawbridge/logins/redis";
import { type HttpError, sessionAuth } from "@drawbridge/session-auth";
import { tokenAuth } from "@drawbridge/token-auth";
import cors from "@fastify/cors";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import websocket from "@fastify/websocket";
import Fastify from "fastify";
import { Redis } from "ioredis";
import * as members from "./members.ts";

const { REDIS_URL = "", SHOP_SECRET: secret = "", SHOP_KEYS } = process.env;
const redis = new Redis(REDIS_URL, { lazyConnect: true });
const throttle = { limiters: createRedisLimiters({ redis }) };
const credentials = createCredentials({ users: members.users, throttle });
const shared = createRedisStoreAndFeed({ redis });
const logins = createLogins({ ...shared, getClaims: members.getClaims });
const both = { ...members.byEmail, credentials, logins, secret };

const server = Fastify({ logger: true, trustProxy: "loopback" });
export const app = server.withTypeProvider<TypeBoxTypeProvider>();
app.addHook("onClose", () => Promise.all([members.pool.end(), redis.quit()]));
app.setErrorHandler<HttpError>((error, request, reply) => {
  const { statusCode = 500, code, headers = {} } = error;
  const message = statusCode === 500 ? "Internal error" : error.message;
  request.log[statusCode < 500 ? "info" : "error"](error);
  reply.code(statusCode).headers(headers).send({ ok: false, code, message });
});
app.setNotFoundHandler((_, reply) => reply.code(404).send({ ok: false }));

await app.register(cors, { origin: process.env.SHOP_ORIGIN ?? false });
await app.register(rateLimit, { max: 600, redis, skipOnError: true });
await app.register(swagger, { openapi: {} });
await app.register(websocket);
await app.register(sessionAuth, {
  ...both,
  prefix: "/web",
  remember: true,
  forms: { page: "/login", afterSignIn: "/account" },
});
const keys = JSON.parse(SHOP_KEYS ?? "[]");
await app.register(tokenAuth, { ...both, prefix: "/api", keys });
await app.register(bridge);

const { guard } = app.bridge;
const signedIn = { onRequest: guard };
const page = { onRequest: guard({ redirectTo: "/login" }) };
const orders = { onRequest: guard({ scopes: ["orders"] }) };
const admin = { onRequest: guard({ scopes: ["members"] }) };

const loginPage = await readFile(new URL("login.html", import.meta.url));
app.get("/login", async (_, reply) => reply.type("text/html").send(loginPage));
app.get("/openapi.json", async () => app.swagger());
app.get("/", async (request, reply) => {
  reply.header("cache-control", "no-store");
  const outcome = await app.bridge.authenticate(request);
  return `Hello, ${outcome.ok ? outcome.principal.name : "guest"}!`;
});
app.get("/account", page, async (request) => principalOf(request).name);
app.get("/me", signedIn, async (request) => principalOf(request));
app.get("/orders", orders, async (request) => [principalOf(request).tenant]);

const text = Type.String({ minLength: 1, maxLength: 200 });
const Profile = Type.Object({ name: text, tenant: text });
const SignUp = Type.Object({ email: text, password: text, profile: Profile });
const rare = { rateLimit: { max: 10, timeWindow: "1 hour" } };
const signUp = { schema: { body: SignUp }, config: rare };
app.post("/register", signUp, async (request, reply) => {
  const { email: username, ...rest } = request.body;
  const outcome = await credentials.register({ ...rest, username });
  if (!outcome.ok) throw outcomeError(outcome, "email");
  return reply.code(201).send({ ok: true });
});
app.post("/password", signedIn, async (request, reply) => {
  await app.bridge.changePassword(request, reply, request.body);
  return { ok: true };
});

app.get("/devices", signedIn, async (request) =>
  logins.listByUser(principalOf(request).userId),
);
app.delete("/devices/:id", signedIn, async (request, reply) => {
  const { id } = request.params as { id: string };
  const isEnded = await logins.revoke(id, principalOf(request));
  return reply.code(isEnded ? 204 : 404).send();
});

const MemberNo = Type.String({ pattern: "^[1-9]\\d{0,17}$" });
const Role = Type.Enum(["member", "admin"]);
const params = Type.Object({ id: MemberNo });
const body = Type.Object({ role: Role, locked: Type.Boolean() });
const change = { ...admin, schema: { params, body } };
app.patch("/members/:id", change, async (request, reply) => {
  const { id } = request.params;
  const { role, locked } = request.body;
  const values = [role, locked, id, principalOf(request).tenant];
  const { rowCount } = await members.pool.query(members.CHANGE, values);
  if (rowCount === 0) return reply.callNotFound();
  await (locked ? logins.revokeUser(id) : logins.refreshClaims(id));
  return { ok: true };
});

app.get("/live", { ...signedIn, websocket: true }, async (socket, request) => {
  for await (const [message] of on(socket, "message", { close: ["close"] })) {
    // A guard sees the handshake alone, and the login may have ended since.
    const outcome = await app.bridge.authenticate(request);
    if (!outcome.ok) return socket.close(1008, "logged out");
    socket.send(`${outcome.principal.name}: ${message}`);
  }
});
