import t from 'tap'
import { noBrowser, startBrowser } from '@drawbridge/test-support/processes/start-browser'
import {
  fillIn,
  findButton,
  openPage,
  press,
  readBadges,
  readFacts,
  readRecords,
  ready
} from './open-page.ts'
import { startDemo } from './start-demo.ts'

const screens = [
  { name: 'a wide screen', viewport: { width: 1280, height: 800 } },
  { name: 'a narrow screen', viewport: { width: 390, height: 844 } }
]

const tours = {
  'a cookie that is carried by token too': {
    signIn: ['session', 'Sign in with a cookie'],
    carry: ['session', 'Carry by token too', /POST \/exchange\/session-for-token.*200 OK.*drbr_/s],
    isCarried: /Carry by token too: the token carries this login already/
  },
  'a token that is carried by cookie too': {
    signIn: ['token', 'Sign in with a token'],
    carry: ['token', 'Carry by cookie too', /POST \/exchange\/token-for-session.*200 OK.*Login successful/s],
    isCarried: /Carry by cookie too: the cookie carries this login already/
  }
} as const

t.test('the tour of one login with two carriers', { skip: noBrowser }, async (t) => {
  const { url } = await startDemo(t, { LOGIN_ATTEMPTS_PER_ACCOUNT: '100' })
  const browser = await startBrowser(t)

  for (const { name: screen, viewport } of screens) {
    for (const [name, { signIn, carry, isCarried }] of Object.entries(tours)) {
      await t.test(`on ${screen}: ${name}, one record, revoked from the list`, async (t) => {
        const { page, complaints } = await openPage(t, browser, url, { viewport })
        t.same(await readBadges(page), ['Not signed in', 'Not signed in'])
        await fillIn(page)
        t.match(await press(t, page, 'sign-in', signIn[1]), /200 OK/)
        t.match(await readRecords(page), [{ carriers: signIn[0] }])

        t.match(await press(t, page, ...([carry[0], carry[1]] as const)), carry[2])
        t.same(await readBadges(page), ['Signed in', 'Signed in'])
        t.match(await page.locator(`#${carry[0]} .reasons`).innerText(), isCarried)
        const records = await readRecords(page)
        t.match(records, [{ carriers: 'session, token' }])
        t.equal(records.length, 1, 'one record')
        t.same(await page.locator('.record .badge').allInnerTexts(), ['this cookie', 'this token'])
        const claims = await readFacts(page.locator('[data-part=tokens] .facts').first())
        t.equal(claims.sid, records[0]?.id, 'the token names it')
        for (const carrier of ['session', 'token'] as const) {
          const own = carrier === 'session' ? 'Ask by cookie' : 'Ask by token'
          t.match(
            await press(t, page, carrier, own),
            /200 OK.*Hello, user!.*\/protected.*200 OK.*Hello, user!/s
          )
        }

        const revoked = await press(t, page, 'logins', /^Revoke the login of Chrome on Linux/)
        t.match(revoked, /DELETE \/account\/logins\/.{8}….*204.*GET \/session\/protected.*401/s)
        t.match(revoked, /GET \/token\/protected.*401.*GET \/protected.*401/s)
        t.same(await readBadges(page), ['Rejected', 'Rejected'])
        t.same(await readRecords(page), [])
        t.match(await press(t, page, 'session', 'Ask by cookie'), /401 Unauthorized.*401 Unauthorized/s)
        t.match(await press(t, page, 'token', 'Ask by token'), /401 Unauthorized.*401 Unauthorized/s)
        t.match(await page.locator('#token .status').innerText(), /to go, and the server rejects it/)

        t.match(await press(t, page, 'logins', 'Log out by both'), /POST \/logout.*200 OK.*Logged out/s)
        t.same(await readBadges(page), ['Not signed in', 'Not signed in'])
        t.same(
          (await page.context().cookies()).filter(({ name }) => name === 'drawbridge'),
          []
        )
        t.same(complaints, [], 'the console has no errors')
      })
    }
  }

  await t.test('after a reload the page shows what is still true', async (t) => {
    const { page } = await openPage(t, browser, url)
    await fillIn(page)
    await press(t, page, 'sign-in', 'Sign in with a cookie')
    await press(t, page, 'session', 'Carry by token too')
    await page.reload()
    await ready(page)
    t.same(await readBadges(page), ['Signed in', 'Not signed in'], 'the tokens were in this page alone')
    t.equal(await page.evaluate('localStorage.length + sessionStorage.length'), 0, 'web storage is empty')
    t.match(await readRecords(page), [{ carriers: 'session, token' }], 'the record still has both carriers')

    const withoutToken = await press(t, page, 'token', 'Ask by token')
    t.match(withoutToken, /401.*GET \/protected\s+401/s, 'the cookie does not answer for the token')

    // Its refresh token cannot be had again.
    t.match(await press(t, page, 'session', 'Carry by token too'), /200 OK.*An access token(?! and)/s)
    t.same(await readBadges(page), ['Signed in', 'Signed in'])
    t.match(await page.locator('#token .reasons').innerText(), /Refresh: the access token came alone/)
    t.match(await press(t, page, 'token', 'Ask by token'), /200 OK.*Hello, user!/s)

    t.match(await press(t, page, 'session', 'Log out by cookie'), /200 OK.*Logged out/s)
    t.same(await readBadges(page), ['Not signed in', 'Rejected'], 'the log-out was of the login')
    await page.reload()
    await ready(page)
    t.same(await readBadges(page), ['Not signed in', 'Not signed in'])
  })

  await t.test('two sign-ins are two records, and all others can be revoked', async (t) => {
    const { page } = await openPage(t, browser, url)
    await fillIn(page)
    await press(t, page, 'sign-in', 'Sign in with a cookie')
    await press(t, page, 'sign-in', 'Sign in with a token')
    const marks = await page.locator('.record .badge').allInnerTexts()
    t.same(marks.slice(0, 2), ['this token', 'this cookie'], 'the newest first')
    t.match(await press(t, page, 'logins', 'Revoke all others'), /revoke-others.*200 OK.*\d+ revoked/s)
    t.same(await readBadges(page), ['Signed in', 'Rejected'])
    t.equal((await readRecords(page)).length, 1)
  })

  await t.test('a login that is revoked on another device is rejected here', async (t) => {
    const { page } = await openPage(t, browser, url)
    const { page: phone } = await openPage(t, browser, url, { viewport: { width: 390, height: 844 } })
    for (const each of [page, phone]) {
      await fillIn(each)
      await press(t, each, 'sign-in', 'Sign in with a cookie')
    }
    await findButton(phone, 'logins', 'Revoke all others').click()
    await phone.locator('#logins .exchange').waitFor()
    t.match(await press(t, page, 'session', 'Ask by cookie'), /401 Unauthorized/)
    t.same(await readBadges(page), ['Rejected', 'Not signed in'])
  })
})
