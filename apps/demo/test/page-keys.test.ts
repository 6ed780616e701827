import { noBrowser, startBrowser } from '@drawbridge/test-support/processes/start-browser'
import t from 'tap'
import { idle, openPage, send, signIn, unfold } from './open-page.ts'
import { startDemo } from './start-demo.ts'

t.test('personal access tokens on the page', { skip: noBrowser }, async (t) => {
  const { url } = await startDemo(t, { OPERATORS: 'user', LOGIN_ATTEMPTS_PER_ACCOUNT: '100' })
  const browser = await startBrowser(t)

  for (const carrier of ['session', 'token'] as const) {
    await t.test(`by ${carrier}: one is made, shown once, used, listed and revoked`, async (t) => {
      const { page, complaints } = await openPage(t, browser, url)
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      await signIn(page, carrier)
      await unfold(page, 'keys')
      const list = page.getByRole('list', { name: 'Your personal access tokens' })
      t.match(await list.innerText(), 'You have none.')
      await page.getByLabel('Ends in').selectOption('7 days')
      await page.getByLabel('drawbridge:operator').check()
      const said = await send(page, 'keys', { 'Name of the token': 'nightly report' }, 'Make a token')
      t.match(said, /“nightly report” is made.*201 Created/s)
      t.notMatch(said, 'drbk_', 'the token is not read out')

      const field = page.getByLabel('Your new token')
      const token = await field.inputValue()
      t.match(token, /^drbk_/)
      t.equal(await page.locator(':focus').getAttribute('id'), 'new-key')
      await page.getByRole('button', { name: 'Copy the token' }).click()
      await page.getByText('Copied.').waitFor()
      t.equal(await page.evaluate('navigator.clipboard.readText()'), token)
      t.match(await list.innerText(), /nightly report\s+Revoke\s+Scopes: drawbridge:operator; made .*; ends /)
      t.match(await list.innerText(), 'no use noted yet')

      const ask = async () => {
        await page.getByRole('button', { name: 'Ask by this token' }).click()
        await idle(page)
        return page.locator('.made output').innerText()
      }
      t.match(await ask(), /GET \/protected\s+200 OK\s+Hello, user!/)
      await list.getByRole('button', { name: 'Revoke the token nightly report' }).click()
      await page.locator('#keys').getByText('is revoked').waitFor()
      await idle(page)
      t.match(await list.innerText(), 'You have none.')
      t.match(await ask(), /401 Unauthorized/)

      await page.getByRole('button', { name: 'Hide it' }).click()
      t.notOk(await field.isVisible())
      t.equal(await field.inputValue(), '', 'and it is nowhere in the page')
      t.same(complaints, [])
      await page.locator('#logins').getByRole('button', { name: 'Log out by both' }).click()
      await idle(page)
    })
  }

  await t.test('it is not left for who signs in next', async (t) => {
    const { page } = await openPage(t, browser, url)
    await signIn(page, 'session')
    await unfold(page, 'keys')
    await send(page, 'keys', { 'Name of the token': 'nightly report' }, 'Make a token')
    await page.locator('#logins').getByRole('button', { name: 'Log out by both' }).click()
    await page.locator('#account').waitFor({ state: 'hidden' })
    t.equal(await page.locator('#new-key').inputValue(), '')
    await signIn(page, 'session')
    t.notOk(await page.getByLabel('Your new token').isVisible())
    t.match(await page.locator('#keys > summary').innerText(), '1', 'it is still in the list')
  })

  await t.test('a scope that the user does not have is refused beside the form', async (t) => {
    const { page } = await openPage(t, browser, url)
    await page.getByRole('button', { name: 'Create an account' }).click()
    const account = { 'Choose a username': 'ada', 'Choose a password': 'a lamp above the old stairs' }
    await send(page, 'register', account, 'Create the account')
    await page.keyboard.press('Enter')
    await page.locator('#account').waitFor()
    await idle(page)
    await unfold(page, 'keys')
    await page.getByLabel('drawbridge:operator').check()
    const said = await send(page, 'keys', { 'Name of the token': 'too much' }, 'Make a token')
    t.match(said, /You do not have this scope.*403 Forbidden/s)
    await page.getByLabel('drawbridge:operator').uncheck()
    t.match(await send(page, 'keys', { 'Name of the token': ' ' }, 'Make a token'), /The name must be/)
    t.equal(await page.locator(':focus').getAttribute('id'), 'key-name')
  })
})
