import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";
import type { Test } from "tap";

/** The person before the browser, at the provider. */
export interface Person {
  /** The subject of the account. */
  readonly sub: string;
  readonly denies?: boolean;
}

export const CLIENT = { id: "example", secret: "a secret of the client" };

/** A provider on loopback, whose every account has the same address. */
export async function startProvider(t: Test, origin: string, email: string) {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${origin}/callback`],
        id_token_signed_response_alg: "ES256",
      },
    ],
    claims: { openid: ["sub", "email", "email_verified"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["keys of the provider's cookies"] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, email, email_verified: true }),
    }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    jwks: { keys: [createKey()] },
    pkce: { required: () => true },
    ttl: {
      AccessToken: 60,
      Grant: 60,
      IdToken: 60,
      Interaction: 60,
      Session: 60,
    },
  });
  const state = {
    person: { sub: "" } as Person,
    areKeysForged: false,
    isDown: false,
  };
  const respond = provider.callback();
  server.on("request", (request, response) => {
    const { url = "" } = request;
    if (state.isDown) return void request.socket.destroy();
    if (url.startsWith("/interaction/"))
      return void interact(provider, state.person, request, response);
    if (url !== "/jwks" || !state.areKeysForged)
      return void respond(request, response);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ keys: [createKey()] }));
  });
  return { issuer, state };
}

function createKey() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { ...privateKey.export({ format: "jwk" }), alg: "ES256", use: "sig" };
}

/** What the pages of a provider do: the person signs in and consents, or denies. */
async function interact(
  provider: Provider,
  { sub, denies }: Person,
  ...http: Parameters<Provider["interactionDetails"]>
) {
  const { params, prompt } = await provider.interactionDetails(...http);
  if (denies)
    return provider.interactionFinished(...http, { error: "access_denied" });
  if (prompt.name === "login")
    return provider.interactionFinished(...http, { login: { accountId: sub } });
  const clientId = String(params["client_id"]);
  const grant = new provider.Grant({ accountId: sub, clientId });
  grant.addOIDCScope(String(params["scope"]));
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(...http, { consent });
}
