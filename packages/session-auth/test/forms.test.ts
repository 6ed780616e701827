import t from 'tap'
import type { SessionAuthOptions } from '../src/index.ts'
import { cookieFrom, makeApp, PASSWORD } from './make-app.ts'

const FORM = 'application/x-www-form-urlencoded'
const RIGHT = `username=ada&password=${encodeURIComponent(PASSWORD)}`

const makeForms = async (
  forms: SessionAuthOptions['forms'] = true,
  session: Partial<SessionAuthOptions> = {}
) => {
  const test = await makeApp({
    session: { prefix: '', routes: { login: '/login' }, ...session, ...(forms !== undefined && { forms }) }
  })
  const send = (payload: string | Buffer = RIGHT, query = '', headers: object = {}) =>
    test.app.inject({
      method: 'POST',
      url: `/login${query}`,
      headers: { 'content-type': FORM, 'sec-fetch-site': 'same-origin', ...headers },
      payload
    })
  return { ...test, send }
}

t.test('a form signs in, and the browser is sent on', async (t) => {
  const { app, send } = await makeForms()
  const response = await send()
  t.strictSame([response.statusCode, response.headers.location], [303, '/'])
  t.equal(response.headers['cache-control'], 'no-store')
  const me = await app.inject({ url: '/me', headers: { cookie: cookieFrom(response) } })
  t.match(me.json(), { username: 'ada' })
  const spaces = await send(`username=ada&password=${PASSWORD.replaceAll(' ', '+')}`)
  t.equal(spaces.headers.location, '/', 'a space may be a plus')
  t.equal((await send(RIGHT, '', { 'content-type': `${FORM}; charset=UTF-8` })).statusCode, 303)
})

t.test('JSON at the same routes has the same responses as without forms', async (t) => {
  const { app } = await makeForms()
  const post = (url: string, payload?: object) =>
    app.inject({ method: 'POST', url, ...(payload && { payload }) })
  const right = await post('/login', { username: 'ada', password: PASSWORD })
  t.strictSame([right.statusCode, right.json()], [200, { message: 'Login successful' }])
  const wrong = await post('/login', { username: 'ada', password: 'wrong' })
  t.match(wrong.json(), { statusCode: 401, code: 'DRAWBRIDGE_INVALID_CREDENTIALS' })
  t.strictSame((await post('/logout')).json(), { message: 'Logged out' })
})

t.test('next of the query is where the browser is sent, where it is a path of this origin', async (t) => {
  const { send } = await makeForms({ afterSignIn: '/home' })
  const location = async (next: string) =>
    (await send(RIGHT, `?next=${encodeURIComponent(next)}`)).headers.location
  t.equal(await location('/orders?a=1'), '/orders?a=1')
  for (const next of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/\t/evil.example',
    '/.//evil',
    ''
  ])
    t.equal(await location(next), '/home', encodeURIComponent(next))
  t.equal((await send(RIGHT, '?next=%2Fa&next=%2Fb')).headers.location, '/home')
})

t.test('a sign-in that failed sends the browser back, with the class of the error and next', async (t) => {
  const { send } = await makeForms()
  const failed = async (payload: string, query = '') => {
    const response = await send(payload, query)
    t.strictSame([response.statusCode, response.headers['set-cookie']], [303, undefined])
    return response.headers.location
  }
  t.equal(await failed('username=ada&password=wrong'), '/login?error=invalid-credentials')
  t.equal(await failed('username=nobody&password=wrong'), '/login?error=invalid-credentials')
  t.equal(await failed('username=%20&password=x', '?next=%2Fa'), '/login?error=malformed&next=%2Fa')
  t.equal(await failed('username=ada&password=x', '?next=%2F%2Fevil'), '/login?error=invalid-credentials')
  for (let n = 0; n < 5; n++) await failed('username=ada&password=wrong')
  t.equal(await failed(RIGHT), '/login?error=too-many-attempts')
  const other = await makeForms({ page: '/enter?lang=de' })
  t.equal(
    (await other.send('username=ada&password=x')).headers.location,
    '/enter?lang=de&error=invalid-credentials'
  )
  other.storeSpy.outage = new Error('down')
  t.equal((await other.send()).headers.location, '/enter?lang=de&error=unavailable')
})

t.test('B13 a form is read as strictly as JSON', async (t) => {
  const { send } = await makeForms()
  const malformed = [
    '',
    'username=ada',
    `${RIGHT}&username=bob`,
    `${RIGHT}&username=ada`,
    `${RIGHT}&isAdmin=true`,
    `${RIGHT}&`,
    `&${RIGHT}`,
    `${RIGHT}&__proto__=a`,
    `${RIGHT}&__proto__[isAdmin]=a`,
    `${RIGHT}&constructor=a`,
    `__proto__=a&__proto__=b&${RIGHT}`,
    'username[]=ada&password=x',
    'username=ada&password=x=y',
    'username&password=x',
    'username=%FF&password=x',
    'username=%&password=x',
    'username=&password=x',
    JSON.stringify({ username: 'ada', password: PASSWORD })
  ]
  for (const payload of malformed) {
    const response = await send(payload)
    t.equal(response.headers.location, '/login?error=malformed', payload.slice(-30))
    t.equal(response.headers['set-cookie'], undefined)
  }
  t.equal(
    (await send(Buffer.from('username=\xff&password=x', 'latin1'))).headers.location,
    '/login?error=malformed'
  )
  t.equal(({} as { isAdmin?: unknown }).isAdmin, undefined)
  t.equal((await send(`${RIGHT}&a=${'x'.repeat(17_000)}`)).statusCode, 413)
  for (const type of [`${FORM}; charset=utf-16`, 'multipart/form-data; boundary=a', 'text/plain', `${FORM}x`])
    t.equal((await send(RIGHT, '', { 'content-type': type })).statusCode, 415, type)
  t.equal((await send(RIGHT, '', { 'content-encoding': 'gzip' })).statusCode, 415)
})

t.test('a form of a page of another origin is a 403, and neither signs in nor out', async (t) => {
  const { app, signIn } = await makeForms(true, { routes: true, prefix: '/session' })
  const attacks = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': undefined, origin: 'https://evil.example' },
    { 'sec-fetch-site': undefined, origin: 'null' }
  ]
  const cookie = await signIn()
  for (const attack of attacks) {
    const headers = Object.fromEntries(Object.entries(attack).filter(([, value]) => value !== undefined))
    for (const url of ['/session/login', '/session/logout']) {
      const response = await app.inject({
        method: 'POST',
        url,
        headers: { 'content-type': FORM, cookie, ...headers } as Record<string, string>,
        payload: RIGHT
      })
      t.match(response.json(), { statusCode: 403, code: 'DRAWBRIDGE_CROSS_ORIGIN' })
      t.equal(response.headers['set-cookie'], undefined)
    }
  }
  t.equal((await app.inject({ url: '/me', headers: { cookie } })).statusCode, 200)
})

t.test('a form logs out, and the browser is sent on', async (t) => {
  const { app, signIn } = await makeApp({ session: { forms: { afterLogOut: '/bye' } } })
  const cookie = await signIn()
  const headers = { 'content-type': FORM, 'sec-fetch-site': 'same-origin', cookie }
  const response = await app.inject({
    method: 'POST',
    url: '/session/logout',
    headers,
    payload: 'button=Log+out'
  })
  t.strictSame([response.statusCode, response.headers.location], [303, '/bye'])
  t.match(response.headers['set-cookie'], /Max-Age=0/)
  t.equal((await app.inject({ url: '/me', headers: { cookie } })).statusCode, 401)
})

t.test(
  'forms is an error at boot where it leads elsewhere, or a second factor would be needed',
  async (t) => {
    for (const forms of [
      { page: '//evil.example' },
      { afterSignIn: 'https://evil.example' },
      { afterLogOut: 'a' }
    ])
      await t.rejects(
        makeApp({ session: { forms } }),
        /sessionAuth\.forms\.\w+ must be a path of this origin/
      )
    await t.rejects(
      makeApp({ session: { forms: { next: '/' } } as never }),
      /sessionAuth\.forms\.next is not an option/
    )
    await t.rejects(
      makeApp({ session: { forms: 1 } as never }),
      /sessionAuth\.forms must be true or false, or an object/
    )
    const user = { id: '1', username: 'ada' }
    const credentials = {
      verify: async () => ({ ok: true, user }) as const,
      verifySecondFactor: async () => ({ ok: true, user }) as const
    }
    await t.rejects(
      makeApp({ session: { forms: true, credentials } }),
      /sessionAuth\.forms must be false where/
    )
  }
)
