import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import type { Test } from 'tap'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** For `skip` of a test that needs a browser. */
export const noBrowser = existsSync(executablePath) ? false : 'no Chromium here (apt-get install chromium)'

export async function startBrowser(t: Test): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    // No sandbox: CI runs as root. The others keep the browser from calling home.
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
