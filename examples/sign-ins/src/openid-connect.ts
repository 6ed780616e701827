/** Sign-in by an account at an OpenID Connect provider, which its user has linked. */
import cookie from "@fastify/cookie";
import { principalOf, unauthorized } from "@drawbridge/session-auth";
import type { FastifyReply, FastifyRequest } from "fastify";
import * as oidc from "openid-client";
import { createService, type Settings } from "./service.ts";

const TABLE = `CREATE TABLE IF NOT EXISTS identities (issuer TEXT, subject TEXT,
  user_id TEXT NOT NULL, PRIMARY KEY (issuer, subject))`;
const UNLINK = "DELETE FROM identities WHERE user_id = ?";
const LINK = "INSERT INTO identities VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
// A subject is a user of its issuer alone; an address may be anybody's.
const FIND = `SELECT user_id AS userId FROM identities
  WHERE issuer = ? AND subject = ?`;

type Row = { userId: string };

/** What began in this browser. */
interface Flow {
  purpose: "sign-in" | "link" | "reauthenticate";
  /** The login that asked; none before a sign-in. */
  loginId?: string | undefined;
  state: string;
  nonce: string;
  verifier: string;
}
// Of this host alone, so that no other one plants a flow of its own.
const FLOW = "__Host-flow";
const attributes = { path: "/", secure: true, httpOnly: true, signed: true };
const whileItLasts = { ...attributes, sameSite: "lax", maxAge: 600 } as const;

interface Provider {
  /** Of `discovery`. */
  configuration: oidc.Configuration;
  /** Of this service, such as `https://app.example`; `/callback` is registered. */
  origin: string;
}

export async function createApp(
  { configuration, origin }: Provider,
  settings: Settings,
) {
  const { database: db, secret } = settings;
  db.exec(TABLE);
  // Also the signature of what came by TLS from the provider itself.
  oidc.enableNonRepudiationChecks(configuration);
  const service = await createService(settings);
  const { app, auth, credentials, signedIn, fresh } = service;
  await app.register(cookie, { secret });

  /** A route that begins: the page goes to the address that it gets. */
  const begin =
    (purpose: Flow["purpose"]) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const verifier = oidc.randomPKCECodeVerifier();
      const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
      const url = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: `${origin}/callback`,
        scope: "openid",
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        ...(purpose === "reauthenticate" && { prompt: "login", max_age: "0" }),
      });
      const loginId = request.principal?.loginId;
      const flow: Flow = { purpose, loginId, state, nonce, verifier };
      reply.setCookie(FLOW, JSON.stringify(flow), whileItLasts);
      return { url };
    };
  const fromOurPages = { onRequest: auth.requireSameOrigin };
  app.post("/sign-in", fromOurPages, begin("sign-in"));
  app.post("/link", fresh, begin("link"));
  app.post("/reauthenticate", signedIn, begin("reauthenticate"));
  app.delete("/link", fresh, async (request, reply) => {
    db.prepare(UNLINK).run(principalOf(request).userId);
    await auth.revokeOthers(request, reply);
    return reply.code(204).send();
  });

  /** What the provider says of its user; null where it says no, as when the user denies. */
  async function redeem(flow: Flow, path: string) {
    const url = new URL(path, origin);
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, url, {
        pkceCodeVerifier: flow.verifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        ...(flow.purpose === "reauthenticate" && { maxAge: 0 }),
      });
      return tokens.claims() ?? null;
    } catch (error) {
      if (error instanceof oidc.AuthorizationResponseError) return null;
      const isRejected =
        error instanceof oidc.ClientError ||
        error instanceof oidc.ResponseBodyError;
      if (isRejected) throw unauthorized(error.message);
      const outage = new Error("No response from the provider", {
        cause: error,
      });
      throw Object.assign(outage, { statusCode: 503 });
    }
  }

  app.get("/callback", async (request, reply) => {
    const { value } = request.unsignCookie(request.cookies[FLOW] ?? "");
    if (value === null) throw unauthorized("nothing began in this browser");
    reply.clearCookie(FLOW, attributes);
    const flow = JSON.parse(value) as Flow;
    const claims = await redeem(flow, request.url);
    if (claims === null) return reply.redirect("/?error=denied", 303);
    const outcome = await auth.authenticate(request);
    const own = outcome.ok ? outcome.principal : undefined;
    if (flow.purpose !== "sign-in" && own?.loginId !== flow.loginId)
      throw unauthorized("another login began it");
    const { iss, sub } = claims;
    if (flow.purpose === "link") db.prepare(LINK).run(iss, sub, own?.userId);
    const row = db.prepare(FIND).get(iss, sub) as Row | undefined;
    const isOthers = flow.purpose !== "sign-in" && row?.userId !== own?.userId;
    const verified = row && !isOthers && (await credentials.stampOf(row));
    if (!verified) return reply.redirect("/?error=not-linked", 303);
    if (flow.purpose === "sign-in")
      await auth.startSession(request, reply, verified);
    else if (flow.purpose === "link") await auth.revokeOthers(request, reply);
    else await auth.reauthenticate(request, reply, verified);
    return reply.redirect("/", 303);
  });
  return app;
}
