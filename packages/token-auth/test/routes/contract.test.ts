import t from 'tap'
import { decodeClaims, makeApp, PASSWORD } from '../make-app.ts'

const UNAUTHORIZED = {
  statusCode: 401,
  code: 'DRAWBRIDGE_UNAUTHORIZED',
  error: 'Unauthorized',
  message: 'Unauthorized'
}
const BARE = 'Bearer realm="drawbridge"'
const INVALID = 'Bearer realm="drawbridge", error="invalid_token"'

const changeLastCharacter = (text: string) => text.slice(0, -1) + (text.endsWith('x') ? 'y' : 'x')

t.test('the response to a sign-in is a pair of tokens, as RFC 6749 names them', async (t) => {
  const { app } = await makeApp()
  const answer = await app.inject({
    method: 'POST',
    url: '/token/login',
    payload: { username: 'ada', password: PASSWORD }
  })
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['cache-control'], 'no-store')
  const body = answer.json<Record<string, unknown>>()
  t.strictSame(Object.keys(body), ['token', 'access_token', 'token_type', 'expires_in', 'refresh_token'])
  t.equal(body.access_token, body.token)
  t.match(body, {
    token: /^[\w-]+\.[\w-]+\.[\w-]+$/,
    token_type: 'Bearer',
    expires_in: 600,
    refresh_token: /^drbr_[\w-]{100}$/
  })
})

t.test('a wrong password and an unknown user get one response', async (t) => {
  const { app } = await makeApp()
  const bodies = []
  for (const payload of [
    { username: 'ada', password: 'wrong password here' },
    { username: 'nobody', password: PASSWORD }
  ]) {
    const answer = await app.inject({ method: 'POST', url: '/token/login', payload })
    t.equal(answer.statusCode, 401)
    t.equal(answer.headers['www-authenticate'], BARE)
    t.equal(answer.headers['cache-control'], 'no-store')
    t.match(answer.json(), { message: 'Invalid credentials', code: 'DRAWBRIDGE_INVALID_CREDENTIALS' })
    bodies.push(answer.body)
  }
  t.equal(bodies[0], bodies[1])
})

t.test('a guarded route serves a request with an access token and rejects one without', async (t) => {
  const { read, signIn } = await makeApp()
  const { token } = await signIn()
  const answer = await read(token)
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['cache-control'], 'no-store')
  const { sub, sid, auth_time: authTime, login_exp: loginExp } = decodeClaims(token)
  t.strictSame(answer.json(), {
    userId: sub,
    username: 'ada',
    loginId: sid,
    carrier: 'token',
    authenticatedAt: (authTime as number) * 1000,
    expiresAt: (loginExp as number) * 1000,
    scopes: []
  })

  const refused = await read(undefined)
  t.equal(refused.statusCode, 401)
  t.equal(refused.headers['www-authenticate'], BARE)
  t.equal(refused.headers['cache-control'], 'no-store')
  t.strictSame(refused.json(), UNAUTHORIZED)
})

t.test('the response to a refresh is a new pair of the same login', async (t) => {
  const { read, signIn, refresh, clock } = await makeApp()
  const first = await signIn()
  clock.now += 60_000
  const answer = await refresh(first.refresh_token)
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['cache-control'], 'no-store')
  const second = answer.json<typeof first>()
  t.strictSame(Object.keys(second), Object.keys(first))
  t.not(second.refresh_token, first.refresh_token)
  const [before, after] = [decodeClaims(first.token), decodeClaims(second.token)]
  t.equal(after.sid, before.sid)
  t.equal(after.auth_time, before.auth_time, 'the credentials were not verified again')
  t.equal(after.login_exp, before.login_exp, 'S25: nor does the login end later')
  t.equal(after.iat, (before.iat as number) + 60)
  t.not(after.jti, before.jti)
  t.equal((await read(second.token)).statusCode, 200)
  t.equal((await read(first.token)).statusCode, 200, 'a refresh does not end the older access token')
})

t.test('an invalid refresh token gets one response, whatever is wrong with it', async (t) => {
  const { signIn, refresh, signOut, clock } = await makeApp({ tokens: { refreshIdleTimeoutSeconds: 1000 } })
  const reused = await signIn()
  await refresh(reused.refresh_token)
  const revoked = await signIn()
  await signOut({ refresh: revoked.refresh_token })
  const expired = await signIn('bob')
  clock.now += 11_000
  const bodies = new Set<string>()
  const check = async (token: string) => {
    const answer = await refresh(token)
    t.equal(answer.statusCode, 401)
    t.equal(answer.headers['www-authenticate'], INVALID)
    t.equal(answer.headers['cache-control'], 'no-store')
    bodies.add(answer.body)
  }
  await check(reused.refresh_token)
  await check(revoked.refresh_token)
  clock.now += 1_100_000
  await check(expired.refresh_token)
  for (const text of ['x', reused.token, 'drbr_', `drbr_${'A'.repeat(100)}`, 'x'.repeat(10_000), 'a\0b'])
    await check(text)
  t.strictSame(
    [...bodies].map((body) => JSON.parse(body) as unknown),
    [UNAUTHORIZED]
  )
})

t.test('log-out revokes the login of the access token, or of the refresh token', async (t) => {
  const { read, signIn, signOut, refresh } = await makeApp()
  for (const show of ['token', 'refresh', 'both']) {
    const { token, refresh_token } = await signIn()
    t.equal((await read(token)).statusCode, 200)
    const answer = await signOut({
      ...(show !== 'refresh' && { token }),
      ...(show !== 'token' && { refresh: refresh_token })
    })
    t.equal(answer.statusCode, 200)
    t.strictSame(answer.json(), { message: 'Logged out' })
    t.equal(answer.headers['cache-control'], 'no-store')
    const after = await read(token)
    t.equal(after.statusCode, 401, `${show}: the access token`)
    t.equal(after.headers['www-authenticate'], INVALID)
    t.strictSame(after.json(), UNAUTHORIZED)
    t.equal((await refresh(refresh_token)).statusCode, 401, `${show}: the refresh token`)
  }
})

t.test('log-out with a refresh token may be repeated (RFC 7009 section 2.2)', async (t) => {
  const { signIn, signOut } = await makeApp()
  const { refresh_token: refresh } = await signIn()
  t.equal((await signOut({ refresh })).statusCode, 200)
  const again = await signOut({ refresh })
  t.equal(again.statusCode, 200)
  t.strictSame(again.json(), { message: 'Logged out' })
})

t.test('T01: a refresh token alone is enough to log out, whatever is beside it', async (t) => {
  const { app, clock, signIn, signOut, logins } = await makeApp()
  const ended = await signIn()
  await signOut({ token: ended.token })
  const besides: Record<string, (own: string) => string> = {
    expired: (own) => `Bearer ${own}`,
    'of a revoked login': () => `Bearer ${ended.token}`,
    garbage: () => 'Bearer garbage',
    'the word undefined': () => 'Bearer undefined',
    'the word null': () => 'Bearer null',
    'no token': () => 'Bearer ',
    'not of the form': () => 'Bearer a b',
    'of another scheme': () => 'Basic YTpi'
  }
  for (const [what, authorizationOf] of Object.entries(besides)) {
    const { token, refresh_token } = await signIn('bob')
    if (what === 'expired') clock.now += 601_000
    const answer = await app.inject({
      method: 'POST',
      url: '/token/logout',
      headers: { authorization: authorizationOf(token) },
      payload: { refresh_token }
    })
    t.equal(answer.statusCode, 200, what)
    t.strictSame(answer.json(), { message: 'Logged out' }, what)
    t.equal(await logins.resolve(decodeClaims(token).sid as string), null, `${what}: the login is revoked`)
  }
})

t.test('log-out without a valid token is a 401', async (t) => {
  const { app, signIn, signOut } = await makeApp()
  const ada = await signIn()
  const bob = await signIn('bob')
  const none = await signOut({})
  t.equal(none.statusCode, 401)
  t.equal(none.headers['www-authenticate'], BARE)
  t.strictSame(none.json(), UNAUTHORIZED)
  const emptyBody = await app.inject({ method: 'POST', url: '/token/logout', payload: {} })
  t.equal(emptyBody.statusCode, 401)

  t.equal((await signOut({ token: `${ada.token}x` })).statusCode, 401)
  t.equal((await signOut({ refresh: changeLastCharacter(ada.refresh_token) })).statusCode, 401)
  t.equal(
    (await signOut({ token: 'x', refresh: changeLastCharacter(ada.refresh_token) })).statusCode,
    401,
    'neither of which is valid'
  )

  const mixed = await signOut({ token: ada.token, refresh: bob.refresh_token })
  t.equal(mixed.statusCode, 400)
  t.match(mixed.json(), { code: 'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL', message: 'Bad Request' })
  t.equal((await signOut({ token: ada.token })).statusCode, 200, 'none of which has revoked anything')
  t.equal(
    (await signOut({ token: ada.token })).statusCode,
    401,
    'an access token of a revoked login is a 401'
  )
  t.equal((await signOut({ token: bob.token })).statusCode, 200)
})

t.test('an empty JSON body is no body', async (t) => {
  const { app, signIn } = await makeApp()
  const { token } = await signIn()
  const answer = await app.inject({
    method: 'POST',
    url: '/token/logout',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  })
  t.equal(answer.statusCode, 200)
})

t.test('bodies are accepted exactly as the schema says', async (t) => {
  const { app, signIn } = await makeApp()
  const { refresh_token } = await signIn()
  const post = (url: string, payload: string | object, type = 'application/json') =>
    app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } })
  const wrong: ReadonlyArray<readonly [string, string | object]> = [
    ['/token/login', { username: 1, password: PASSWORD }],
    ['/token/login', { username: ['ada'], password: PASSWORD }],
    ['/token/login', { username: 'ada' }],
    ['/token/login', { username: '', password: PASSWORD }],
    ['/token/login', { username: 'ada', password: PASSWORD, isAdmin: true }],
    ['/token/login', '{"username":'],
    ['/token/login', '[]'],
    ['/token/login', `\ufeff{"username":"ada","password":"${PASSWORD}"}`],
    ['/token/login', '{"__proto__":{"username":"ada"},"password":"x"}'],
    ['/token/refresh', {}],
    ['/token/refresh', { refresh_token: '' }],
    ['/token/refresh', { refresh_token: 1 }],
    ['/token/refresh', { refresh_token: [refresh_token] }],
    ['/token/refresh', { refresh_token: null }],
    ['/token/refresh', { refresh_token, scope: 'admin' }],
    ['/token/logout', { refresh_token: 1 }],
    ['/token/logout', { token: 'x' }],
    ['/token/logout', '"x"']
  ]
  for (const [url, payload] of wrong) {
    const answer = await post(url, payload)
    t.equal(answer.statusCode, 400, `${url} ${JSON.stringify(payload)}`)
    t.equal(answer.headers['cache-control'], 'no-store')
  }
  t.equal(
    (await post('/token/refresh', `refresh_token=${refresh_token}`, 'application/x-www-form-urlencoded'))
      .statusCode,
    415
  )
  t.equal((await post('/token/refresh', JSON.stringify({ refresh_token }), 'text/plain')).statusCode, 415)
  t.equal((await post('/token/login', { username: 'ada', password: 'x'.repeat(17_000) })).statusCode, 413)
  t.equal(
    (await post('/token/refresh', { refresh_token })).statusCode,
    200,
    'none of which has used up the token'
  )
})

t.test('nothing happens on a GET, and no token is read from a query', async (t) => {
  const { app, signIn, refresh } = await makeApp()
  const { token, refresh_token } = await signIn()
  for (const path of ['login', 'refresh', 'logout']) {
    const answer = await app.inject({ url: `/token/${path}`, query: { refresh_token, token } })
    t.equal(answer.statusCode, 404)
  }
  t.equal((await app.inject({ url: '/me', query: { access_token: token } })).statusCode, 401)
  t.equal((await refresh(refresh_token)).statusCode, 200)
})

t.test('prefix moves the routes, the keys stay at the root', async (t) => {
  const { app } = await makeApp({ tokens: { prefix: '/api/v1/tokens' } })
  const login = { method: 'POST', payload: { username: 'ada', password: PASSWORD } } as const
  t.equal((await app.inject({ ...login, url: '/api/v1/tokens/login' })).statusCode, 200)
  t.equal((await app.inject({ ...login, url: '/token/login' })).statusCode, 404)
  t.equal((await app.inject('/.well-known/jwks.json')).statusCode, 200)
})

t.test('only the routes of the plugin require strict JSON', async (t) => {
  const { app } = await makeApp()
  app.post('/echo', async ({ body }) => body)
  const answer = await app.inject({
    method: 'POST',
    url: '/echo',
    payload: 'hi',
    headers: { 'content-type': 'text/plain' }
  })
  t.equal(answer.body, 'hi')
  t.equal(answer.headers['cache-control'], undefined)
})

t.test('for too many attempts and a full hashing queue the client is told to wait', async (t) => {
  for (const [reason, status] of [
    ['throttled', 429],
    ['busy', 503]
  ] as const) {
    const { app } = await makeApp({
      tokens: { credentials: { verify: async () => ({ ok: false, reason, retryAfterSeconds: 7 }) } }
    })
    const answer = await app.inject({
      method: 'POST',
      url: '/token/login',
      payload: { username: 'a', password: 'b' }
    })
    t.equal(answer.statusCode, status)
    t.equal(answer.headers['retry-after'], '7')
    t.equal(answer.headers['cache-control'], 'no-store')
  }
})
