import { createHmac } from "node:crypto";
import * as oidc from "openid-client";
import t, { type Test } from "tap";
import { createApp } from "../src/openid-connect.ts";
import { type Answer, type Browser, createBrowser } from "./browser.ts";
import { CLIENT, type Person, startProvider } from "./start-provider.ts";
import {
  addUser,
  createSettings,
  startNode,
  type TestSettings,
} from "./start-service.ts";

const ORIGIN = "https://app.example";
const FLOW = "__Host-flow";
/** The username of a user, and the address that the provider says all its accounts have. */
const EMAIL = "kim@example.com";
const FROM_ANOTHER_SITE = { "sec-fetch-site": "cross-site" };

/** A node that has a provider of its own. */
async function startService(t: Test, settings: TestSettings) {
  const { issuer, state } = await startProvider(t, ORIGIN, EMAIL);
  const options = { execute: [oidc.allowInsecureRequests] };
  const configuration = await oidc.discovery(
    new URL(issuer),
    CLIENT.id,
    CLIENT.secret,
    undefined,
    options,
  );
  const app = await createApp({ configuration, origin: ORIGIN }, settings);
  const node = await startNode(t, app);

  /** At the provider, as a person. @returns the address to which the browser is sent back. */
  const visit = async (url: string, person: Person): Promise<URL> => {
    state.person = person;
    const browser = createBrowser(issuer);
    for (let next = url; ;) {
      const { headers } = await browser.get(next);
      const location = new URL(headers.get("location") ?? "", issuer);
      if (location.origin === ORIGIN) return location;
      next = location.href;
    }
  };
  const comeBack = (browser: Browser, { pathname, search }: URL) =>
    browser.get(pathname + search, FROM_ANOTHER_SITE);
  /** As far as to the address with the code, which nobody has visited yet. */
  const begin = async (browser: Browser, path: string, person: Person) =>
    visit((await browser.post(path)).json.url, person);
  const run = async (browser: Browser, path: string, person: Person) =>
    comeBack(browser, await begin(browser, path, person));
  return { ...node, issuer, state, visit, comeBack, begin, run };
}

async function start(t: Test) {
  const settings = createSettings();
  const kim = await addUser(settings, EMAIL);
  const service = await startService(t, settings);
  /** A browser of the user, signed in by password. */
  const signIn = async ({ signIn } = kim) => {
    const browser = service.open();
    t.equal((await browser.post("/session/login", signIn)).status, 200);
    return browser;
  };
  /** The user's, with the account 42 linked. */
  const link = async () => {
    const browser = await signIn();
    sentTo(t, await service.run(browser, "/link", { sub: "42" }), "/");
    return browser;
  };
  return { ...service, settings, kim, signIn, link };
}

function sentTo(t: Test, { status, headers }: Answer, location: string) {
  t.same([status, headers.get("location")], [303, location]);
}

/** Changes what the service has stored in the browser, as nobody without its secret could. */
function forgeFlow({ jar }: Browser, change: object, secret: string) {
  const signed = decodeURIComponent(jar.get(FLOW) ?? "");
  const flow = JSON.parse(signed.slice(0, signed.lastIndexOf(".")));
  const value = JSON.stringify({ ...flow, ...change });
  const mac = createHmac("sha256", secret).update(value).digest("base64");
  const text = `${value}.${mac.replace(/=+$/, "")}`;
  jar.set(FLOW, encodeURIComponent(text));
}

t.test("a linked account signs its user in", async (t) => {
  const { open, run, link, kim } = await start(t);
  await link();
  const browser = open();
  sentTo(t, await run(browser, "/sign-in", { sub: "42" }), "/");
  const { json } = await browser.get("/me");
  t.match(json, { userId: kim.id, username: EMAIL, carrier: "session" });
  t.notOk(browser.jar.has(FLOW), "nothing is left of the flow");
});

t.test("an account that is not linked signs nobody in", async (t) => {
  const { open, run, link } = await start(t);
  const browser = open();
  const rejected = async (sub: string) => {
    sentTo(t, await run(browser, "/sign-in", { sub }), "/?error=not-linked");
    t.equal(await browser.me(), 401);
  };
  await rejected("42");
  await link();
  await rejected("43"); // With the same address as 42, which is Kim's.
  await rejected(EMAIL);
});

t.test("a disabled user is not signed in by an account", async (t) => {
  const { open, run, link, kim, settings } = await start(t);
  await link();
  await settings.users.setDisabled?.(kim.id, true);
  const browser = open();
  const account = { sub: "42" };
  sentTo(t, await run(browser, "/sign-in", account), "/?error=not-linked");
  t.equal(await browser.me(), 401);
  await settings.users.setDisabled?.(kim.id, false);
  sentTo(t, await run(browser, "/sign-in", account), "/");
});

t.test("an account is one of its provider alone", async (t) => {
  const { run, open, link, settings } = await start(t);
  await link();
  const another = await startService(t, settings);
  const browser = another.open();
  const answer = await another.run(browser, "/sign-in", { sub: "42" });
  sentTo(t, answer, "/?error=not-linked");
  t.equal(await browser.me(), 401);
  sentTo(t, await run(open(), "/sign-in", { sub: "42" }), "/");
});

t.test("a person who denies is not signed in", async (t) => {
  const { open, run, begin, comeBack, link } = await start(t);
  await link();
  const browser = open();
  const person = { sub: "42", denies: true };
  sentTo(t, await run(browser, "/sign-in", person), "/?error=denied");
  t.equal(await browser.me(), 401);
  t.notOk(browser.jar.has(FLOW));
  const location = await begin(browser, "/sign-in", person);
  location.searchParams.set("state", "another");
  t.equal((await comeBack(browser, location)).status, 401);
});

t.test("a response to what another browser began is rejected", async (t) => {
  const { open, begin, comeBack, link } = await start(t);
  await link();
  const [attacker, victim] = [open(), open()];
  const location = await begin(attacker, "/sign-in", { sub: "42" });
  t.equal((await comeBack(victim, location)).status, 401, "nothing began");
  await begin(victim, "/sign-in", { sub: "43" });
  t.equal((await comeBack(victim, location)).status, 401, "another state");
  t.equal(await victim.me(), 401);
});

t.test("each part of a response is checked", async (t) => {
  const { open, begin, comeBack, link, issuer, settings } = await start(t);
  await link();
  const code = async () =>
    (await begin(open(), "/sign-in", { sub: "42" })).searchParams.get("code");
  const changed: Record<string, (location: URL) => unknown> = {
    "no state": ({ searchParams }) => searchParams.delete("state"),
    "a wrong state": ({ searchParams }) => searchParams.set("state", "wrong"),
    "two states": ({ searchParams }) => searchParams.append("state", "wrong"),
    "no issuer": ({ searchParams }) => searchParams.delete("iss"),
    "a wrong issuer": ({ searchParams }) =>
      searchParams.set("iss", `${issuer}/another`),
    "no code": ({ searchParams }) => searchParams.delete("code"),
    "a wrong code": ({ searchParams }) => searchParams.set("code", "wrong"),
    "the code of another flow": async ({ searchParams }) =>
      searchParams.set("code", (await code()) ?? ""),
  };
  for (const [name, change] of Object.entries(changed)) {
    const browser = open();
    const location = await begin(browser, "/sign-in", { sub: "42" });
    await change(location);
    t.equal((await comeBack(browser, location)).status, 401, name);
    t.equal(await browser.me(), 401);
  }
  const forged: Record<string, object> = {
    "a wrong nonce": { nonce: "wrong" },
    "no nonce": { nonce: undefined },
    "a wrong PKCE verifier": { verifier: oidc.randomPKCECodeVerifier() },
    "no PKCE verifier": { verifier: undefined },
  };
  for (const [name, change] of Object.entries(forged)) {
    const browser = open();
    const location = await begin(browser, "/sign-in", { sub: "42" });
    forgeFlow(browser, change, settings.secret);
    t.equal((await comeBack(browser, location)).status, 401, name);
    t.equal(await browser.me(), 401);
  }
  const browser = open();
  const location = await begin(browser, "/sign-in", { sub: "42" });
  forgeFlow(browser, {}, "a secret of a thief");
  const unsigned = await comeBack(browser, location);
  t.equal(unsigned.status, 401, "a flow that the service has not signed");
  const next = await begin(browser, "/sign-in", { sub: "42" });
  forgeFlow(browser, {}, settings.secret);
  sentTo(t, await comeBack(browser, next), "/");
});

t.test("a code counts once", async (t) => {
  const { open, begin, comeBack, link } = await start(t);
  await link();
  const browser = open();
  const location = await begin(browser, "/sign-in", { sub: "42" });
  const flow = browser.jar.get(FLOW) ?? "";
  sentTo(t, await comeBack(browser, location), "/");
  t.equal((await comeBack(browser, location)).status, 401);
  const copy = open();
  copy.jar.set(FLOW, flow);
  t.equal((await comeBack(copy, location)).status, 401);
  t.equal(await copy.me(), 401);
});

t.test("while the provider is down, the response is 503", async (t) => {
  const { open, begin, comeBack, link, state } = await start(t);
  await link();
  const browser = open();
  const location = await begin(browser, "/sign-in", { sub: "42" });
  state.isDown = true;
  const { status, json } = await comeBack(browser, location);
  t.same([status, json.message], [503, "No response from the provider"]);
  t.equal(await browser.me(), 401);
});

t.test("an ID token needs the signature of its provider", async (t) => {
  const { open, run, state, settings } = await start(t);
  state.areKeysForged = true;
  t.equal((await run(open(), "/sign-in", { sub: "42" })).status, 401);
  const other = await startService(t, settings);
  const answer = await other.run(other.open(), "/sign-in", { sub: "42" });
  sentTo(t, answer, "/?error=not-linked");
});

t.test("a link is made by its user, just authenticated", async (t) => {
  const { open, run, begin, comeBack, signIn, link, settings } = await start(t);
  const { clock } = settings;
  t.equal((await open().post("/link")).status, 401);
  const browser = await signIn();
  const foreign = await browser.post("/link", undefined, FROM_ANOTHER_SITE);
  t.equal(foreign.status, 403);
  const elsewhere = await signIn();

  const location = await begin(browser, "/link", { sub: "42" });
  const flow = browser.jar.get(FLOW) ?? "";
  const others = await signIn(await addUser(settings, "eve"));
  others.jar.set(FLOW, flow);
  t.equal((await comeBack(others, location)).status, 401, "another user");
  const loggedOut = open();
  loggedOut.jar.set(FLOW, flow);
  const late = await begin(browser, "/link", { sub: "42" });
  t.equal((await comeBack(loggedOut, late)).status, 401, "no login");
  sentTo(t, await run(open(), "/sign-in", { sub: "42" }), "/?error=not-linked");

  sentTo(t, await run(browser, "/link", { sub: "42" }), "/");
  t.equal(await elsewhere.me(), 401, "the other logins are revoked");
  sentTo(t, await run(browser, "/link", { sub: "42" }), "/");
  const eve = await signIn({
    id: "",
    signIn: { username: "eve", password: "a bicycle made of rain" },
  });
  sentTo(t, await run(eve, "/link", { sub: "42" }), "/?error=not-linked");

  clock.advance(301_000);
  const { status, json } = await browser.post("/link");
  t.same([status, json.code], [401, "DRAWBRIDGE_REAUTHENTICATE"]);
  t.equal((await browser.delete("/link")).status, 401);
  const again = await link();
  t.equal((await again.delete("/link")).status, 204);
  t.equal(await browser.me(), 401);
  sentTo(t, await run(open(), "/sign-in", { sub: "42" }), "/?error=not-linked");
});

t.test("the provider authenticates a user again", async (t) => {
  const { run, open, begin, comeBack, visit, link, signIn, settings } =
    await start(t);
  const browser = await link();
  const { loginId } = (await browser.get("/me")).json;
  settings.clock.advance(301_000);
  t.equal((await browser.post("/link")).status, 401);
  t.equal((await open().post("/reauthenticate")).status, 401);

  const other = await run(browser, "/reauthenticate", { sub: "43" });
  sentTo(t, other, "/?error=not-linked");
  const eve = await addUser(settings, "eve");
  const account = { sub: "44" };
  sentTo(t, await run(await signIn(eve), "/link", account), "/");
  const eves = await run(browser, "/reauthenticate", account);
  sentTo(t, eves, "/?error=not-linked");

  const { url } = (await browser.post("/reauthenticate")).json;
  const without = new URL(url);
  without.searchParams.delete("max_age");
  without.searchParams.delete("prompt");
  const location = await visit(without.href, { sub: "42" });
  t.equal((await comeBack(browser, location)).status, 401, "when, it must say");
  const mine = await begin(browser, "/reauthenticate", { sub: "42" });
  const flow = browser.jar.get(FLOW) ?? "";
  const second = await signIn();
  second.jar.set(FLOW, flow);
  t.equal((await comeBack(second, mine)).status, 401, "another login");
  const denied = { sub: "42", denies: true };
  const answer = await run(browser, "/reauthenticate", denied);
  sentTo(t, answer, "/?error=denied");
  t.equal((await browser.post("/link")).status, 401, "none of them counts");

  sentTo(t, await run(browser, "/reauthenticate", { sub: "42" }), "/");
  t.equal((await browser.post("/link")).status, 200);
  t.equal((await browser.get("/me")).json.loginId, loginId, "the same login");
});
