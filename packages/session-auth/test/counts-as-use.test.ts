import { createMemoryFeed } from '@drawbridge/logins'
import t from 'tap'
import { makeApp, type TestApp } from './make-app.ts'

const MINUTE = 60_000

/** A service whose page polls. */
function makePolledApp(options: Parameters<typeof makeApp>[0] = {}): Promise<TestApp> {
  return makeApp({
    ...options,
    routes: (app) => {
      const onRequest = app.sessionAuth.guard({ countsAsUse: false })
      app.get('/news', { onRequest }, async ({ principal }) => principal)
    }
  })
}

const status = async ({ app }: TestApp, url: string, cookie: string) =>
  (await app.inject({ url, headers: { cookie } })).statusCode

t.test('S25: polling does not extend a login, and does not end one that is used', async (t) => {
  const polled = await makePolledApp()
  const { clock, logins, signIn } = polled
  const idle = await signIn()
  const used = await signIn('bob')
  // 30 minutes and a touch interval.
  for (let minutes = 0; minutes < 30; minutes++) {
    clock.now += MINUTE
    t.equal(await status(polled, '/news', idle), 200, `${minutes} minutes`)
    if (minutes % 10 === 0) t.equal(await status(polled, '/me', used), 200)
    await logins.flushTouches()
  }
  clock.now += MINUTE
  await logins.flushTouches()
  t.equal(await status(polled, '/news', idle), 401, 'nobody used it')
  t.equal(await status(polled, '/me', idle), 401)
  t.equal(await status(polled, '/news', used), 200, 'this one was used')
})

t.test('S25: a login that is polled and used counts as used, in any order', async (t) => {
  for (const order of [
    ['/news', '/me'],
    ['/me', '/news']
  ]) {
    const polled = await makePolledApp()
    const { clock, logins, signIn, storeSpy } = polled
    const cookie = await signIn()
    for (const url of order) await status(polled, url, cookie)
    clock.now += MINUTE
    for (const url of order) t.equal(await status(polled, url, cookie), 200)
    await logins.flushTouches()
    t.equal(storeSpy.counts.touch, 1, order.join())
  }
})

t.test('S25: a poll sends no snapshot, which would hide the use after it from the store', async (t) => {
  const feed = () => Object.assign(createMemoryFeed(), { isShared: true as const })
  const { store, signIn, clock } = await (async () => {
    const { storeSpy, ...made } = await makePolledApp({ logins: { feed: feed() } })
    return { ...made, store: storeSpy.store }
  })()
  const cookie = await signIn()
  const polled = await makePolledApp({ store, clock, logins: { feed: feed() } })
  const poll = await polled.app.inject({ url: '/news', headers: { cookie } })
  t.equal(poll.statusCode, 200)
  t.equal(poll.headers['set-cookie'], undefined)
  const used = await makePolledApp({ store, clock, logins: { feed: feed() } })
  const answer = await used.app.inject({ url: '/me', headers: { cookie } })
  t.match(answer.headers['set-cookie'], /-snapshot=/)
})

t.test('S25: the principal says when its login ends, from the store, the cache and a snapshot', async (t) => {
  const feed = () => Object.assign(createMemoryFeed(), { isShared: true as const })
  const first = await makePolledApp({ logins: { feed: feed() } })
  const { clock, storeSpy, app } = first
  const end = clock.now + 43_200_000
  const payload = { username: 'ada', password: 'correct horse battery staple' }
  const logIn = await app.inject({ method: 'POST', url: '/session/login', payload })
  const cookies = [logIn.headers['set-cookie'] ?? []].flat().map((line) => line.split(';', 1)[0] as string)
  clock.now += MINUTE
  const expiresAt = async (node: TestApp, cookie: string) =>
    (await node.app.inject({ url: '/me', headers: { cookie } })).json<{ expiresAt: number }>().expiresAt
  const second = await makePolledApp({ store: storeSpy.store, clock, logins: { feed: feed() } })
  t.equal(await expiresAt(second, cookies[0] as string), end, 'asked of the store')
  t.equal(await expiresAt(second, cookies[0] as string), end, 'remembered')
  t.equal(await expiresAt(first, cookies.join('; ')), end, 'by the snapshot')
})
