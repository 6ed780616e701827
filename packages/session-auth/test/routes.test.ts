import t from 'tap'
import type { SessionAuthOptions } from '../src/index.ts'
import { cookieFrom, makeApp, PASSWORD } from './make-app.ts'

const UNAUTHORIZED = {
  statusCode: 401,
  code: 'DRAWBRIDGE_UNAUTHORIZED',
  error: 'Unauthorized',
  message: 'Unauthorized'
}

t.test('a sign-in sets a cookie that a guarded route accepts', async (t) => {
  const { app } = await makeApp()
  const answer = await app.inject({
    method: 'POST',
    url: '/session/login',
    payload: { username: 'ada', password: PASSWORD }
  })
  t.equal(answer.statusCode, 200)
  t.equal(answer.body, '{"message":"Login successful"}')
  const guarded = await app.inject({ url: '/me', headers: { cookie: cookieFrom(answer) } })
  t.equal(guarded.statusCode, 200)
  t.match(guarded.json(), { username: 'ada', carrier: 'session', scopes: [] })
})

t.test('the cookie has the attributes that its name requires, and its removal has the same', async (t) => {
  const { app, signIn } = await makeApp()
  const login = await app.inject({
    method: 'POST',
    url: '/session/login',
    payload: { username: 'ada', password: PASSWORD }
  })
  t.match(
    login.headers['set-cookie'],
    /^__Host-drawbridge=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    'no Domain, no Max-Age'
  )
  const logout = await app.inject({
    method: 'POST',
    url: '/session/logout',
    headers: { cookie: await signIn() }
  })
  t.equal(
    logout.headers['set-cookie'],
    '__Host-drawbridge=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax'
  )
})

t.test('a wrong password and an unknown user get one response', async (t) => {
  const { app } = await makeApp()
  const attempt = (username: string, password: string) =>
    app.inject({ method: 'POST', url: '/session/login', payload: { username, password } })
  const wrong = await attempt('ada', 'not the password at all')
  const unknown = await attempt('nobody', PASSWORD)
  t.equal(wrong.statusCode, 401)
  t.equal(wrong.json().message, 'Invalid credentials')
  t.equal(unknown.statusCode, 401)
  t.equal(unknown.body, wrong.body)
  t.equal(wrong.headers['set-cookie'], undefined)
})

t.test(
  'S07: a space behind an auto-completed name is ignored, and an impossible name is reported',
  async (t) => {
    const { app } = await makeApp()
    const attempt = (username: string, password = PASSWORD) =>
      app.inject({ method: 'POST', url: '/session/login', payload: { username, password } })
    for (const username of ['ada ', ' Ada', 'ada\u200B', '\uFEFFada\t'])
      t.equal((await attempt(username)).statusCode, 200)
    const told = { statusCode: 400, code: 'DRAWBRIDGE_MALFORMED_CREDENTIALS', error: 'Bad Request' }
    const rule = 'username must be 1 to 255 visible characters, with no more than one space between them'
    // Of a user that is there and of one that is not, the same.
    for (const username of ['a\u200Bda', 'no\u200Bbody', '  ', 'x'.repeat(300)])
      t.strictSame((await attempt(username)).json(), { ...told, message: rule })
    for (const username of ['ada', 'nobody']) {
      t.strictSame((await attempt(username, 'x'.repeat(1025))).json(), {
        ...told,
        message: 'password must be text, and not too long'
      })
    }
  }
)

t.test('a sign-in body that does not match the schema is a 400, and nothing is coerced', async (t) => {
  const { app } = await makeApp()
  const bodies: unknown[] = [
    {},
    [],
    null,
    'text',
    { username: 'ada' },
    { username: '', password: PASSWORD },
    { username: 1, password: PASSWORD },
    { username: ['ada'], password: PASSWORD },
    { username: { $gt: '' }, password: PASSWORD },
    { username: 'ada', password: true },
    { username: 'ada', password: PASSWORD, isAdmin: true },
    { username: 'a\ud800', password: PASSWORD },
    { username: 'ada', password: 'x'.repeat(1025) }
  ]
  for (const body of bodies) {
    const payload = JSON.stringify(body)
    const answer = await app.inject({
      method: 'POST',
      url: '/session/login',
      headers: { 'content-type': 'application/json' },
      payload
    })
    t.equal(answer.statusCode, 400, payload.slice(0, 60))
    t.equal(answer.headers['cache-control'], 'no-store')
  }
})

t.test('a body in another encoding, type or size is rejected before it is read', async (t) => {
  const { app } = await makeApp()
  const body = JSON.stringify({ username: 'ada', password: PASSWORD })
  const send = (headers: Record<string, string>, payload: string | Buffer = body) =>
    app.inject({ method: 'POST', url: '/session/login', headers, payload })
  const json = { 'content-type': 'application/json' }
  t.equal((await send({ 'content-type': 'text/plain' })).statusCode, 415)
  t.equal((await send({ 'content-type': 'application/x-www-form-urlencoded' })).statusCode, 415)
  t.equal((await send({ 'content-type': 'application/json; charset=utf-16' })).statusCode, 415)
  t.equal((await send({ ...json, 'content-encoding': 'gzip' })).statusCode, 415)
  t.equal((await send(json, `\ufeff${body}`)).statusCode, 400, 'byte order mark')
  t.equal((await send(json, Buffer.from('{"username":"\xff"}', 'latin1'))).statusCode, 400, 'not UTF-8')
  t.equal((await send(json, '{"__proto__":{"username":"ada"}}')).statusCode, 400)
  t.equal((await send(json, '')).statusCode, 400, 'empty')
  t.equal((await send(json, `{"username":"${'x'.repeat(17_000)}"}`)).statusCode, 413)
  t.equal((await send({ 'content-type': 'application/json; charset=UTF-8' })).statusCode, 200)
})

t.test('too many attempts are a 429 with Retry-After, whether the user exists or not', async (t) => {
  const { app } = await makeApp()
  const attempt = (username: string) =>
    app.inject({
      method: 'POST',
      url: '/session/login',
      payload: { username, password: 'wrong wrong wrong' }
    })
  for (let n = 0; n < 5; n++) t.equal((await attempt('ada')).statusCode, 401)
  const refused = await attempt('ada')
  t.equal(refused.statusCode, 429)
  t.match(refused.headers['retry-after'], /^[1-9][0-9]*$/)
  t.match(refused.json(), { code: 'DRAWBRIDGE_TOO_MANY_ATTEMPTS', message: 'Too Many Requests' })
})

t.test('log-out revokes the login: the old cookie is invalid afterwards', async (t) => {
  const { app, signIn, logins } = await makeApp()
  const cookie = await signIn()
  const { loginId } = (await app.inject({ url: '/me', headers: { cookie } })).json()
  const answer = await app.inject({ method: 'POST', url: '/session/logout', headers: { cookie } })
  t.equal(answer.statusCode, 200)
  t.equal(answer.body, '{"message":"Logged out"}')
  t.equal(await logins.resolve(loginId), null, 'no record is left')
  const replay = await app.inject({ url: '/me', headers: { cookie } })
  t.equal(replay.statusCode, 401)
  t.same(replay.json(), UNAUTHORIZED)
})

t.test('log-out without a login, twice, or with a forged cookie has the same response', async (t) => {
  const { app, signIn } = await makeApp()
  const cookie = await signIn()
  for (const headers of [{}, { cookie }, { cookie }, { cookie: '__Host-drawbridge=made.up' }]) {
    const answer = await app.inject({ method: 'POST', url: '/session/logout', headers })
    t.equal(answer.statusCode, 200)
    t.equal(answer.body, '{"message":"Logged out"}')
    t.match(answer.headers['set-cookie'], /Max-Age=0/)
  }
})

t.test('an empty body of type JSON does not prevent a log-out', async (t) => {
  const { app } = await makeApp()
  const headers = { 'content-type': 'application/json' }
  t.equal((await app.inject({ method: 'POST', url: '/session/logout', headers })).statusCode, 200)
})

t.test('every response of the routes is no-store, and varies by Cookie', async (t) => {
  const { app } = await makeApp()
  const answers = [
    await app.inject({
      method: 'POST',
      url: '/session/login',
      payload: { username: 'ada', password: PASSWORD }
    }),
    await app.inject({ method: 'POST', url: '/session/login', payload: { username: 'ada', password: 'no' } }),
    await app.inject({ method: 'POST', url: '/session/login', payload: {} }),
    await app.inject({ method: 'POST', url: '/session/logout' }),
    await app.inject({ url: '/me' })
  ]
  for (const answer of answers) {
    t.equal(answer.headers['cache-control'], 'no-store')
    t.equal(answer.headers.vary, 'Cookie')
  }
})

t.test('routes: false leaves the methods to routes of the application', async (t) => {
  const { app } = await makeApp({
    session: { routes: false, prefix: '/elsewhere' },
    routes: (app) => {
      app.post('/enter', async (request, reply) => {
        await app.sessionAuth.startSession(request, reply, {
          user: { id: '7', username: 'grace' },
          scopes: ['a']
        })
        return { in: request.principal?.username }
      })
      app.post('/leave', async (request, reply) => {
        await app.sessionAuth.endSession(request, reply)
        return { out: request.principal }
      })
    }
  })
  t.equal((await app.inject({ method: 'POST', url: '/session/login' })).statusCode, 404)
  const entered = await app.inject({ method: 'POST', url: '/enter' })
  t.same(entered.json(), { in: 'grace' })
  const cookie = cookieFrom(entered)
  t.match((await app.inject({ url: '/me', headers: { cookie } })).json(), { userId: '7', scopes: ['a'] })
  t.same((await app.inject({ method: 'POST', url: '/leave', headers: { cookie } })).json(), { out: null })
  t.equal((await app.inject({ url: '/me', headers: { cookie } })).statusCode, 401)
})

t.test('each route is left out, or moved, by its name', async (t) => {
  const pathsOf = async (routes: SessionAuthOptions['routes']) => {
    const { app } = await makeApp({ session: { ...(routes !== undefined && { routes }), prefix: '/web' } })
    return ['/web/login', '/web/sign-in', '/web/logout', '/web/bye'].filter((url) =>
      app.hasRoute({ method: 'POST', url })
    )
  }
  t.strictSame(await pathsOf(undefined), ['/web/login', '/web/logout'])
  t.strictSame(await pathsOf({}), ['/web/login', '/web/logout'])
  t.strictSame(await pathsOf({ login: false }), ['/web/logout'])
  t.strictSame(await pathsOf({ login: '/sign-in', logout: '/bye' }), ['/web/sign-in', '/web/bye'])
  t.strictSame(await pathsOf({ login: false, logout: false, secondFactor: false }), [])
})

t.test('a route that was moved is as strict as before', async (t) => {
  const { app } = await makeApp({ session: { prefix: '', routes: { login: '/sign-in' } } })
  const send = (headers: Record<string, string>, payload: object) =>
    app.inject({ method: 'POST', url: '/sign-in', headers, payload })
  const right = { username: 'ada', password: PASSWORD }
  t.equal((await send({}, right)).statusCode, 200)
  t.equal((await send({ 'sec-fetch-site': 'cross-site' }, right)).statusCode, 403)
  t.equal((await send({}, { ...right, isAdmin: true })).statusCode, 400)
})

t.test('prefix is the path of the routes', async (t) => {
  const { app } = await makeApp({ session: { prefix: '/auth' } })
  t.equal((await app.inject({ method: 'POST', url: '/auth/logout' })).statusCode, 200)
  t.equal((await app.inject({ method: 'POST', url: '/session/logout' })).statusCode, 404)
})

t.test('getClaims gives the scopes of a sign-in', async (t) => {
  const { app, signIn } = await makeApp({
    logins: { getClaims: ({ username }) => ({ scopes: [`of:${username}`] }) }
  })
  const answer = await app.inject({ url: '/me', headers: { cookie: await signIn() } })
  t.same(answer.json().scopes, ['of:ada'])
})
