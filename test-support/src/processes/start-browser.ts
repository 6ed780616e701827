import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import type { Test } from 'tap'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** For `skip` of a test that needs a browser. */
export const noBrowser = existsSync(executablePath) ? false : 'no Chromium here (apt-get install chromium)'

/** Starts Chromium, and closes it with the test. */
export async function startBrowser(t: Test): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    // No sandbox: CI runs as root. The other flags stop the browser from making requests of its own.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync'
    ]
  })
  t.teardown(() => browser.close())
  return browser
}
