import t from 'tap'
import { makeApp, PASSWORD } from './make-app.ts'

const HOST = 'app.example'
const OURS = `http://${HOST}`

type Case = readonly [what: string, headers: Record<string, string>, allowed: boolean]

const CASES: readonly Case[] = [
  ['neither header: no browser', {}, true],
  ['Sec-Fetch-Site same-origin', { 'sec-fetch-site': 'same-origin' }, true],
  ['Sec-Fetch-Site none: typed by the user', { 'sec-fetch-site': 'none' }, true],
  ['Sec-Fetch-Site cross-site', { 'sec-fetch-site': 'cross-site' }, false],
  ['Sec-Fetch-Site same-site: a sibling subdomain', { 'sec-fetch-site': 'same-site' }, false],
  ['Sec-Fetch-Site of an unknown kind', { 'sec-fetch-site': 'whatever' }, false],
  ['Sec-Fetch-Site wins over Origin', { 'sec-fetch-site': 'cross-site', origin: OURS }, false],
  ['our Origin', { origin: OURS }, true],
  ['another Origin', { origin: 'https://evil.example' }, false],
  ['Origin null', { origin: 'null' }, false],
  ['another scheme', { origin: `https://${HOST}` }, false],
  ['another port', { origin: `${OURS}:8080` }, false],
  ['our name as a prefix', { origin: `${OURS}.evil` }, false],
  ['trailing dot', { origin: `${OURS}.` }, false],
  ['userinfo', { origin: `http://${HOST}@evil.example` }, false],
  ['upper case, which no browser sends', { origin: OURS.toUpperCase() }, false],
  [
    'X-Forwarded-Host without trustProxy',
    { origin: 'http://evil.example', 'x-forwarded-host': 'evil.example' },
    false
  ],
  ['a trusted Origin', { origin: 'https://admin.example', 'sec-fetch-site': 'same-site' }, true],
  ['a trusted Origin, of an old browser', { origin: 'https://admin.example' }, true]
]

t.test('an unsafe request on a guarded route, log-in and log-out must come from our own pages', async (t) => {
  const { app, signIn } = await makeApp({ session: { trustedOrigins: ['https://admin.example'] } })
  const cookie = await signIn()
  for (const [what, headers, allowed] of CASES) {
    const send = (url: string, payload?: object) =>
      app.inject({
        method: 'POST',
        url,
        headers: { host: HOST, ...headers, ...(url === '/me' ? { cookie } : {}) },
        ...(payload && { payload })
      })
    const answers = [
      await send('/me'),
      await send('/session/logout'),
      await send('/session/login', { username: 'bob', password: PASSWORD })
    ]
    t.same(
      answers.map(({ statusCode }) => statusCode),
      allowed ? [200, 200, 200] : [403, 403, 403],
      what
    )
    if (!allowed) t.equal(answers[0]?.json().code, 'DRAWBRIDGE_CROSS_ORIGIN')
  }
})

t.test('a forged request changes nothing: the login stays active', async (t) => {
  const { app, signIn } = await makeApp()
  const cookie = await signIn()
  const headers = { cookie, 'sec-fetch-site': 'cross-site' }
  t.equal((await app.inject({ method: 'POST', url: '/session/logout', headers })).statusCode, 403)
  t.equal((await app.inject({ url: '/me', headers: { cookie } })).statusCode, 200)
})

t.test('a safe method is accepted from any origin', async (t) => {
  const { app, signIn } = await makeApp()
  const headers = { cookie: await signIn(), 'sec-fetch-site': 'cross-site' }
  t.equal((await app.inject({ url: '/me', headers })).statusCode, 200)
})

t.test('rejectMissingOrigin rejects requests with neither header', async (t) => {
  const { app } = await makeApp({ session: { rejectMissingOrigin: true } })
  t.equal((await app.inject({ method: 'POST', url: '/session/logout' })).statusCode, 403)
  const headers = { 'sec-fetch-site': 'same-origin' }
  t.equal((await app.inject({ method: 'POST', url: '/session/logout', headers })).statusCode, 200)
})

/** An unsafe request as an old browser sends it, without Sec-Fetch-Site. */
const fromOldBrowser = (headers: Record<string, string>) =>
  ({ method: 'POST', url: '/session/logout', headers }) as const

type Proxied = readonly [what: string, headers: Record<string, string>, trustProxy: boolean, allowed: boolean]

const SHOP = { origin: 'https://shop.test', host: 'lb:8080' }
const PROXIED: readonly Proxied[] = [
  ['the default port in Host', { origin: 'http://shop.test', host: 'shop.test:80' }, false, true],
  ['the case of Host', { origin: 'http://shop.test', host: 'Shop.TEST' }, false, true],
  ['another port', { origin: 'http://shop.test', host: 'shop.test:8080' }, false, false],
  ['the default port of another scheme', { origin: 'http://shop.test', host: 'shop.test:443' }, false, false],
  ['no host', { origin: 'null', host: '' }, false, false],
  [
    'the default port behind a proxy',
    { origin: 'https://shop.test', host: 'shop.test:443', 'x-forwarded-proto': 'https' },
    true,
    true
  ],
  [
    'two proxies',
    { ...SHOP, 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'shop.test, lb' },
    true,
    true
  ],
  [
    'two proxies, and one that only says the scheme',
    { ...SHOP, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.test,lb' },
    true,
    true
  ],
  [
    'two proxies that are not trusted',
    { ...SHOP, 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'shop.test, lb' },
    false,
    false
  ],
  ['another origin behind two proxies', { ...SHOP, 'x-forwarded-host': 'other.test, lb' }, true, false],
  [
    'a scheme that is none of the web, whose origin would be null',
    { origin: 'null', host: 'shop.test', 'x-forwarded-proto': 'h2' },
    true,
    false
  ],
  ['userinfo in Host', { origin: 'http://evil.test', host: 'shop.test@evil.test' }, false, false]
]

t.test('S20: origins are compared as RFC 6454 compares them, behind one proxy or several', async (t) => {
  for (const [what, headers, trustProxy, allowed] of PROXIED) {
    const { app } = await makeApp({ server: { trustProxy } })
    t.equal((await app.inject(fromOldBrowser(headers))).statusCode, allowed ? 200 : 403, what)
    await app.close()
  }
})

t.test('S20: the log has the origin that was sent and the one that was expected', async (t) => {
  const lines: string[] = []
  const stream = { write: (line: string) => void lines.push(line) }
  const { app } = await makeApp({ server: { trustProxy: true, logger: { level: 'info', stream } } })
  t.teardown(() => app.close())
  const causeOf = async (headers: Record<string, string>) => {
    lines.length = 0
    const answer = await app.inject(fromOldBrowser({ host: 'shop.test', ...headers }))
    t.strictSame([answer.statusCode, answer.json().message], [403, 'Forbidden'])
    return lines.join('')
  }
  const forwarded = { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'www.shop.test, lb' }
  const other = await causeOf({ origin: 'https://shop.test', ...forwarded })
  t.ok(other.includes(String.raw`Origin is \"https://shop.test\", expected \"http://lb\" or`), other)
  t.ok(other.includes(String.raw`\"https://www.shop.test\"`))
  t.match(await causeOf({ origin: 'null' }), /Referrer-Policy no-referrer.*sends null: set same-origin/)
  t.match(
    await causeOf({ 'sec-fetch-site': 'same-site', origin: 'https://a.test' }),
    /Sec-Fetch-Site is .*same-site/
  )
  t.ok((await causeOf({ origin: 'x'.repeat(5000) })).length < 2000)
})

t.test('S22: the origins of apps and extensions can be trusted', async (t) => {
  const trustedOrigins = [
    'capacitor://localhost',
    'tauri://localhost',
    'ionic://localhost',
    'app://obsidian.md',
    'chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb',
    'moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc'
  ]
  const { app } = await makeApp({ session: { trustedOrigins } })
  t.teardown(() => app.close())
  for (const origin of trustedOrigins) {
    t.equal((await app.inject(fromOldBrowser({ origin }))).statusCode, 200, origin)
    t.equal((await app.inject(fromOldBrowser({ origin, 'sec-fetch-site': 'cross-site' }))).statusCode, 200)
  }
  t.equal((await app.inject(fromOldBrowser({ origin: 'capacitor://other' }))).statusCode, 403)
})

t.test(
  'L17: a method in a route of the application rejects another origin, unless allowCrossOrigin is set',
  async (t) => {
    const { app, signIn } = await makeApp({
      routes: (app) => {
        const { startSession, endSession, revokeOthers } = app.sessionAuth
        const ada = { id: 'user-1', username: 'ada' }
        for (const [name, options] of [
          ['checked', {}],
          ['open', { allowCrossOrigin: true }]
        ] as const) {
          const method = ['GET', 'POST']
          app.route({
            method,
            url: `/${name}/enter`,
            handler: (request, reply) => startSession(request, reply, { user: ada, ...options })
          })
          app.route({
            method,
            url: `/${name}/leave-others`,
            handler: async (request, reply) => ({ ended: await revokeOthers(request, reply, options) })
          })
          app.route({
            method,
            url: `/${name}/leave`,
            handler: async (request, reply) => {
              await endSession(request, reply, options)
              return { left: true }
            }
          })
        }
      }
    })
    for (const verb of ['enter', 'leave-others', 'leave']) {
      const cookie = await signIn()
      const send = async (method: 'GET' | 'POST', path: string, headers = {}) =>
        (await app.inject({ method, url: `/${path}/${verb}`, headers: { host: HOST, cookie, ...headers } }))
          .statusCode
      for (const foreign of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]) {
        t.equal(await send('POST', 'checked', foreign), 403, verb)
        const alive = await app.inject({ url: '/me', headers: { cookie } })
        t.equal(alive.statusCode, 200, `${verb}: and nothing has changed`)
      }
      t.equal(await send('POST', 'checked', { origin: OURS }), 200, `${verb}: a page of ours`)
      const back = { 'sec-fetch-site': 'cross-site' }
      const next = await signIn()
      const link = await app.inject({
        url: `/checked/${verb}`,
        headers: { host: HOST, cookie: next, ...back }
      })
      t.equal(link.statusCode, 200, `${verb}: the way back from a log-in elsewhere`)
      const another = await signIn()
      const form = await app.inject({
        method: 'POST',
        url: `/open/${verb}`,
        headers: { host: HOST, cookie: another, ...back }
      })
      t.equal(form.statusCode, 200, `${verb}: where the route proves it by itself`)
    }
  }
)
