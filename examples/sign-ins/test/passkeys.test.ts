import {
  noBrowser,
  startBrowser,
} from "@drawbridge/test-support/processes/start-browser";
import type { Browser as Chromium } from "playwright-core";
import t, { type Test } from "tap";
import { createApp } from "../src/passkeys.ts";
import type { Browser } from "./browser.ts";
import { openAuthenticator } from "./open-authenticator.ts";
import {
  addUser,
  createSettings,
  startNode,
  startNodeAt,
} from "./start-service.ts";

const FROM_ANOTHER_SITE = { "sec-fetch-site": "cross-site" };

/** Two nodes, a user with a password alone, and the user's device. */
async function start(t: Test, chromium: Chromium) {
  const settings = createSettings();
  const { signIn, id } = await addUser(settings, "kim");
  const create = (origin: string) => createApp(origin, settings);
  const { origin, ...node } = await startNodeAt(t, create);
  const other = await startNode(t, await create(origin));
  const openDevice = () => openAuthenticator(t, chromium, origin);
  const device = await openDevice();

  const enterPassword = async (browser: Browser, user = signIn) => {
    const { status, json } = await browser.post("/session/login", user);
    return status === 202 ? (json.pending as string) : status;
  };
  const ask = async (browser: Browser, body?: object) =>
    (await browser.post("/sign-in/options", body)).json;
  const present = (browser: Browser, pending: unknown, response: unknown) =>
    browser.post("/session/login/second-factor", {
      pending,
      response: JSON.stringify(response),
    });
  /** Signs in by password, and adds a passkey. */
  const register = async (by = device, user = signIn) => {
    const browser = node.open();
    t.equal(await enterPassword(browser, user), 200);
    const options = (await browser.post("/passkeys/options")).json;
    const answer = await browser.post("/passkeys", await by.register(options));
    t.equal(answer.status, 201);
    return { browser, passkey: answer.json.id as string };
  };
  /** What the device answers when it is to sign in by itself. */
  const createSignIn = async (by = device) => by.sign(await ask(node.open()));
  return {
    ...settings,
    id,
    signIn,
    origin,
    node,
    other,
    device,
    openDevice,
    enterPassword,
    ask,
    present,
    register,
    createSignIn,
  };
}

t.test("passkeys", { skip: noBrowser }, async (t) => {
  const chromium = await startBrowser(t);

  await t.test("on the page: added, then used in both ways", async (t) => {
    const { device, signIn } = await start(t, chromium);
    const { page } = device;
    const press = async (name: string, output: string) => {
      await page.getByRole("button", { name, exact: true }).click();
      await page.locator("output", { hasText: output }).waitFor();
    };
    const me = () => page.evaluate("fetch('/me').then(({ status }) => status)");
    await page.getByLabel("Username").fill(signIn.username);
    await page.getByLabel("Password").fill(signIn.password);
    await press("Sign in", "/session/login 200");
    await press("Add a passkey", "/passkeys 201");
    await press("Add a passkey", "failed: InvalidStateError");
    await press("Authenticate again", "/reauthenticate 200");
    await page.context().clearCookies();
    t.equal(await me(), 401);
    await press("Sign in", "/session/login/second-factor 200");
    t.equal(await me(), 200);
    await page.context().clearCookies();
    await press("Sign in with a passkey", "/sign-in 200");
    t.equal(await me(), 200);
  });

  await t.test(
    "with a passkey the password is half of a sign-in",
    async (t) => {
      const { node, device, enterPassword, ask, present, register } =
        await start(t, chromium);
      const { passkey } = await register();
      const browser = node.open();
      const pending = await enterPassword(browser);
      t.match(pending, /^drbp_/);
      t.equal(await browser.me(), 401);
      const options = await ask(browser, { pending });
      t.match(options.allowCredentials, [{ id: passkey }]);
      await device.verifyUser(false);
      const response = await device.sign(options);
      t.equal((await present(browser, pending, response)).status, 200);
      t.equal(await browser.me(), 200);
    },
  );

  await t.test("a passkey instead of a password", async (t) => {
    const { node, device, id, ask, register, createSignIn } = await start(
      t,
      chromium,
    );
    await register();
    const browser = node.open();
    const response = await createSignIn();
    const foreign = await browser.post("/sign-in", response, FROM_ANOTHER_SITE);
    t.equal(foreign.status, 403);
    t.equal((await browser.post("/sign-in", response)).status, 200);
    t.match((await browser.get("/me")).json, { userId: id, username: "kim" });

    await device.verifyUser(false);
    const options = await ask(browser);
    t.equal(options.userVerification, "required");
    await t.rejects(device.sign(options), /NotAllowedError/);
    const weak = { ...options, userVerification: "discouraged" };
    const touched = await device.sign(weak);
    const answer = await node.open().post("/sign-in", touched);
    t.equal(answer.status, 401, "to have it is not enough");
  });

  await t.test("what a page of another origin got is rejected", async (t) => {
    const { node, ask, register, device, createSignIn } = await start(
      t,
      chromium,
    );
    await register();
    const mine = await createSignIn();
    const options = await ask(node.open());
    const { origin: evil } = await startNodeAt(t, (origin) =>
      createApp(origin, createSettings()),
    );
    await device.page.goto(evil);
    const response = await device.sign(options);
    t.equal(response.id, mine.id, "the same host, so the passkey is offered");
    t.equal((await node.open().post("/sign-in", response)).status, 401);
    await device.page.goto(evil.replace("localhost", "127.0.0.1"));
    const refused = device.page.evaluate(
      `navigator.credentials.get({ publicKey: {
        challenge: new Uint8Array(32), rpId: "localhost",
      } }).catch(({ name }) => name)`,
    );
    t.equal(await refused, "SecurityError", "another host gets none at all");
    t.equal((await node.open().post("/sign-in", mine)).status, 200);
  });

  await t.test(
    "a challenge is ours, of one purpose, and used once",
    async (t) => {
      const {
        clock,
        node,
        other,
        device,
        enterPassword,
        ask,
        present,
        register,
        createSignIn,
      } = await start(t, chromium);
      await register();
      const enter = async (response: unknown, { open } = node) =>
        (await open().post("/sign-in", response)).status;

      const once = await createSignIn();
      t.equal(await enter(once), 200);
      t.equal(await enter(once), 401, "used");
      t.equal(await enter(once, other), 401, "on another node");

      const twice = await createSignIn();
      const nodes = [node, other, node, other];
      const statuses = await Promise.all(
        nodes.map((each) => enter(twice, each)),
      );
      t.same(
        statuses.toSorted((a, b) => a - b),
        [200, 401, 401, 401],
        "at the same moment",
      );

      const options = await ask(node.open());
      const challenge = Buffer.alloc(32).toString("base64url");
      const madeUp = await device.sign({ ...options, challenge });
      t.equal(await enter(madeUp), 401, "made up");

      const late = await createSignIn();
      clock.advance(300_000);
      t.equal(await enter(late), 401, "too late");

      const browser = node.open();
      const pending = await enterPassword(browser);
      const second = await device.sign(await ask(browser, { pending }));
      t.equal(await enter(second), 401, "asked as a second factor");
      const sole = await createSignIn();
      t.equal((await present(browser, pending, sole)).status, 401);
      t.equal((await present(browser, pending, second)).status, 200);
      const next = node.open();
      const ticket = await enterPassword(next);
      t.equal((await present(next, ticket, second)).status, 401, "used");
    },
  );

  await t.test("a copy of a passkey is found by its counter", async (t) => {
    const { node, device, register, createSignIn } = await start(t, chromium);
    await register();
    const enter = async () =>
      (await node.open().post("/sign-in", await createSignIn())).status;
    t.same([await enter(), await enter()], [200, 200]);
    await device.setBack(1);
    t.equal(await enter(), 401);
    await device.setBack(100);
    t.equal(await enter(), 200);
  });

  await t.test("a passkey is its user's alone", async (t) => {
    const s = await start(t, chromium);
    const { node, device, enterPassword, ask, present } = s;
    const eve = await addUser(s, "eve");
    const evesDevice = await s.openDevice();
    const kims = await s.register();
    const eves = await s.register(evesDevice, eve.signIn);

    const browser = node.open();
    const pending = await enterPassword(browser);
    const options = await ask(browser, { pending });
    const allowCredentials = [{ id: eves.passkey, type: "public-key" }];
    const response = await evesDevice.sign({ ...options, allowCredentials });
    t.equal((await present(browser, pending, response)).status, 401);
    const named = { ...response, id: kims.passkey, rawId: kims.passkey };
    t.equal((await present(browser, pending, named)).status, 401);
    const right = await device.sign(await ask(browser, { pending }));
    t.equal((await present(browser, pending, right)).status, 200);

    const byEve = await s.createSignIn(evesDevice);
    t.equal((await browser.post("/reauthenticate", byEve)).status, 401);
    const path = `/passkeys/${kims.passkey}`;
    t.equal((await eves.browser.delete(path)).status, 404);
    const sole = await s.createSignIn();
    t.equal((await node.open().post("/sign-in", sole)).status, 200);
  });

  await t.test("a passkey that was removed signs nobody in", async (t) => {
    const { node, device, database, enterPassword, register, createSignIn } =
      await start(t, chromium);
    const { browser, passkey } = await register();
    const elsewhere = node.open();
    t.equal(
      (await elsewhere.post("/sign-in", await createSignIn())).status,
      200,
    );

    database.exec(`CREATE TRIGGER meanwhile AFTER DELETE ON challenges
      BEGIN UPDATE passkeys SET id = 'removed'; END`);
    t.equal(
      (await node.open().post("/sign-in", await createSignIn())).status,
      401,
    );
    database.exec(`DROP TRIGGER meanwhile;
      UPDATE passkeys SET id = '${passkey}'`);

    const response = await createSignIn();
    t.equal((await browser.delete(`/passkeys/${passkey}`)).status, 204);
    t.equal((await browser.delete(`/passkeys/${passkey}`)).status, 404);
    t.equal((await node.open().post("/sign-in", response)).status, 401);
    t.equal(await elsewhere.me(), 401, "the other logins are revoked");
    t.equal(await browser.me(), 200);
    t.equal(await enterPassword(node.open()), 200, "the password is enough");
    await device.page.close();
  });

  await t.test("a disabled user is not signed in by a passkey", async (t) => {
    const { node, id, users, register, createSignIn } = await start(
      t,
      chromium,
    );
    await register();
    const enter = async () =>
      (await node.open().post("/sign-in", await createSignIn())).status;
    t.equal(await enter(), 200);
    await users.setDisabled?.(id, true);
    t.equal(await enter(), 401);
    await users.setDisabled?.(id, false);
    t.equal(await enter(), 200);
  });

  await t.test(
    "a passkey is added by its user, just authenticated",
    async (t) => {
      const { clock, node, device, openDevice, enterPassword, createSignIn } =
        await start(t, chromium);
      const browser = node.open();
      for (const path of ["/passkeys/options", "/passkeys", "/reauthenticate"])
        t.equal((await browser.post(path)).status, 401, path);
      t.equal(await enterPassword(browser), 200);
      const elsewhere = node.open();
      t.equal(await enterPassword(elsewhere), 200);
      const foreign = await browser.post(
        "/passkeys/options",
        undefined,
        FROM_ANOTHER_SITE,
      );
      t.equal(foreign.status, 403);

      const { json: options } = await browser.post("/passkeys/options");
      const response = await device.register(options);
      t.equal(
        (await elsewhere.post("/passkeys", response)).status,
        400,
        "another login asked",
      );
      t.equal((await browser.post("/passkeys", response)).status, 201);
      t.equal((await browser.post("/passkeys", response)).status, 400, "once");
      t.equal(await elsewhere.me(), 401, "the other logins are revoked");
      t.equal(await browser.me(), 200);

      const again = (await browser.post("/passkeys/options")).json;
      t.match(again.excludeCredentials, [{ id: response.id }]);
      clock.advance(301_000);
      const late = await browser.post("/passkeys/options");
      t.same([late.status, late.json.code], [401, "DRAWBRIDGE_REAUTHENTICATE"]);
      t.equal((await browser.post("/passkeys", response)).status, 401);
      t.equal((await browser.delete(`/passkeys/${response.id}`)).status, 401);
      t.equal((await browser.post("/reauthenticate", {})).status, 401);
      const { loginId } = (await browser.get("/me")).json;
      const renewed = await browser.post(
        "/reauthenticate",
        await createSignIn(),
      );
      t.equal(renewed.status, 200);
      t.equal(renewed.json.loginId, loginId, "the same login");
      const { json: more } = await browser.post("/passkeys/options");
      const second = await (await openDevice()).register(more);
      t.equal((await browser.post("/passkeys", second)).status, 201);
    },
  );

  await t.test(
    "what is no response of an authenticator is rejected",
    async (t) => {
      const { node, ask, enterPassword, register, createSignIn } = await start(
        t,
        chromium,
      );
      const { browser } = await register();
      const right = await createSignIn();
      const pending = await enterPassword(node.open());
      const altered = (change: object) => ({
        ...right,
        response: { ...right.response, ...change },
      });
      const wrong: unknown[] = [
        null,
        [],
        {},
        { id: right.id },
        { ...right, response: null },
        altered({ clientDataJSON: "e30" }),
        altered({ clientDataJSON: "?" }),
        altered({ authenticatorData: "AAAA" }),
        altered({ signature: "AAAA" }),
      ];
      for (const json of wrong) {
        const name = JSON.stringify(json).slice(0, 60);
        t.equal((await node.open().post("/sign-in", json)).status, 401, name);
        t.equal((await browser.post("/passkeys", json)).status, 400, name);
      }
      for (const response of ["x", "{", "null", "[]", '"x"', "1"]) {
        const body = { pending, response };
        const answer = await node
          .open()
          .post("/session/login/second-factor", body);
        t.match(answer.status, /401|429/, response);
      }
      t.notOk(
        (await ask(node.open(), { pending: {} })).allowCredentials.length,
      );
      t.equal((await node.open().post("/sign-in", right)).status, 200);
    },
  );
});
