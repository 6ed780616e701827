import cookie from '@fastify/cookie'
import { createHmac } from 'node:crypto'
import t from 'tap'
import { makeApp, SECRET } from '../make-app.ts'
import {
  attackedApp,
  alterCharacter,
  cookiesFrom,
  json,
  NAME,
  type CookieParts,
  parseCookie,
  signFor
} from './attacked-app.ts'
import { bag } from './session-data-routes.ts'

const { getMe, signIn, storeSpy } = await attackedApp(t)
const genuine = await signIn()
const parts = parseCookie(genuine)
const { bytes: rejection } = await getMe()
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const sessionKey = createHmac('sha256', SECRET)

type Forged = string | readonly string[]
type Row = readonly [name: string, forge: (real: CookieParts) => Forged]

/** None of these is a login: a 401, the same to the byte as for no cookie at all. */
const REJECTED: readonly Row[] = [
  ['K01 a session cookie without a signature', ({ content, loginId }) => [content, `${content}.`, loginId]],
  [
    'K02 one character changed, wherever it is',
    ({ content, mac }) => {
      const text = `${content}.${mac}`
      return Array.from(text, (_, at) => encodeURIComponent(alterCharacter(text, at)))
    }
  ],
  [
    'K03 cut short, empty, or not a string at all',
    ({ value }) => {
      const cut = [1, 2, 10, 43, 44, 60, value.length - 1].map((end) => value.slice(0, end))
      return [...cut, '', '.', '..', '...', 'a.', '.a', 'undefined', 'null', '[object Object]', 'NaN']
    }
  ],
  [
    'K04 signed under a secret that is not ours, or under the root secret itself',
    ({ content }) => [
      signFor('session cookie', content, 'another root secret of thirty-two bytes'),
      encodeURIComponent(new cookie.Signer(SECRET).sign(content)),
      encodeURIComponent(new cookie.Signer('').sign(content))
    ]
  ],
  [
    'K08 encoded twice, ill-formed, quoted or with bytes around it',
    ({ value }) => [
      encodeURIComponent(encodeURIComponent(decodeURIComponent(value))).replace('.', '%252E'),
      value.replace('.', '%252E'),
      '%E0%A4%A',
      '%',
      '%zz',
      '%00',
      `${value}%00`,
      `%00${value}`,
      `"${value}"`,
      `'${value}'`,
      `${value}%20`,
      `${value},x`,
      `${value}\xa0`,
      `\xff${value}`
    ]
  ],
  [
    "K14 a genuine value behind Express's s: prefix",
    ({ value }) => [`s:${value}`, `s%3A${value}`, `j:${value}`]
  ],
  [
    'K15 the same value signed for another purpose',
    ({ content }) =>
      [
        'position cookie',
        'session snapshot',
        'refresh-token mac',
        'refresh-token successor',
        'session',
        'Session cookie',
        ''
      ].map((purpose) => signFor(purpose, content))
  ],
  [
    'K16 cookies of other libraries',
    ({ loginId, content }) => {
      const jwt = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url({ sid: loginId, sub: 'ada' })}`
      return [
        `${jwt}.${sessionKey.update(jwt).digest('base64url')}`,
        `${base64url({ alg: 'none' })}.${base64url({ sid: loginId })}.`,
        'eyJ1c2VyIjoiYWRhIn0.aRk3Cw.Zq1kP1o0X9Xv3mJm0m8Yb8J3x2E',
        'gAAAAABmK3xqWc0dGVzdC1vZi1hLWZlcm5ldC10b2tlbg==',
        `Fe26.2**${base64url(content)}*aaaa*bbbb**cccc*dddd`,
        `${base64url(content)};${base64url('nonce')}`,
        base64url({ loginId })
      ]
    }
  ]
]

for (const [name, forge] of REJECTED) {
  t.test(`${name} is a 401 like any other`, async (t) => {
    const values = [forge(parts)].flat()
    const answers = await Promise.all(values.map((value) => getMe(`${NAME}=${value}`)))
    for (const [at, { bytes }] of answers.entries()) {
      if (bytes !== rejection) t.equal(bytes, rejection, JSON.stringify(values[at]?.slice(0, 60)))
    }
    t.equal(new Set(answers.map(({ bytes }) => bytes)).size, 1, `${answers.length} forgeries`)
    t.equal((await getMe(genuine)).status, 200, 'and the genuine one is valid')
  })
}

t.test('K08 a cookie is percent-decoded once, and no more than once', async (t) => {
  const spelled = [parts.value, parts.value.replace('.', '%2E'), parts.value.replaceAll('.', '%2e')]
  for (const value of spelled) t.equal((await getMe(`${NAME}=${value}`)).status, 200, value.slice(25, 40))
})

t.test('K17 a malformed id never reaches the store, even signed by us', async (t) => {
  const { loginId, secret } = parts
  const ids = [
    `*.${secret}`,
    `${loginId}*.${secret}`,
    `${loginId.slice(0, 27)}:.${secret}`,
    `${loginId}\n.${secret}`,
    `drawbridge:login:${loginId}.${secret}`,
    `rt:${loginId}.${secret}`,
    `../../${loginId}.${secret}`,
    `${loginId}' OR '1'='1.${secret}`,
    `${loginId}.${secret}.more`,
    `${loginId}.${secret}\0`,
    `.${secret}`,
    `${loginId}.`,
    `${loginId}.*`,
    `__proto__.${secret}`,
    `${'A'.repeat(8000)}.${secret}`,
    ''
  ]
  const before = storeSpy.counts.find
  for (const id of ids) t.equal((await getMe(`${NAME}=${signFor('session cookie', id)}`)).bytes, rejection)
  t.equal(storeSpy.counts.find, before)
  t.equal((await getMe(`${NAME}=${signFor('session cookie', parts.content)}`)).status, 200)
})

t.test('K17 nor does an id of a megabyte, which no header could carry', async (t) => {
  const { app, storeSpy } = await makeApp()
  const value = signFor('session cookie', `${'A'.repeat(1_000_000)}.${parts.secret}`)
  t.equal((await app.inject({ url: '/me', headers: { cookie: `${NAME}=${value}` } })).statusCode, 401)
  t.same(storeSpy.counts, {})
})

const older = 'the root secret that was used before this'

for (const [where, method, path] of [
  ['guarded', 'GET', '/me'],
  ['session data', 'GET', '/bag'],
  ['session data (written)', 'POST', '/bag']
] as const) {
  for (const secure of [true, false]) {
    t.test(
      `K05 CVE-2025-47278 a cookie of the previous secret is sent again, and never removed, on a ${where} route${secure ? '' : ' without Secure'}`,
      async (t) => {
        const before = await makeApp({ session: { secret: older, cookie: { secure } } })
        const old = await before.signIn()
        const session = { secret: [SECRET, older], logins: before.logins, cookie: { secure } }
        const { send } = await attackedApp(t, { session, routes: bag })
        const body = method === 'GET' ? {} : json({ owner: 'ada' })
        const answer = await send({ ...body, method, path, lines: [...(body.lines ?? []), `Cookie: ${old}`] })
        t.equal(answer.status, 200)
        const ours = cookiesFrom(answer).filter((pair) => !pair.startsWith('theme='))
        t.equal(ours.length, 1, 'one line, no removal behind it')
        const [renewed = ''] = ours
        t.not(renewed, old)
        const { content, mac } = parseCookie(renewed)
        const [name] = renewed.split('=')
        const byNewest = signFor('session cookie', content, SECRET, name)
        t.equal(encodeURIComponent(`${content}.${mac}`), byNewest, 'by the newest')
        const newest = await attackedApp(t, { session: { ...session, secret: SECRET } })
        t.equal((await newest.getMe(renewed)).status, 200)
        t.equal((await newest.getMe(old)).status, 401, 'K04 a retired secret verifies nothing')
      }
    )
  }
}
