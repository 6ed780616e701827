import { createHmac } from 'node:crypto'
import { noBrowser, startBrowser } from '@drawbridge/test-support/processes/start-browser'
import t from 'tap'
import { fillIn, openPage, press } from './open-page.ts'
import { startDemo } from './start-demo.ts'

const SECRET = 'the secret of the service that was there before'

/** A cookie as Flask signs it. */
function signFlask(session: object): string {
  const payload = Buffer.from(JSON.stringify(session)).toString('base64url')
  const time = Buffer.alloc(4)
  time.writeUInt32BE(Math.floor(Date.now() / 1000))
  const text = `${payload}.${time.toString('base64url')}`
  const key = createHmac('sha1', SECRET).update('cookie-session').digest()
  return `${text}.${createHmac('sha1', key).update(text).digest('base64url')}`
}

t.test('the page shows the move from another system', { skip: noBrowser }, async (t) => {
  const moving = { MIGRATE_FROM: 'flask', MIGRATE_SECRET: SECRET, OPERATORS: 'user' }
  const { url } = await startDemo(t, moving)
  const browser = await startBrowser(t)
  for (const width of [1280, 390]) {
    const { page, complaints } = await openPage(t, browser, url, { viewport: { width, height: 844 } })
    const section = page.locator('#migration')
    t.match(await section.innerText(), /The move from flask\s+Sign in, there or here/)
    t.equal(await section.locator('[aria-current]').count(), 0)

    await page.context().addCookies([{ name: 'session', value: signFlask({ user_id: 'user' }), url }])
    await page.reload()
    await section.getByText('Your login').waitFor()
    t.match(await section.innerText(), /Your login: led by the system before, carriers: none here yet\./)
    t.equal(await section.locator('[aria-current] strong').innerText(), 'old')

    await page.context().clearCookies()
    await page.reload()
    await fillIn(page)
    t.match(await press(t, page, 'sign-in', 'Sign in with a cookie'), /200 OK/)
    await section.getByText('led by it').waitFor()
    t.match(await section.innerText(), /carriers: session\./)
    t.match(await section.locator('[aria-current]').innerText(), /old\s.*led by us: \d\s+led by it: \d/s)
    const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
    t.equal(isWide, false, `nothing is cut off at ${width} px`)
    t.same(
      complaints.filter((line) => !line.includes('403')),
      []
    )
  }
})

t.test('a demo that moves nobody does not speak of it', { skip: noBrowser }, async (t) => {
  const { url } = await startDemo(t)
  const { page } = await openPage(t, await startBrowser(t), url)
  t.equal(await page.locator('#migration').isVisible(), false)
})
