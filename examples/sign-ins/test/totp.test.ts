import { randomBytes } from "node:crypto";
import t, { type Test } from "tap";
import { createApp } from "../src/totp.ts";
import { createCode, createWrongCode } from "./authenticator-app.ts";
import type { Browser } from "./browser.ts";
import { addUser, createSettings, startNode } from "./start-service.ts";

const STEP_MS = 30_000;

/** Two nodes, and a user with a password alone. */
async function start(t: Test) {
  const settings = createSettings();
  const { signIn, id } = await addUser(settings, "kim");
  const seedKey = randomBytes(32);
  const node = await startNode(t, await createApp(seedKey, settings));
  const other = await startNode(t, await createApp(seedKey, settings));

  /** The ticket for the second request, or the status of a sign-in that needs none. */
  const enterPassword = async (browser: Browser) => {
    const { status, json } = await browser.post("/session/login", signIn);
    return status === 202 ? (json.pending as string) : status;
  };
  const enterCode = async (browser: Browser, response: string) => {
    const pending = await enterPassword(browser);
    const path = "/session/login/second-factor";
    return browser.post(path, { pending, response });
  };
  /** Signs in by password, and adds an authenticator. */
  const enrol = async (browser = node.open()) => {
    t.equal(await enterPassword(browser), 200);
    const { uri } = (await browser.post("/authenticator")).json;
    const code = createCode(uri, settings.now());
    const path = "/authenticator/confirm";
    const { status, json } = await browser.post(path, { code });
    t.equal(status, 200);
    const recoveryCodes = json.recoveryCodes as string[];
    return { uri: uri as string, recoveryCodes, browser };
  };
  return {
    ...settings,
    id,
    signIn,
    node,
    other,
    enterPassword,
    enterCode,
    enrol,
  };
}

t.test("with an authenticator the password is half of a sign-in", async (t) => {
  const { clock, node, enterPassword, enterCode, enrol } = await start(t);
  const { uri } = await enrol();
  clock.advance(STEP_MS);
  const browser = node.open();
  t.match(await enterPassword(browser), /^drbp_/);
  t.equal(await browser.me(), 401);
  const wrong = createWrongCode(uri, clock.now());
  t.match((await enterCode(browser, wrong)).json, {
    statusCode: 401,
    code: "DRAWBRIDGE_INVALID_CREDENTIALS",
  });
  for (const response of ["", "12345", "1234567", "１２３４５６", " "])
    t.not((await enterCode(browser, response)).status, 200, `"${response}"`);
  t.equal(await browser.me(), 401);
  clock.advance(900_000);
  const right = createCode(uri, clock.now());
  t.equal((await enterCode(browser, right)).status, 200);
  t.equal(await browser.me(), 200);
});

t.test("a code counts once (RFC 6238 section 5.2)", async (t) => {
  const { clock, node, other, enterCode, enterPassword, enrol } =
    await start(t);
  const { uri } = await enrol();
  const first = createCode(uri, clock.now());
  t.equal(
    (await enterCode(node.open(), first)).status,
    401,
    "it has confirmed",
  );

  clock.advance(STEP_MS);
  const code = createCode(uri, clock.now());
  t.equal((await enterCode(node.open(), code)).status, 200);
  t.equal((await enterCode(node.open(), code)).status, 401, "the same node");
  t.equal((await enterCode(other.open(), code)).status, 401, "another");

  clock.advance(STEP_MS);
  const response = createCode(uri, clock.now());
  const browsers = [node, other, node, other].map(({ open }) => open());
  const tickets = await Promise.all(browsers.map(enterPassword));
  const answers = await Promise.all(
    browsers.map((browser, at) =>
      browser.post("/session/login/second-factor", {
        pending: tickets[at],
        response,
      }),
    ),
  );
  const statuses = answers
    .map(({ status }) => status)
    .toSorted((a, b) => a - b);
  t.same(statuses, [200, 401, 401, 401], "at the same moment, on two nodes");
});

t.test("a clock may be wrong by one step, and time goes forward", async (t) => {
  const { clock, node, enterCode, enrol } = await start(t);
  const { uri } = await enrol();
  const enter = async (skew: number) =>
    (await enterCode(node.open(), createCode(uri, clock.now() + skew))).status;
  clock.advance(10 * STEP_MS);
  t.equal(await enter(-2 * STEP_MS), 401);
  t.equal(await enter(2 * STEP_MS), 401);
  t.equal(await enter(-STEP_MS), 200);
  t.equal(await enter(STEP_MS), 200);
  t.equal(await enter(0), 401, "a later one was used");
});

t.test(
  "a recovery code counts once, for a user who has lost the app",
  async (t) => {
    const { clock, database, node, other, enterCode, enterPassword, enrol } =
      await start(t);
    const { uri, recoveryCodes } = await enrol();
    const [one = "", two = "", three = ""] = recoveryCodes;
    t.equal(new Set(recoveryCodes).size, 10);
    for (const code of recoveryCodes)
      t.match(code, /^([A-Z2-7]{4}-){5}[A-Z2-7]{4}$/);

    t.equal((await enterCode(node.open(), one)).status, 200);
    t.equal((await enterCode(other.open(), one)).status, 401);
    const typed = two.replaceAll("-", " ").toLowerCase();
    t.equal((await enterCode(node.open(), typed)).status, 200);

    const browsers = [node, other, node].map(({ open }) => open());
    const tickets = await Promise.all(browsers.map(enterPassword));
    const answers = await Promise.all(
      browsers.map((browser, at) =>
        browser.post("/session/login/second-factor", {
          pending: tickets[at],
          response: three,
        }),
      ),
    );
    const statuses = answers
      .map(({ status }) => status)
      .toSorted((a, b) => a - b);
    t.same(statuses, [200, 401, 401], "at the same moment, on two nodes");

    const rows = JSON.stringify([
      database.prepare("SELECT * FROM authenticators").all(),
      database.prepare("SELECT * FROM recovery_codes").all(),
    ]);
    t.equal(JSON.parse(rows)[1].length, 7);
    for (const code of recoveryCodes) {
      t.notMatch(rows, code);
      t.notMatch(rows, code.replaceAll("-", ""), "a hash alone is stored");
    }
    const seed = new URL(uri).searchParams.get("secret") ?? "";
    t.notMatch(rows, seed);
    clock.advance(STEP_MS);
    const code = createCode(uri, clock.now());
    t.equal(
      (await enterCode(node.open(), code)).status,
      200,
      "the app still does",
    );
  },
);

t.test("a thief who has the database alone has no code", async (t) => {
  const { clock, enrol, ...settings } = await start(t);
  const { uri } = await enrol();
  clock.advance(STEP_MS);
  const code = createCode(uri, clock.now());
  const thief = await createApp(randomBytes(32), settings);
  const stolen = await startNode(t, thief);
  t.equal((await settings.enterCode(stolen.open(), code)).status, 401);
  t.equal((await settings.enterCode(settings.node.open(), code)).status, 200);
});

t.test("codes cannot be guessed", async (t) => {
  const { clock, node, other, enterCode, enterPassword, enrol } =
    await start(t);
  const { uri, recoveryCodes } = await enrol();
  clock.advance(STEP_MS);
  const browser = node.open();
  const pending = await enterPassword(browser);
  const guess = async (response: string, from: string) =>
    browser.post(
      "/session/login/second-factor",
      { pending, response },
      { "x-forwarded-for": from },
    );
  const wrong = createWrongCode(uri, clock.now());
  const wrongRecovery = "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA";
  for (const response of [wrong, wrongRecovery, wrong, wrongRecovery, wrong])
    t.equal((await guess(response, "192.0.2.1")).status, 401);
  for (const right of [createCode(uri, clock.now()), recoveryCodes[0] ?? ""]) {
    const answer = await guess(right, "198.51.100.2");
    t.equal(answer.status, 429, "from no address, and by neither kind");
    t.ok(Number(answer.headers.get("retry-after")) > 0);
  }
  clock.advance(900_000);
  const code = createCode(uri, clock.now());
  t.equal((await enterCode(other.open(), code)).status, 200);
});

t.test(
  "an authenticator is added by its user, just authenticated",
  async (t) => {
    const { clock, node, signIn, enterPassword } = await start(t);
    const browser = node.open();
    t.equal((await browser.post("/authenticator")).status, 401);
    t.equal((await browser.post("/authenticator/confirm", {})).status, 401);
    t.equal((await browser.delete("/authenticator")).status, 401);

    t.equal(await enterPassword(browser), 200);
    const foreign = { "sec-fetch-site": "cross-site" };
    t.equal(
      (await browser.post("/authenticator", undefined, foreign)).status,
      403,
    );
    clock.advance(301_000);
    const late = await browser.post("/authenticator");
    t.equal(late.status, 401);
    t.equal(late.json.code, "DRAWBRIDGE_REAUTHENTICATE");
    t.equal((await browser.post("/authenticator/confirm", {})).status, 401);
    t.equal((await browser.delete("/authenticator")).status, 401);
    t.equal(await browser.me(), 200, "and nobody is logged out");

    const again = (password: unknown) =>
      browser.post("/reauthenticate", { password });
    t.equal((await again("a guess")).status, 401);
    t.equal((await again(undefined)).status, 400);
    t.equal((await browser.post("/authenticator")).status, 401);
    const { loginId } = (await browser.get("/me")).json;
    const { status, json } = await again(signIn.password);
    t.equal(status, 200);
    t.equal(json.loginId, loginId, "the same login");
    const answer = await browser.post("/authenticator");
    t.equal(answer.status, 200);
    t.match(answer.headers.get("cache-control"), "no-store");
  },
);

t.test("only a right code turns it on", async (t) => {
  const { clock, node, enterPassword } = await start(t);
  const browser = node.open();
  const elsewhere = node.open();
  t.equal(await enterPassword(browser), 200);
  t.equal(await enterPassword(elsewhere), 200);
  const confirm = (code?: unknown) =>
    browser.post("/authenticator/confirm", { code });
  t.equal((await confirm("123456")).status, 400, "there is none");

  const { uri: abandoned } = (await browser.post("/authenticator")).json;
  const { uri } = (await browser.post("/authenticator")).json;
  t.not(uri, abandoned);
  const wrong = createWrongCode(uri, clock.now());
  t.equal((await confirm(wrong)).status, 400);
  t.equal((await confirm()).status, 400);
  t.equal((await browser.post("/authenticator/confirm")).status, 400);
  t.equal(await enterPassword(node.open()), 200, "a password is still enough");
  t.equal(await elsewhere.me(), 200);

  const { status, json } = await confirm(createCode(uri, clock.now()));
  t.equal(status, 200);
  t.equal(json.recoveryCodes.length, 10);
  t.equal(await browser.me(), 200);
  t.equal(await elsewhere.me(), 401, "those without it are logged out");
  t.match(await enterPassword(node.open()), /^drbp_/);

  t.equal((await browser.post("/authenticator")).status, 409);
  clock.advance(STEP_MS);
  const code = createCode(uri, clock.now());
  t.equal((await confirm(code)).status, 400, "once");
});

t.test(
  "A18 a sign-in by the password alone, in flight while its user confirms an authenticator, fails",
  async (t) => {
    for (const when of ["before", "after"] as const) {
      const { logins, node, other, now, enterPassword } = await start(t);
      const browser = node.open();
      t.equal(await enterPassword(browser), 200);
      const { uri } = (await browser.post("/authenticator")).json;
      logins[when]("insert", async () => {
        const code = createCode(uri, now());
        const path = "/authenticator/confirm";
        t.equal((await browser.post(path, { code })).status, 200);
      });
      const thief = other.open();
      t.equal(await enterPassword(thief), 401, `${when} its login is written`);
      t.equal(await thief.me(), 401);
      t.equal(await browser.me(), 200);
      t.match(await enterPassword(thief), /^drbp_/);
    }
  },
);

t.test("it is removed by its user, with its recovery codes", async (t) => {
  const { clock, node, signIn, enterCode, enterPassword, enrol } =
    await start(t);
  const { uri, recoveryCodes, browser } = await enrol();
  const [one = "", two = ""] = recoveryCodes;
  const elsewhere = node.open();
  t.equal((await enterCode(elsewhere, one)).status, 200);

  clock.advance(301_000);
  t.equal((await browser.delete("/authenticator")).status, 401);
  const again = (response?: string) =>
    browser.post("/reauthenticate", { ...signIn, response });
  t.equal((await again()).status, 400, "the password alone is not enough");
  t.equal((await again(createWrongCode(uri, clock.now()))).status, 401);
  t.equal((await browser.delete("/authenticator")).status, 401);
  t.equal((await again(createCode(uri, clock.now()))).status, 200);
  t.equal((await browser.delete("/authenticator")).status, 204);
  t.equal(await elsewhere.me(), 401);
  t.equal(await browser.me(), 200);
  t.equal(await enterPassword(node.open()), 200);

  const { uri: next } = await enrol();
  t.not(next, uri);
  clock.advance(STEP_MS);
  t.equal((await enterCode(node.open(), two)).status, 401, "of the one before");
  t.equal(
    (await enterCode(node.open(), createCode(uri, clock.now()))).status,
    401,
  );
  t.equal(
    (await enterCode(node.open(), createCode(next, clock.now()))).status,
    200,
  );
});
