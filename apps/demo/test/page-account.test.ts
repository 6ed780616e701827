import { noBrowser, startBrowser } from '@drawbridge/test-support/processes/start-browser'
import type { RunningProcess } from '@drawbridge/test-support/processes/start-process'
import { until } from '@drawbridge/test-support/until'
import type { Page } from 'playwright-core'
import t from 'tap'
import {
  idle,
  isResponse,
  openPage,
  press,
  readBadges,
  readFacts,
  ready,
  send,
  signIn,
  unfold
} from './open-page.ts'
import { startDemo } from './start-demo.ts'

const PASSWORD = 'a lamp above the old stairs'
const OTHER = 'a garden behind the new house'

/** A user of whom each test has one. */
const users = ['ada', 'grace', 'edsger', 'barbara', 'donald', 'frances', 'tony', 'radia', 'ken', 'joan']
const nextUser = () => users.pop() as string

async function register(page: Page, username: string): Promise<void> {
  await page.getByRole('button', { name: 'Create an account' }).click()
  const fields = { 'Choose a username': username, 'Choose a password': PASSWORD }
  await send(page, 'register', fields, 'Create the account')
  await page.locator('#sign-in').getByText('You have an account.').waitFor()
}

/** The link in the last mail to a user. */
async function readMail({ output }: RunningProcess, to: string): Promise<string> {
  const links = () => [...output().matchAll(new RegExp(`"event":"mail","to":"${to}".*?(http\\S+?)"`, 'g'))]
  await until(() => links().length > 0)
  return links().at(-1)?.[1] as string
}

t.test('what users do with their account, on the page', { skip: noBrowser }, async (t) => {
  const demo = await startDemo(t)
  const { url } = demo
  const browser = await startBrowser(t)

  await t.test('a visitor sees one form, and nothing of an account', async (t) => {
    const { page } = await openPage(t, browser, url)
    t.equal(await page.locator('form').filter({ visible: true }).count(), 1)
    for (const hidden of ['account', 'logins', 'register', 'forgot', 'reset', 'verify'])
      t.notOk(await page.locator(`#${hidden}`).isVisible(), hidden)
    t.notOk(await page.locator('.greeting').isVisible())
  })

  for (const carrier of ['session', 'token'] as const) {
    await t.test(`a visitor registers, and signs in by ${carrier}`, async (t) => {
      const { page, complaints } = await openPage(t, browser, url)
      const username = nextUser()
      await register(page, username)
      t.equal(await page.locator(':focus').innerText(), 'Sign in with a cookie')
      const form = page.locator('#sign-in')
      t.equal(await form.getByLabel('Username').inputValue(), username)
      t.equal(await form.getByLabel('Password').inputValue(), PASSWORD)
      await signIn(page, carrier, username, PASSWORD)
      t.match(await page.locator('.greeting').innerText(), `Hello, ${username}!`)
      t.ok(await page.locator('#account').isVisible())
      t.notOk(await page.getByRole('button', { name: 'Create an account' }).isVisible())
      t.same(complaints, [])
    })

    await t.test(
      `by ${carrier}: a change of the password ends all other logins, and not this one`,
      async (t) => {
        const { page } = await openPage(t, browser, url)
        const { page: phone } = await openPage(t, browser, url, { viewport: { width: 390, height: 844 } })
        const username = nextUser()
        await register(page, username)
        await signIn(page, carrier, username, PASSWORD)
        await signIn(phone, 'session', username, PASSWORD)

        await unfold(page, 'change')
        const change = (current: string, password: string) =>
          send(
            page,
            'change',
            { 'Current password': current, 'New password': password },
            'Change the password'
          )
        t.match(await change('not the password at all', OTHER), /This is not your password\..*403 Forbidden/s)
        t.equal(await page.locator(':focus').getAttribute('id'), 'current-password')
        t.match(await change(PASSWORD, 'short'), /must have at least 15 characters\..*400 Bad Request/s)
        t.equal(await page.locator('#change [aria-invalid]').getAttribute('id'), 'new-password')
        const changed = await change(PASSWORD, OTHER)
        t.match(changed, carrier === 'session' ? /new cookie/ : /new tokens/)
        t.equal(await page.locator('#change [aria-invalid]').count(), 0)
        t.equal(await page.locator('#logins .record').count(), 1)
        const next = carrier === 'session' ? 'Ask by cookie' : 'Refresh'
        t.match(await press(t, page, carrier, next), /200 OK/, 'by what it got')

        await phone.getByRole('button', { name: 'Ask by cookie' }).click()
        await phone.locator('#session .badge:text("Rejected")').waitFor()
        await phone.getByRole('button', { name: 'Log out by cookie' }).click()
        await idle(phone)
        await signIn(phone, 'session', username, OTHER)
      }
    )

    await t.test(`by ${carrier}: a user deletes the account, and is nobody`, async (t) => {
      const { page } = await openPage(t, browser, url)
      const username = nextUser()
      await register(page, username)
      await signIn(page, carrier, username, PASSWORD)
      await unfold(page, 'delete')
      await page.getByRole('button', { name: 'Delete my account' }).click()
      t.ok(await page.locator('#account').isVisible(), 'not without the box')
      await page.getByLabel('I want my account to be deleted').check()
      await page.getByRole('button', { name: 'Delete my account' }).click()
      await page.locator('#sign-in').getByText('Your account is deleted').waitFor()
      await idle(page)
      t.notOk(await page.locator('#account').isVisible())
      t.same(await readBadges(page), ['Not signed in', 'Not signed in'])
      t.equal(await page.locator(':focus').getAttribute('id'), 'username', 'the focus is not lost')
      t.same(await page.context().cookies(), [])
      await page.locator('#sign-in').getByLabel('Username').fill(username)
      await page.locator('#sign-in').getByLabel('Password').fill(PASSWORD)
      await page.keyboard.press('Enter')
      await page.locator('#sign-in').getByText('Invalid credentials').waitFor()
    })
  }

  await t.test('what is wrong with a registration is said beside it', async (t) => {
    const { page } = await openPage(t, browser, url)
    await page.getByRole('button', { name: 'Create an account' }).click()
    const register = (username: string, password: string) =>
      send(
        page,
        'register',
        { 'Choose a username': username, 'Choose a password': password },
        'Create the account'
      )
    t.match(await register('user', PASSWORD), /This username is taken\..*409 Conflict/s)
    t.equal(await page.locator(':focus').getAttribute('id'), 'register-username')
    t.match(await register('someone', 'password'), /The password must have at least 15 characters\./)
    t.equal(await page.locator(':focus').getAttribute('id'), 'register-password')
    t.match(await register('some\tone', PASSWORD), /The username must be 1 to 255 visible characters/)
  })

  await t.test('a new password can be shown before it is sent, and not after', async (t) => {
    const { page } = await openPage(t, browser, url)
    await page.getByRole('button', { name: 'Create an account' }).click()
    const field = page.getByLabel('Choose a password')
    const button = page.locator('#register').getByRole('button', { name: 'Show the password' })
    t.equal(await field.getAttribute('type'), 'password')
    await button.click()
    t.equal(await field.getAttribute('type'), 'text')
    t.equal(await page.getByRole('button', { name: 'Hide the password' }).count(), 1)
    await send(page, 'register', { 'Choose a username': 'user', 'Choose a password': PASSWORD }, 'Create')
    t.equal(await field.getAttribute('type'), 'password')
  })

  await t.test('who forgot the password sets a new one by the link in the log, once', async (t) => {
    const { page: old } = await openPage(t, browser, url)
    const username = nextUser()
    await register(old, username)
    await signIn(old, 'session', username, PASSWORD)

    const { page, complaints } = await openPage(t, browser, url)
    await page.getByRole('button', { name: 'Forgot your password?' }).click()
    const asked = await send(page, 'forgot', { 'Your username': username }, 'Send the link')
    t.match(asked, /If there is such a user.*202 Accepted/s)
    const link = await readMail(demo, username)
    t.match(link, new RegExp(`^${url}/#reset=drbo_[\\w-]+$`))

    await page.goto(link)
    await page.getByRole('heading', { name: 'Set a new password' }).waitFor()
    t.equal(page.url(), `${url}/`, 'the token is not in the address bar')
    t.notMatch(await page.content(), 'drbo_')
    t.equal(await page.locator(':focus').getAttribute('id'), 'reset-password')
    t.match(await send(page, 'reset', { 'New password': 'short' }, 'Set the password'), /at least 15/)
    await send(page, 'reset', { 'New password': OTHER }, 'Set the password')
    await page.locator('#sign-in').getByText('The new password is set').waitFor()
    t.same(await readBadges(page), ['Not signed in', 'Not signed in'])
    await signIn(page, 'token', username, OTHER)
    await old.getByRole('button', { name: 'Ask by cookie' }).click()
    await old.locator('#session .badge:text("Rejected")').waitFor()

    await page.goBack()
    t.notMatch(page.url(), 'drbo_', 'nor in the history')
    const { page: again } = await openPage(t, browser, link)
    t.match(
      await send(again, 'reset', { 'New password': PASSWORD }, 'Set the password'),
      /This link is not good any more.*400 Bad Request/s
    )
    t.same(
      complaints.filter((each) => !isResponse(each)),
      []
    )
  })

  await t.test('a link that is opened in a page that is open already is taken too', async (t) => {
    const { page } = await openPage(t, browser, url)
    await page.evaluate("location.hash = 'reset=drbo_made-up'")
    await page.getByRole('heading', { name: 'Set a new password' }).waitFor()
    t.equal(page.url(), `${url}/`)
    await page.locator('#reset').getByRole('button', { name: 'Back to the sign-in' }).click()
    t.ok(await page.locator('#sign-in').isVisible())
  })

  await t.test('the cookie of who stays signed in survives the browser', async (t) => {
    const { page } = await openPage(t, browser, url)
    await page.getByLabel('Stay signed in').check()
    await signIn(page, 'session')
    const [cookie] = (await page.context().cookies()).filter(({ name }) => name === 'drawbridge')
    const days = ((cookie?.expires ?? 0) * 1000 - Date.now()) / 86_400_000
    t.ok(days > 29 && days <= 30, `${days} days`)
    const { Expires } = await readFacts(page.locator('[data-part=cookie]'))
    t.match(Expires, /^\d+ \w+ \d+/, 'a date')
    await page.reload()
    await ready(page)
    t.equal((await readFacts(page.locator('[data-part=cookie]'))).Expires, Expires)
  })
})

t.test('a service that verifies addresses', { skip: noBrowser }, async (t) => {
  const demo = await startDemo(t, { REGISTRATION: 'verified' })
  const browser = await startBrowser(t)
  const { page } = await openPage(t, browser, demo.url)
  const register = async (username: string) => {
    await page.getByRole('button', { name: 'Create an account' }).click()
    const fields = { 'Choose a username': username, 'Choose a password': PASSWORD }
    await send(page, 'register', fields, 'Create the account')
    return page.locator('#sign-in output').innerText()
  }
  const isFree = await register('ada')
  t.match(isFree, /A link that confirms the account is on its way\..*202 Accepted/s)
  t.equal(await register('user'), isFree, 'the same where the name is taken')

  const link = await readMail(demo, 'ada')
  t.match(link, /#verify=/)
  await page.goto(link)
  await page.getByRole('heading', { name: 'Confirm your account' }).waitFor()
  t.equal(page.url(), `${demo.url}/`)
  await send(page, 'verify', {}, 'Confirm the account')
  await page.locator('#sign-in').getByText('The account is confirmed').waitFor()
  await signIn(page, 'session', 'ada', PASSWORD)
  t.match(await page.locator('.greeting').innerText(), 'Hello, ada!')
})
