import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { PASSWORD } from '../make-app.ts'
import { attackedApp, cookiesFrom } from './attacked-app.ts'
import type { RawRequest, RawResponse } from './raw-client.ts'

const HOST = 'app.example'
const OURS = `http://${HOST}`
const NAVIGATION = ['Accept: text/html', 'Sec-Fetch-Mode: navigate']

const pages = (app: FastifyInstance) => {
  const guarded = (options = {}) => ({
    onRequest: app.sessionAuth.guard({ redirectTo: '/login', ...options }),
    handler: async () => 'a page'
  })
  app.get('/admin', guarded({ scopes: ['admin'] }))
  app.get('/login', guarded())
  app.get('/*', guarded())
}

const { send, getMe, storeSpy } = await attackedApp(t, {
  routes: pages,
  session: { prefix: '', routes: { login: '/login' }, forms: { afterSignIn: '/home' } }
})

/** A sign-in by form; from one of our own pages, unless the lines say otherwise. */
const form = (path: string, password = PASSWORD, lines = ['Sec-Fetch-Site: same-origin']): RawRequest => ({
  method: 'POST',
  path,
  host: HOST,
  lines: ['Content-Type: application/x-www-form-urlencoded', ...lines],
  body: `username=ada&password=${encodeURIComponent(password)}`
})

const navigation = (path: string, ...lines: readonly string[]): RawRequest => ({
  path,
  host: HOST,
  lines: [...NAVIGATION, ...lines]
})

/** Where a browser goes from here. */
function destination(response: RawResponse): URL {
  const [location = '', ...others] = response.header('location')
  if (response.status !== 303 || others.length > 0) throw new Error(response.bytes)
  return new URL(location, `${OURS}/login`)
}

async function signIn(): Promise<string> {
  return cookiesFrom(await send(form('/login')))[0] as string
}

const ELSEWHERE: readonly (readonly [name: string, values: readonly string[]])[] = [
  [
    'C20 next that is another origin',
    [
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      'https://evil.example',
      'https:evil.example',
      `//${HOST}@evil.example`,
      `${OURS}@evil.example`,
      `${OURS}.evil.example`,
      'javascript:alert(document.domain)',
      'data:text/html,evil',
      'evil.example',
      '@evil.example'
    ]
  ],
  [
    'C21 next that hides another origin by controls, dots, spaces or encodings',
    [
      '/\t/evil.example',
      '/\r\n/evil.example',
      '/\r\nSet-Cookie: a=b',
      '/\u0000/evil.example',
      ' //evil.example',
      'java\tscript:alert(1)',
      '/.//evil.example',
      '/a/..//evil.example',
      '/%2e//evil.example',
      '/\u2028/evil.example',
      '/\uff0fevil.example',
      '%2F%2Fevil.example'
    ]
  ]
]

for (const [name, values] of ELSEWHERE) {
  t.test(`${name} leads to a page of ours, after the sign-in and when it has failed`, async (t) => {
    for (const value of values) {
      const path = `/login?next=${encodeURIComponent(value)}`
      t.equal(destination(await send(form(path))).href, `${OURS}/home`, encodeURIComponent(value))
      const failed = await send(form(path, 'wrong'))
      t.equal(destination(failed).pathname, '/login')
      t.notMatch(failed.bytes, /evil|alert|a=b/)
    }
  })
}

t.test('C22 several values of next, or ill-formed ones, count as none', async (t) => {
  for (const query of [
    'next=%2Fa&next=%2F%2Fevil.example',
    'next=%2Fa&next=%2Fa',
    'next[]=%2Fa',
    'next=%FF',
    'next=%'
  ])
    t.equal(destination(await send(form(`/login?${query}`))).href, `${OURS}/home`, query)
})

t.test('C23 a page whose own address is another origin to a browser is not next', async (t) => {
  const paths = [
    '//evil.example',
    '//evil.example/..',
    '/.//evil.example',
    'http://evil.example/',
    '/\\evil.example'
  ]
  for (const path of paths) t.equal(destination(await send(navigation(path))).href, `${OURS}/login`, path)
  t.equal(destination(await send(navigation('/a'))).href, `${OURS}/login?next=%2Fa`, 'the control')
})

t.test('C24 C11 a sign-in by a form of another site is a 403, and C25 C12 so is a log-out', async (t) => {
  const cookie = await signIn()
  const origins = [
    ['Sec-Fetch-Site: cross-site', 'Origin: https://evil.example'],
    ['Sec-Fetch-Site: same-site', `Origin: http://evil.${HOST}`],
    ['Origin: https://evil.example'],
    ['Origin: null']
  ]
  const before = { ...storeSpy.counts }
  for (const lines of origins) {
    for (const path of ['/login', '/login?next=%2Fa', '/logout']) {
      const response = await send(form(path, PASSWORD, [`Cookie: ${cookie}`, ...lines]))
      t.equal(response.status, 403, `${path} ${lines.join()}`)
      t.strictSame([response.header('set-cookie'), response.header('location')], [[], []])
    }
  }
  t.strictSame(storeSpy.counts, before)
  t.equal((await getMe(cookie)).status, 200)
})

t.test('C26 no request is redirected for ever', async (t) => {
  t.equal(
    (await send(navigation('/login'))).status,
    401,
    'the page of the sign-in is behind the guard itself'
  )
  t.equal((await send(navigation('/login?next=%2Flogin'))).status, 401)
  const cookie = `Cookie: ${await signIn()}`
  t.equal((await send(navigation('/admin', cookie))).status, 403, 'a sign-in would not help')
  const first = destination(await send(navigation('/a?next=%2Fb')))
  const second = destination(await send(form(first.pathname + first.search)))
  t.equal(second.href, `${OURS}/a?next=%2Fb`, 'next does not grow')
  t.equal((await send(navigation(second.pathname, cookie))).status, 200)
})

t.test('C27 no cache stores where one visitor was sent', async (t) => {
  const responses = [
    await send(navigation('/a')),
    await send(form('/login')),
    await send(form('/login', 'wrong')),
    await send(form('/logout'))
  ]
  for (const response of responses) {
    destination(response)
    t.match(response.header('cache-control').join(), /no-store/)
    t.match(response.header('vary').join(), /cookie/i)
  }
})
