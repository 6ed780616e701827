import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { noBrowser, startBrowser } from '@drawbridge/test-support/processes/start-browser'
import { until } from '@drawbridge/test-support/until'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { idle, isResponse, openPage, press, readRecords, send, signIn, unfold } from './open-page.ts'
import { startDemo } from './start-demo.ts'

const JUMP = pathToFileURL(join(import.meta.dirname, 'jump-clock.mjs')).href
const SIX_MINUTES = 360_000

/** The demo, and what makes every login of it six minutes older. */
async function startAgeing(t: Test) {
  const env = { NODE_OPTIONS: `--import ${JUMP}`, JUMP_CLOCK_MS: String(SIX_MINUTES) }
  const demo = await startDemo(t, { ...env, LOGIN_ATTEMPTS_PER_ACCOUNT: '100' })
  let jumps = 0
  const age = async () => {
    jumps += 1
    process.kill(demo.pid, 'SIGUSR2')
    await until(() => demo.output().includes(`the clock is ${jumps * SIX_MINUTES} ms ahead`))
  }
  return { url: demo.url, age }
}

const PASSWORD = 'a lamp above the old stairs'

/** Registers a user who is called as the carrier is, and signs in by that. */
async function registerAndSignIn(page: Page, carrier: 'session' | 'token'): Promise<void> {
  await page.getByRole('button', { name: 'Create an account' }).click()
  const account = { 'Choose a username': carrier, 'Choose a password': PASSWORD }
  await send(page, 'register', account, 'Create the account')
  await signIn(page, carrier, carrier, PASSWORD)
}

t.test('the page asks for the password where the server does', { skip: noBrowser }, async (t) => {
  const { url, age } = await startAgeing(t)
  const browser = await startBrowser(t)

  for (const carrier of ['session', 'token'] as const) {
    await t.test(`by ${carrier}: the request is repeated by the same login`, async (t) => {
      const { page, complaints } = await openPage(t, browser, url)
      await registerAndSignIn(page, carrier)
      const [login] = await readRecords(page)
      await age()
      await unfold(page, 'delete')
      await page.getByLabel('I want my account to be deleted').check()
      const button = page.getByRole('button', { name: 'Delete my account' })

      const dialog = page.getByRole('dialog', { name: 'Enter your password again' })
      await button.click()
      await dialog.waitFor()
      t.equal(await page.locator(':focus').getAttribute('id'), 'step-up-password')
      await page.keyboard.press('Escape')
      await idle(page)
      t.match(await page.locator('#delete output').innerText(), /Nothing was done.*401 Unauthorized/s)
      t.match(await readRecords(page), [{ id: login?.id }], 'and nothing has changed')
      t.equal(await page.locator(':focus').innerText(), 'Delete my account')

      const deleted: number[] = []
      page.on('response', (response) => {
        if (response.request().method() === 'DELETE') deleted.push(response.status())
      })
      await button.click()
      await dialog.getByLabel('Your password').fill('not the password at all')
      await page.keyboard.press('Enter')
      await dialog.getByText('This is not your password.').waitFor()
      await dialog.getByLabel('Your password').fill(PASSWORD)
      await page.keyboard.press('Enter')
      await page.locator('#sign-in').getByText('Your account is deleted').waitFor()
      t.notOk(await dialog.isVisible())
      t.same(deleted, [401, 204])
      t.same(
        complaints.filter((each) => !isResponse(each)),
        []
      )
    })
  }

  await t.test('a token that has expired meanwhile is refreshed first', async (t) => {
    const { page } = await openPage(t, browser, url)
    await page.clock.install()
    await page.reload()
    await registerAndSignIn(page, 'token')
    await age()
    await age()
    await page.clock.fastForward(2 * SIX_MINUTES)
    await page.locator('#token .badge:text("Expired")').waitFor()
    await unfold(page, 'keys')
    await page.getByLabel('Name of the token').fill('nightly report')
    await page.getByRole('button', { name: 'Make a token' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Your password').fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Continue' }).click()
    await page.locator('#keys').getByText('“nightly report” is made').waitFor()
    await idle(page)
    t.match(await press(t, page, 'token', 'Ask by token'), /Hello, token!/)
    t.equal((await readRecords(page)).length, 2, 'the login is the same one')
  })
})
