import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import { noBrowser, startBrowser } from '@drawbridge/test-support/processes/start-browser'
import {
  fillIn,
  findButton,
  idle,
  openPage,
  press,
  readBadges,
  readResponse,
  send,
  unfold
} from './open-page.ts'
import { startDemo } from './start-demo.ts'

t.test('the page is for every user', { skip: noBrowser }, async (t) => {
  const { url } = await startDemo(t, { LOGIN_ATTEMPTS_PER_ACCOUNT: '100' })
  const browser = await startBrowser(t)

  await t.test('the whole tour can be made with the keyboard alone', async (t) => {
    const { page } = await openPage(t, browser, url)
    await tabTo(t, page, 'Username')
    await page.keyboard.type('user')
    await tabTo(t, page, 'Password')
    await page.keyboard.type('pass')
    await page.keyboard.press('Enter')
    t.match(
      await readResponse(t, page, 'sign-in'),
      /POST \/session\/login.*200 OK/s,
      'Enter is the first button'
    )
    await tabTo(t, page, 'Carry by token too')
    await page.keyboard.press('Enter')
    t.match(await readResponse(t, page, 'session'), /200 OK.*drbr_/s)
    t.equal(await focused(page), 'Carry by token too', 'a button that can no longer be used keeps the focus')
    await tabTo(t, page, 'Ask by token')
    await page.keyboard.press('Space')
    t.match(await readResponse(t, page, 'token'), /Hello, user!/)
    await tabTo(t, page, /^Revoke the login of /)
    await page.keyboard.press('Enter')
    t.match(await readResponse(t, page, 'logins'), /DELETE.*204.*401.*401.*401/s)
    t.equal(await focused(page), 'Your logins on the server', 'the focus is not lost with the button')
    t.same(await readBadges(page), ['Rejected', 'Rejected'])
  })

  await t.test('the account too can be used with the keyboard alone', async (t) => {
    const { page } = await openPage(t, browser, url)
    await tabTo(t, page, 'Create an account')
    await page.keyboard.press('Enter')
    t.equal(await focused(page), 'Choose a username')
    await page.keyboard.type('ada')
    await tabTo(t, page, 'Choose a password')
    await page.keyboard.type('a lamp above the old stairs')
    await page.keyboard.press('Enter')
    await page.locator('#sign-in').getByText('You have an account.').waitFor()
    await page.keyboard.press('Enter')
    await page.locator('#account').waitFor()
    await idle(page)
    await tabTo(t, page, /^Personal access tokens/)
    await page.keyboard.press('Enter')
    await tabTo(t, page, 'Name of the token')
    await page.keyboard.type('nightly report')
    await page.keyboard.press('Enter')
    await page.locator('#keys').getByText('is made').waitFor()
    await idle(page)
    t.match(await focused(page), /^Your new token/)
    await tabTo(t, page, 'Revoke the token nightly report')
    await page.keyboard.press('Enter')
    await page.locator('#keys').getByText('is revoked').waitFor()
    await idle(page)
    t.match(await focused(page), /Personal access tokens/, 'the focus is not lost with the button')
  })

  await t.test('what cannot be done is disabled, says why, and does nothing', async (t) => {
    const { page } = await openPage(t, browser, url)
    const check = async (expected: readonly string[]) => {
      const disabled = await page.locator('button[aria-disabled=true]').all()
      t.same(await Promise.all(disabled.map((each) => each.innerText())), expected)
      for (const button of disabled) {
        const name = await button.innerText()
        const reason = await page.locator(`#${await button.getAttribute('aria-describedby')}`).innerText()
        t.match(reason, new RegExp(`${name}.*: [^.]+\\.`), reason)
      }
    }
    await check([
      'Carry by token too',
      'Log out by cookie',
      'Carry by cookie too',
      'Refresh',
      'Log out by token',
      'Revoke all others',
      'Log out by both'
    ])
    await fillIn(page)
    await press(t, page, 'sign-in', 'Sign in with a token')
    await check(['Sign in with a token', 'Carry by token too', 'Log out by cookie', 'Revoke all others'])

    const requests: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    for (const [section, name] of [
      ['session', 'Carry by token too'],
      ['sign-in', 'Sign in with a token']
    ] as const) {
      await findButton(page, section, name).click({ force: true })
      t.match(await readResponse(t, page, section), /^(?!.*\d{3} ).*(no login by cookie|already)/)
    }
    t.same(requests, [])
    await press(t, page, 'token', 'Log out by token')
  })

  await t.test('every control has a name, and every response is announced', async (t) => {
    const { page } = await openPage(t, browser, url)
    await fillIn(page)
    await press(t, page, 'sign-in', 'Sign in with a cookie')
    await press(t, page, 'session', 'Carry by token too')
    const tree = await page.locator('body').ariaSnapshot()
    const controls = tree.match(/- (button|textbox|combobox|link|img)\b.*/g) ?? []
    t.ok(controls.length >= 14)
    t.same(
      controls.filter((control) => !/^- \w+ "[^"]+"/.test(control)),
      [],
      'each has a name'
    )
    t.equal(tree.match(/- status\b/g)?.length, 4, 'a live region for each place where a response may be')
    t.match(
      await page.getByRole('region', { name: 'Cookie' }).getByRole('status').innerText(),
      /POST \/exchange\/session-for-token\s+200 OK\s+An access token and a refresh token/
    )
    for (const name of ['Sign in', 'Cookie', 'Token', 'Your logins on the server', 'Where the state lives'])
      t.equal(await page.getByRole('region', { name, exact: true }).count(), 1, name)
    t.equal(await page.getByRole('status').getByText('eyJ').count(), 0, 'tokens are not read out')
    t.equal(
      await page
        .getByRole('status')
        .getByText(/\d+ min/)
        .count(),
      0,
      'nor is the countdown'
    )
    for (const part of ['keys', 'change', 'delete'] as const) await unfold(page, part)
    const account = await page.locator('#account').ariaSnapshot()
    t.equal(account.match(/- status\b/g)?.length ?? 0, 3, 'a live region for each form of the account')
    t.same(
      (account.match(/- (button|textbox|combobox|checkbox)\b.*/g) ?? []).filter(
        (control) => !/^- \w+ "[^"]+"/.test(control)
      ),
      []
    )
    await press(t, page, 'logins', /^Revoke the login/)
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    await t.test(`every text can be read in ${colorScheme} colours`, async (t) => {
      const { page } = await openPage(t, browser, url, { colorScheme })
      const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor')
      t.equal(ground, colorScheme === 'light' ? 'rgb(244, 246, 245)' : 'rgb(19, 24, 23)')
      t.same(await page.evaluate(FAINT_TEXTS), [])
      for (const door of ['Create an account', 'Forgot your password?']) {
        await page.getByRole('button', { name: door }).click()
        t.same(await page.evaluate(FAINT_TEXTS), [], door)
        await page.getByRole('button', { name: 'Back to the sign-in' }).filter({ visible: true }).click()
      }
      await fillIn(page)
      await press(t, page, 'sign-in', 'Sign in with a cookie')
      await press(t, page, 'session', 'Carry by token too')
      for (const part of ['keys', 'change', 'delete'] as const) await unfold(page, part)
      await send(page, 'keys', { 'Name of the token': 'nightly report' }, 'Make a token')
      const passwords = { 'Current password': 'wrong', 'New password': 'wrong' }
      await send(page, 'change', passwords, 'Change the password')
      t.same(await page.evaluate(FAINT_TEXTS), [])
      await press(t, page, 'logins', /^Revoke the login/)
      t.same(await page.evaluate(FAINT_TEXTS), [])
    })
  }
})

/** The texts whose contrast is below 4.5 (WCAG 2.2, 1.4.3). The colours of the page are opaque. */
const FAINT_TEXTS = `(() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number)
  const luminance = (color) => {
    const [r, g, b] = parse(color).map((value) => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const isOpaque = (color) => (parse(color)[3] ?? 1) === 1
  const ground = (element) => {
    const color = getComputedStyle(element).backgroundColor
    return isOpaque(color) ? color : ground(element.parentElement)
  }
  const isText = (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== ''
  const contrast = (element) => {
    const pair = [getComputedStyle(element).color, ground(element)].map(luminance).sort((a, b) => b - a)
    return (pair[0] + 0.05) / (pair[1] + 0.05)
  }
  return [...document.body.querySelectorAll('*')]
    .filter((element) => element.checkVisibility() && [...element.childNodes].some(isText))
    .filter((element) => contrast(element) < 4.5)
    .map((element) => element.outerHTML.slice(0, 80))
})()`

/** The accessible name of the element that has the focus, or its text. */
async function focused(page: Page): Promise<string> {
  return page.evaluate<string>(
    `(({ activeElement: at }) =>
      at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent)(document)`
  )
}

/** Presses the Tab key until a control has the focus. */
async function tabTo(t: Test, page: Page, name: string | RegExp): Promise<void> {
  const isThere = (text: string) => (typeof name === 'string' ? text === name : name.test(text))
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    if (isThere((await focused(page)).trim())) {
      t.notOk(
        await page.evaluate("getComputedStyle(document.activeElement).outlineStyle === 'none'"),
        'the focus is visible'
      )
      return
    }
  }
  t.fail(`the Tab key does not reach ${String(name)}`)
}
