import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import { noBrowser, startBrowser } from '@drawbridge/test-support/processes/start-browser'
import { startDemo } from './start-demo.ts'

t.test('the page in a browser', { skip: noBrowser }, async (t) => {
  const { url } = await startDemo(t)
  const browser = await startBrowser(t)

  const open = async (t: Test, path: string, width = 1200) => {
    const page = await browser.newPage({ viewport: { width, height: 800 } })
    t.teardown(() => page.close())
    const complaints: string[] = []
    page.on('console', (line) => {
      // Chromium logs this for each 401, expected or not.
      if (line.type() === 'error' && !line.text().includes('status of 401')) complaints.push(line.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(url + path)
    return { page, complaints }
  }

  await t.test('a user signs in by cookie, is greeted, and logs out', async (t) => {
    const { page, complaints } = await open(t, '/')
    await fillIn(page, 'user', 'pass')
    t.match(await press(page, 'session', 'Sign in with a cookie'), /200 OK.*Login successful/s)
    t.match(await press(page, 'session', 'Call protected'), /200 OK.*Hello, user!/s)
    t.equal(await page.evaluate('document.cookie'), '', 'no script can read the cookie')
    await page.reload()
    t.match(
      await press(page, 'session', 'Call protected'),
      /200 OK.*Hello, user!/s,
      'the cookie survives a reload'
    )
    t.match(await press(page, 'session', 'Log out'), /200 OK.*Logged out/s)
    t.match(await press(page, 'session', 'Call protected'), /401 Unauthorized/)
    t.same(complaints, [], 'the console has no errors')
  })

  await t.test('a user signs in by token, is greeted, refreshes, and logs out', async (t) => {
    const { page, complaints } = await open(t, '/')
    await fillIn(page, 'user', 'pass')
    t.match(await press(page, 'token', 'Sign in with a token'), /200 OK.*drbr_/s)
    t.match(await press(page, 'token', 'Call protected'), /200 OK.*Hello, user!/s)
    t.match(await press(page, 'token', 'Refresh'), /200 OK.*drbr_/s)
    t.match(await press(page, 'token', 'Call protected'), /200 OK.*Hello, user!/s)
    t.equal(await page.evaluate('localStorage.length + sessionStorage.length'), 0, 'web storage is empty')
    t.match(await press(page, 'token', 'Log out'), /200 OK.*Logged out/s)
    t.match(await press(page, 'token', 'Call protected'), /401 Unauthorized/)
    t.same(complaints, [], 'the console has no errors')
  })

  await t.test('a wrong password is reported', async (t) => {
    const { page } = await open(t, '/')
    await fillIn(page, 'user', 'wrong')
    t.match(await press(page, 'session', 'Sign in with a cookie'), /401 Unauthorized.*Invalid credentials/s)
  })

  await t.test('the fields are labelled for password managers', async (t) => {
    const { page } = await open(t, '/')
    t.equal(await page.getByLabel('Username').getAttribute('autocomplete'), 'username')
    t.equal(await page.getByLabel('Password').getAttribute('autocomplete'), 'current-password')
    t.equal(await page.getByLabel('Password').getAttribute('type'), 'password')
  })

  await t.test('nothing overflows a narrow screen', async (t) => {
    const { page } = await open(t, '/', 320)
    await fillIn(page, 'user', 'pass')
    await press(page, 'token', 'Sign in with a token')
    t.ok(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth'))
  })

  await t.test('/docs lists every route', async (t) => {
    const { page, complaints } = await open(t, '/docs')
    await page.locator('.opblock').first().waitFor()
    const routes = await page.locator('.opblock-summary-path').allInnerTexts()
    t.same(routes.map((route) => route.replaceAll('\u200B', '')).sort(), [
      '/.well-known/jwks.json',
      '/health/live',
      '/health/ready',
      '/session/login',
      '/session/logout',
      '/session/protected',
      '/token/login',
      '/token/logout',
      '/token/protected',
      '/token/refresh'
    ])
    t.same(complaints, [], 'the console has no errors')
  })
})

async function fillIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password').fill(password)
}

/** Presses a button. Resolves with the text of the carrier's panel afterwards. */
async function press(page: Page, carrier: 'session' | 'token', name: string): Promise<string> {
  const panel = page.locator(`[data-carrier=${carrier}]`)
  const button = name.startsWith('Sign in')
    ? page.getByRole('button', { name })
    : panel.getByRole('button', { name })
  const answered = page.waitForResponse((response) => response.url().includes(`/${carrier}/`))
  await button.click()
  const response = await answered
  const { pathname } = new URL(response.url())
  await panel.getByText(`${response.request().method()} ${pathname}`).waitFor()
  return panel.locator('output').innerText()
}
