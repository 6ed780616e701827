/** Passkeys (WebAuthn): the second factor of a password, or instead of one. */
import { readFile } from "node:fs/promises";
import { principalOf, unauthorized } from "@drawbridge/session-auth";
import * as webauthn from "@simplewebauthn/server";
import { decodeClientDataJSON } from "@simplewebauthn/server/helpers";
import { createPasskeyTable } from "./passkey-table.ts";
import { createService, type Settings } from "./service.ts";

type SignIn = webauthn.AuthenticationResponseJSON;
type Registration = webauthn.RegistrationResponseJSON;

/** @param origin of the pages, such as `https://app.example`. */
export async function createApp(origin: string, settings: Settings) {
  const passkeys = createPasskeyTable(settings.database, settings.now);
  const rpID = new URL(origin).hostname;
  // The challenge is used up once the signature is known to be right.
  const expectedChallenge = () => true;
  const site = {
    expectedOrigin: origin,
    expectedRPID: rpID,
    expectedChallenge,
  };
  const use = ({ response }: SignIn | Registration, purpose: string) =>
    passkeys.use(
      decodeClientDataJSON(response.clientDataJSON).challenge,
      purpose,
    );

  /** The user whose passkey has signed a challenge of this purpose, or null. */
  async function verify(response: SignIn | null, purpose: string) {
    const id = String(response?.id);
    const passkey = passkeys.find(id);
    if (!response || !passkey) return null;
    const { user_id: userId, key: publicKey, counter } = passkey;
    const outcome = await webauthn
      .verifyAuthenticationResponse({
        ...site,
        response,
        credential: { id, publicKey, counter },
        // Instead of a password, it must be more than the possession of a key.
        requireUserVerification: purpose === "sign-in",
      })
      .catch(() => null);
    if (!outcome?.verified || !use(response, purpose)) return null;
    const { newCounter } = outcome.authenticationInfo;
    return passkeys.count(id, newCounter) ? userId : null;
  }

  const service = await createService(settings, {
    isRequired: ({ id }) => passkeys.list(id).length > 0,
    verify: async ({ user: { id }, response }) => {
      const json = await new Response(response).json().catch(() => null);
      return (await verify(json as SignIn, `second factor of ${id}`)) === id;
    },
  });
  const { app, auth, credentials, signedIn, fresh } = service;
  const fromOurPages = { onRequest: auth.requireSameOrigin };
  const bundle = "../dist/bundle/index.umd.min.js";
  const library = import.meta.resolve("@simplewebauthn/browser");
  const script = await readFile(new URL(bundle, library));
  const page = await readFile(new URL("passkeys.html", import.meta.url));
  app.get("/", async (_, reply) => reply.type("text/html").send(page));
  app.get("/webauthn.js", async (_, reply) =>
    reply.type("text/javascript").send(script),
  );

  app.post("/passkeys/options", fresh, async (request) => {
    const { userId, username: userName, loginId } = principalOf(request);
    const options = await webauthn.generateRegistrationOptions({
      rpName: "Example",
      rpID,
      userName,
      userID: Buffer.from(userId),
      excludeCredentials: passkeys.list(userId),
      authenticatorSelection: { residentKey: "required" },
    });
    passkeys.ask(options.challenge, `registration by ${loginId}`);
    return options;
  });
  app.post("/passkeys", fresh, async (request, reply) => {
    const { userId, loginId } = principalOf(request);
    const response = request.body as Registration;
    const outcome = await webauthn
      .verifyRegistrationResponse({ ...site, response })
      .catch(() => null);
    const { credential: made } = outcome?.registrationInfo ?? {};
    const isNew =
      made &&
      use(response, `registration by ${loginId}`) &&
      passkeys.add(made.id, userId, made.publicKey, made.counter);
    if (!isNew) return reply.code(400).send({ message: "Not a new passkey" });
    await auth.revokeOthers(request, reply);
    return reply.code(201).send({ id: made.id });
  });
  app.delete("/passkeys/:id", fresh, async (request, reply) => {
    const { id } = request.params as { id: string };
    const isRemoved = passkeys.remove(id, principalOf(request).userId);
    if (isRemoved) await auth.revokeOthers(request, reply);
    return reply.code(isRemoved ? 204 : 404).send();
  });

  // With the ticket of a password for its second factor; else for all of a sign-in.
  app.post("/sign-in/options", fromOurPages, async (request) => {
    const { pending } = (request.body ?? {}) as { pending?: unknown };
    const user = await auth.pendingLogins.findUser(String(pending));
    const options = await webauthn.generateAuthenticationOptions({
      rpID,
      userVerification: user ? "discouraged" : "required",
      allowCredentials: user ? passkeys.list(user.id) : [],
    });
    const purpose = user ? `second factor of ${user.id}` : "sign-in";
    passkeys.ask(options.challenge, purpose);
    return options;
  });
  const authenticate = async (response: unknown) => {
    const userId = await verify(response as SignIn | null, "sign-in");
    const verified = userId && (await credentials.stampOf({ userId }));
    if (!verified) throw unauthorized("no passkey, or a disabled user");
    return verified;
  };
  app.post("/sign-in", fromOurPages, async (request, reply) =>
    auth.startSession(request, reply, await authenticate(request.body)),
  );
  app.post("/reauthenticate", signedIn, async (request, reply) =>
    auth.reauthenticate(request, reply, await authenticate(request.body)),
  );
  return app;
}
