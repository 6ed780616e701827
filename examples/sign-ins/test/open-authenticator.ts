import type { Browser, Page } from "playwright-core";
import type { Test } from "tap";

const AUTHENTICATOR = {
  protocol: "ctap2",
  transport: "internal",
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
} as const;

/** A page in Chromium, on a device with an authenticator whose user agrees to everything. */
export async function openAuthenticator(
  t: Test,
  chromium: Browser,
  url: string,
) {
  const context = await chromium.newContext();
  t.teardown(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const options = { options: AUTHENTICATOR };
  const add = "WebAuthn.addVirtualAuthenticator";
  const { authenticatorId } = await cdp.send(add, options);
  return {
    page,
    register: (optionsJSON: object) =>
      call(page, "startRegistration", optionsJSON),
    sign: (optionsJSON: object) =>
      call(page, "startAuthentication", optionsJSON),
    /** Whether the user unlocks the authenticator, or touches it only. */
    verifyUser: async (isUserVerified: boolean) => {
      const input = { authenticatorId, isUserVerified };
      await cdp.send("WebAuthn.setUserVerified", input);
    },
    /** Sets its only passkey back to how often it had signed, as a copy of it would be. */
    setBack: async (signCount: number) => {
      const input = { authenticatorId };
      const list = await cdp.send("WebAuthn.getCredentials", input);
      const [credential] = list.credentials;
      if (credential === undefined) throw new Error("it has no passkey");
      await cdp.send("WebAuthn.clearCredentials", input);
      await cdp.send("WebAuthn.addCredential", {
        authenticatorId,
        credential: { ...credential, signCount },
      });
    },
  };
}

/** Calls the library in the page. @returns what the page would send. @throws with the name of its error. */
async function call(page: Page, method: string, optionsJSON: object) {
  const argument = JSON.stringify({ optionsJSON });
  const code = `SimpleWebAuthnBrowser.${method}(${argument})
    .catch((error) => { throw new Error(error.name) })`;
  // oxlint-disable-next-line typescript/no-explicit-any
  return (await page.evaluate(code)) as any;
}
