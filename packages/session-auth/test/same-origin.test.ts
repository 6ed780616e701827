import t from 'tap'
import { makeApp, PASSWORD } from './make-app.ts'

const HOST = 'app.example'
const OURS = `http://${HOST}`

type Case = readonly [what: string, headers: Record<string, string>, allowed: boolean]

const CASES: readonly Case[] = [
  ['no proof at all: no browser', {}, true],
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
  const { app, logIn } = await makeApp({ session: { trustedOrigins: ['https://admin.example'] } })
  const cookie = await logIn()
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

t.test('a forged request changes nothing: the login lives on', async (t) => {
  const { app, logIn } = await makeApp()
  const cookie = await logIn()
  const headers = { cookie, 'sec-fetch-site': 'cross-site' }
  t.equal((await app.inject({ method: 'POST', url: '/session/logout', headers })).statusCode, 403)
  t.equal((await app.inject({ url: '/me', headers: { cookie } })).statusCode, 200)
})

t.test('a safe method needs no proof', async (t) => {
  const { app, logIn } = await makeApp()
  const headers = { cookie: await logIn(), 'sec-fetch-site': 'cross-site' }
  t.equal((await app.inject({ url: '/me', headers })).statusCode, 200)
})

t.test('requireOriginProof refuses what shows neither header', async (t) => {
  const { app } = await makeApp({ session: { requireOriginProof: true } })
  t.equal((await app.inject({ method: 'POST', url: '/session/logout' })).statusCode, 403)
  const headers = { 'sec-fetch-site': 'same-origin' }
  t.equal((await app.inject({ method: 'POST', url: '/session/logout', headers })).statusCode, 200)
})
