import t from 'tap'
import { attackedApp, json, signInRequest } from './attacked-app.ts'
import type { RawRequest } from './raw-client.ts'
import { bag } from './session-data-routes.ts'

const HOST = 'app.example'
const OURS = `http://${HOST}`
const EVIL = 'https://evil.example'

const { send, getMe, signIn, logins, storeSpy } = await attackedApp(t, { routes: bag })
const cookie = await signIn()
const isActive = async () => (await getMe(cookie)).status === 200

/** Each unsafe request that a cookie makes, or that makes a cookie: what a forged one could be after. */
const targets = (...lines: readonly string[]): readonly RawRequest[] => [
  { method: 'POST', path: '/me', host: HOST, lines: [`Cookie: ${cookie}`, ...lines] },
  { method: 'POST', path: '/bag', host: HOST, ...json({ owner: 'evil' }, `Cookie: ${cookie}`, ...lines) },
  { method: 'POST', path: '/session/logout', host: HOST, lines: [`Cookie: ${cookie}`, ...lines] },
  { ...signInRequest(`Cookie: ${cookie}`, ...lines), host: HOST },
  { ...signInRequest(...lines), host: HOST }
]

const { bytes: rejection } = await send(targets('Sec-Fetch-Site: cross-site')[0]!)

type Row = readonly [name: string, proofs: ReadonlyArray<readonly string[]>]

const REJECTED: readonly Row[] = [
  [
    'C01 C12 Origin of another site',
    [[`Origin: ${EVIL}`], [`Origin: ${EVIL}`, 'Sec-Fetch-Site: cross-site']]
  ],
  [
    'C02 Origin null, as from a sandboxed frame',
    [['Origin: null'], ['Origin: null', 'Sec-Fetch-Mode: navigate']]
  ],
  ['C03 no Origin, and Sec-Fetch-Site cross-site', [['Sec-Fetch-Site: cross-site']]],
  [
    'C04 a sibling subdomain',
    [['Sec-Fetch-Site: same-site'], ['Sec-Fetch-Site: same-site', `Origin: http://sub.${HOST}`]]
  ],
  [
    'C07 an Origin that looks like ours',
    [
      `${OURS}.evil.example`,
      `http://evil.example/${HOST}`,
      `http://evil-${HOST}`,
      `http://sub.${HOST}`,
      `https://${HOST}`,
      `${OURS}:8080`,
      `${OURS}:80`,
      `${OURS}.`,
      `${OURS}/`,
      `http://${HOST}@evil.example`,
      `http://user@${HOST}`,
      `HTTP://${HOST.toUpperCase()}`,
      'http://xn--app-0ra.example',
      'http://\xe0pp.example',
      `${OURS} ${EVIL}`,
      `${EVIL}, ${OURS}`,
      `//${HOST}`,
      HOST,
      'file://',
      ''
    ].map((origin) => [`Origin: ${origin}`])
  ],
  [
    'C03 two headers of one name, of which one would do',
    [
      [`Origin: ${OURS}`, `Origin: ${EVIL}`, 'Sec-Fetch-Site: cross-site'],
      ['Sec-Fetch-Site: same-origin', 'Sec-Fetch-Site: cross-site'],
      ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Site: none'],
      [`Origin: ${EVIL}`, `Origin: ${OURS}`]
    ]
  ],
  [
    'C03 a Sec-Fetch-Site that no browser sends',
    ['Same-Origin', 'same-origin;', '', 'SAME-ORIGIN', '"same-origin"'].map((site) => [
      `Sec-Fetch-Site: ${site}`
    ])
  ],
  [
    'C18 X-Forwarded-Host that makes the other origin ours',
    [
      [`Origin: ${EVIL}`, 'X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: https'],
      ['Origin: http://evil.example', 'X-Forwarded-Host: evil.example'],
      [`Origin: ${EVIL}`, 'Forwarded: host=evil.example;proto=https'],
      [`Origin: ${EVIL}`, 'X-Original-Host: evil.example', 'X-Host: evil.example']
    ]
  ],
  [
    'C14 a method override that says the request is a safe one',
    [
      [`Origin: ${EVIL}`, 'X-HTTP-Method-Override: GET'],
      [`Origin: ${EVIL}`, 'X-Method-Override: HEAD', 'X-HTTP-Method: GET']
    ]
  ],
  [
    'C16 a bearer token beside the cookie',
    [
      [`Origin: ${EVIL}`, 'Authorization: Bearer made.up.token'],
      ['Sec-Fetch-Site: cross-site', 'Authorization: Basic dXNlcjpwYXNz']
    ]
  ]
]

for (const [name, proofs] of REJECTED) {
  t.test(`${name} is a 403 on every route, log-in and log-out too, and changes nothing`, async (t) => {
    const before = { ...storeSpy.counts }
    for (const proof of proofs) {
      const answers = await Promise.all(targets(...proof).map(send))
      for (const { bytes } of answers) if (bytes !== rejection) t.equal(bytes, rejection, proof.join(' | '))
      t.equal(new Set(answers.map(({ bytes }) => bytes)).size, 1, proof.join(' | '))
    }
    t.same(storeSpy.counts, before, 'the store was not asked')
    t.ok(await isActive())
  })
}

t.test('a request from our own page, or from no page at all (C06), is accepted', async (t) => {
  t.match(rejection, /^HTTP\/1.1 403 .*DRAWBRIDGE_CROSS_ORIGIN/s)
  for (const proof of [[], [`Origin: ${OURS}`], ['Sec-Fetch-Site: same-origin'], ['Sec-Fetch-Site: none']]) {
    const lines = [`Cookie: ${await signIn()}`, ...proof]
    for (const path of ['/me', '/session/logout']) {
      t.equal((await send({ method: 'POST', path, host: HOST, lines })).status, 200, proof.join())
    }
    t.equal((await send({ ...signInRequest(...proof), host: HOST })).status, 200)
  }
})

t.test('C06 under rejectMissingOrigin a request with neither header is a 403', async (t) => {
  const { send } = await attackedApp(t, { session: { rejectMissingOrigin: true } })
  t.equal((await send(signInRequest())).status, 403)
  t.equal((await send({ method: 'POST', path: '/session/logout' })).status, 403)
  t.equal((await send(signInRequest('Sec-Fetch-Site: same-origin'))).status, 200)
})

t.test('C05 no safe method signs anybody in or out, whatever else is in the request', async (t) => {
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'PATCH', 'DELETE']) {
    for (const path of [
      '/session/logout',
      '/session/login?username=ada&password=x',
      '/session/logout?_method=POST'
    ]) {
      const lines = [`Cookie: ${cookie}`, 'Sec-Fetch-Site: cross-site', 'X-HTTP-Method-Override: POST']
      const { status, header } = await send({ method, path, lines })
      t.ok([400, 404, 405].includes(status), `C14 ${method} ${path}: ${status}`)
      t.same(header('set-cookie'), [])
    }
  }
  t.ok(await isActive())
})

t.test(
  'C08 C09 CVE-2022-41919 a body that a form can send is a 415, though the page were ours',
  async (t) => {
    const { body } = signInRequest() as { body: string }
    const types = [
      'text/plain',
      'text/plain; application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'multipart/form-data',
      'application/jsonp',
      'text/json',
      '*/*'
    ]
    const answers = await Promise.all([
      ...types.map((type) =>
        send({ method: 'POST', path: '/session/login', lines: [`Content-Type: ${type}`], body })
      ),
      send({ method: 'POST', path: '/session/login', body })
    ])
    t.same([...new Set(answers.map(({ status }) => status))], [415])
    t.same(
      answers.flatMap(({ header }) => header('set-cookie')),
      []
    )
  }
)

t.test('C10 CVE-2026-25223 an ill-formed Content-Type, or two of them, is a 415', async (t) => {
  const { body } = signInRequest() as { body: string }
  const json = 'Content-Type: application/json'
  const rows: ReadonlyArray<readonly string[]> = [
    ['Content-Type: application/json\ta'],
    ['Content-Type: application/json a'],
    ['Content-Type: application/json;charset=utf-16'],
    ['Content-Type: application/json, text/plain'],
    ['Content-Type: application/'],
    ['Content-Type: /json'],
    ['Content-Type: application'],
    ['Content-Type: ;'],
    ['Content-Type: "application/json"'],
    ['Content-Type: application/json\xa0'],
    ['Content-Type:'],
    [json, 'Content-Encoding: gzip'],
    [json, 'Content-Type: text/plain'],
    ['Content-Type: text/plain', json],
    [json, json]
  ]
  for (const lines of rows) {
    const answer = await send({ method: 'POST', path: '/session/login', lines, body })
    t.equal(answer.status, 415, lines.join(' | '))
    t.same(answer.header('set-cookie'), [])
  }
  t.equal((await send({ method: 'POST', path: '/session/login', lines: [json], body })).status, 200)
})

t.test('C11 a forged sign-in without a cookie sets none', async (t) => {
  const { userId } = JSON.parse((await getMe(cookie)).body) as { userId: string }
  const before = (await logins.listByUser(userId)).length
  const answer = await send({ ...signInRequest('Sec-Fetch-Site: cross-site', `Origin: ${EVIL}`), host: HOST })
  t.equal(answer.bytes, rejection)
  t.equal((await logins.listByUser(userId)).length, before)
})

t.test('C17 a preflight from another origin is allowed nothing', async (t) => {
  for (const path of ['/session/login', '/session/logout', '/me', '/bag']) {
    const lines = [
      `Origin: ${EVIL}`,
      'Access-Control-Request-Method: POST',
      'Access-Control-Request-Headers: x'
    ]
    const { bytes, status } = await send({ method: 'OPTIONS', path, host: HOST, lines })
    t.equal(status, 404)
    t.notMatch(bytes, /access-control/i)
  }
  t.notMatch((await send({ lines: [`Cookie: ${cookie}`, `Origin: ${EVIL}`] })).bytes, /access-control/i)
})
