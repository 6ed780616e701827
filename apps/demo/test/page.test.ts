import t from 'tap'
import { noBrowser, startBrowser } from '@drawbridge/test-support/processes/start-browser'
import { fillIn, openPage, openUrl, press, readFacts, ready, send, unfold } from './open-page.ts'
import { startDemo } from './start-demo.ts'

t.test('the page in a browser', { skip: noBrowser }, async (t) => {
  const { url } = await startDemo(t)
  const browser = await startBrowser(t)

  await t.test('a user signs in by cookie, is greeted, and logs out', async (t) => {
    const { page, complaints } = await openPage(t, browser, url)
    await fillIn(page)
    t.match(await press(t, page, 'sign-in', 'Sign in with a cookie'), /200 OK.*Login successful/s)
    t.match(
      await press(t, page, 'session', 'Ask by cookie'),
      /GET \/session\/protected.*200 OK.*Hello, user!/s
    )
    t.equal(await page.evaluate('document.cookie'), '', 'no script can read the cookie')
    await page.reload()
    await ready(page)
    t.match(
      await press(t, page, 'session', 'Ask by cookie'),
      /200 OK.*Hello, user!/s,
      'the cookie survives a reload'
    )
    t.match(await press(t, page, 'session', 'Log out by cookie'), /200 OK.*Logged out/s)
    t.match(await press(t, page, 'session', 'Ask by cookie'), /401 Unauthorized/)
    t.same(complaints, [], 'the console has no errors')
  })

  await t.test('a user signs in by token, is greeted, refreshes, and logs out', async (t) => {
    const { page, complaints } = await openPage(t, browser, url)
    await fillIn(page)
    t.match(await press(t, page, 'sign-in', 'Sign in with a token'), /200 OK.*drbr_/s)
    t.match(await press(t, page, 'token', 'Ask by token'), /GET \/token\/protected.*200 OK.*Hello, user!/s)
    t.match(await press(t, page, 'token', 'Refresh'), /200 OK.*drbr_/s)
    t.match(await press(t, page, 'token', 'Ask by token'), /200 OK.*Hello, user!/s)
    t.equal(await page.evaluate('localStorage.length + sessionStorage.length'), 0, 'web storage is empty')
    t.match(await press(t, page, 'token', 'Log out by token'), /200 OK.*Logged out/s)
    t.match(await press(t, page, 'token', 'Ask by token'), /401 Unauthorized/)
    t.same(complaints, [], 'the console has no errors')
  })

  await t.test('a wrong password is reported, and signs nobody in', async (t) => {
    const { page } = await openPage(t, browser, url)
    await fillIn(page, 'user', 'wrong')
    t.match(
      await press(t, page, 'sign-in', 'Sign in with a cookie'),
      /The username or the password is wrong\..*401 Unauthorized.*Invalid credentials/s
    )
    t.equal(await page.locator('#session .badge').innerText(), 'Not signed in')
  })

  await t.test('the fields are labelled for password managers', async (t) => {
    const { page } = await openPage(t, browser, url)
    const form = page.locator('#sign-in')
    t.equal(await form.getByLabel('Username').getAttribute('autocomplete'), 'username')
    t.equal(await form.getByLabel('Password').getAttribute('autocomplete'), 'current-password')
    t.equal(await form.getByLabel('Password').getAttribute('type'), 'password')
    const complete = await page
      .locator('input[type=password]')
      .evaluateAll((inputs) => inputs.map((input) => [input.id, input.getAttribute('autocomplete')]))
    t.same(Object.fromEntries(complete), {
      password: 'current-password',
      'register-password': 'new-password',
      'reset-password': 'new-password',
      'current-password': 'current-password',
      'new-password': 'new-password',
      'step-up-password': 'current-password'
    })
  })

  await t.test('nothing overflows a narrow screen', async (t) => {
    const { page } = await openPage(t, browser, url, { viewport: { width: 320, height: 700 } })
    await fillIn(page)
    await press(t, page, 'sign-in', 'Sign in with a token')
    await press(t, page, 'token', 'Carry by cookie too')
    const fits = () => page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')
    t.ok(await fits())
    for (const part of ['keys', 'change', 'delete'] as const) await unfold(page, part)
    await send(page, 'keys', { 'Name of the token': 'n'.repeat(100) }, 'Make a token')
    t.ok(await fits(), 'the whole account')
  })

  await t.test('the cookie is described as the browser has it', async (t) => {
    const { page } = await openPage(t, browser, url)
    await fillIn(page)
    await press(t, page, 'sign-in', 'Sign in with a cookie')
    const [cookie] = (await page.context().cookies()).filter(({ name }) => name === 'drawbridge')
    t.match(cookie, { httpOnly: true, secure: false, sameSite: 'Lax', path: '/', expires: -1 })
    t.same(await readFacts(page.locator('[data-part=cookie]')), {
      drawbridge: 'hidden from scripts',
      HttpOnly: 'yes',
      SameSite: 'Lax',
      Path: '/',
      Secure: 'no',
      Expires: 'not set'
    })
  })

  await t.test('the access token is decoded claim by claim, and its seconds count down', async (t) => {
    const { page } = await openPage(t, browser, url)
    await page.clock.install()
    await page.reload()
    await ready(page)
    await fillIn(page)
    await press(t, page, 'sign-in', 'Sign in with a token')
    const claims = await readFacts(page.locator('[data-part=tokens] .facts').first())
    t.match(claims, { alg: 'EdDSA', typ: 'at+jwt', iss: 'drawbridge-demo', preferred_username: 'user' })
    for (const name of ['kid', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp', 'auth_time', 'login_exp'])
      t.ok(claims[name], name)
    t.equal(
      await page.locator('[data-part=tokens] dt:not(:has(~ .meaning))').count(),
      0,
      'each has a meaning'
    )
    const left = page.locator('#token .status [data-part=seconds-left]')
    t.match(await left.innerText(), /^(10 min|9 min \d+ s)$/)
    await page.clock.fastForward(120_000)
    t.match(await left.innerText(), /^7 min \d+ s$/)
    await page.clock.fastForward(480_000)
    t.equal(await page.locator('#token .badge').innerText(), 'Expired')
    t.match(await press(t, page, 'token', 'Refresh'), /200 OK/)
    t.equal(await page.locator('#token .badge').innerText(), 'Signed in')
  })

  await t.test('what a request costs is what the server says', async (t) => {
    const { page } = await openPage(t, browser, url)
    await fillIn(page)
    t.match(await press(t, page, 'sign-in', 'Sign in with a cookie'), /store asked: insert \(\d+\.\d ms\)/)
    const asked = await press(t, page, 'session', 'Ask by cookie')
    t.match(asked, /GET \/session\/protected.*store not asked.*GET \/protected.*store not asked/s)
    t.match(await page.locator('[data-part=session-cost]').innerText(), /GET \/protected store not asked/)
  })

  await t.test('an unreachable server is reported', async (t) => {
    const { page } = await openPage(t, browser, url)
    await page.context().setOffline(true)
    t.match(await press(t, page, 'session', 'Ask by cookie'), /The server cannot be reached/)
    t.equal(await page.locator('#session .badge').innerText(), 'No answer')
    await page.context().setOffline(false)
    t.match(await press(t, page, 'session', 'Ask by cookie'), /401 Unauthorized/)
    t.equal(await page.locator('#session .badge').innerText(), 'Not signed in')
  })

  await t.test('/docs lists every route', async (t) => {
    const { page, complaints } = await openUrl(t, browser, `${url}/docs`)
    await page.locator('.opblock').first().waitFor()
    const routes = await page.locator('.opblock-summary-path').allInnerTexts()
    t.same(routes.map((route) => route.replaceAll('\u200B', '')).sort(), [
      '/.well-known/jwks.json',
      '/account',
      '/account/logins',
      '/account/logins/revoke-others',
      '/account/logins/{id}',
      '/account/password',
      '/account/password/forgot',
      '/account/password/reset',
      '/account/reauthenticate',
      '/account/register',
      '/account/tokens',
      '/account/tokens',
      '/account/tokens/{id}',
      '/exchange/session-for-token',
      '/exchange/token-for-session',
      '/health/live',
      '/health/ready',
      '/logout',
      '/protected',
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
