import t from 'tap'
import { account, buildDemo, signInByCookie, signInByToken } from './build-demo.ts'

const secret = 'a root secret that is long enough to be one'

t.test('errors have the shape of Fastify', async (t) => {
  const app = await buildDemo(t)
  const asks = [
    { method: 'GET', url: '/nowhere', status: 404, error: 'Not Found' },
    { method: 'DELETE', url: '/session/login', status: 404, error: 'Not Found' },
    { method: 'GET', url: '/session/logout', status: 404, error: 'Not Found' },
    { method: 'GET', url: '/%zz', status: 400, error: 'Bad Request' },
    { method: 'GET', url: '/session/protected', status: 401, error: 'Unauthorized' },
    { method: 'GET', url: '/token/protected', status: 401, error: 'Unauthorized' }
  ] as const
  for (const { method, url, status, error } of asks) {
    const response = await app.inject({ method, url })
    t.equal(response.statusCode, status, `${method} ${url}`)
    t.match(response.json(), { statusCode: status, error, message: String })
    t.match(response.headers['content-type'], 'application/json')
  }
})

t.test('bodies that violate the schema are rejected, by both carriers', async (t) => {
  const app = await buildDemo(t)
  const json = { 'content-type': 'application/json' }
  const bodies = [
    { name: 'not JSON', headers: json, payload: '{"username":', status: 400 },
    {
      name: 'a number for a username',
      headers: json,
      payload: '{"username":1,"password":"pass"}',
      status: 400
    },
    {
      name: 'an unknown member',
      headers: json,
      payload: JSON.stringify({ ...account, admin: true }),
      status: 400
    },
    {
      name: 'a form',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'a=b',
      status: 415
    },
    {
      name: 'text',
      headers: { 'content-type': 'text/plain' },
      payload: JSON.stringify(account),
      status: 415
    },
    {
      name: 'more than 16 KiB',
      headers: json,
      payload: JSON.stringify({ ...account, password: 'x'.repeat(17_000) }),
      status: 413
    }
  ]
  for (const carrier of ['session', 'token']) {
    for (const { name, headers, payload, status } of bodies) {
      const response = await app.inject({ method: 'POST', url: `/${carrier}/login`, headers, payload })
      t.equal(response.statusCode, status, `${carrier}: ${name}`)
      t.equal(response.headers['cache-control'], 'no-store')
    }
  }
})

t.test('the cookie of a sign-in is hidden from scripts and from other sites', async (t) => {
  const app = await buildDemo(t)
  const response = await app.inject({ method: 'POST', url: '/session/login', payload: account })
  t.match(response.headers['set-cookie'], /^drawbridge=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/)
  t.equal(response.headers['cache-control'], 'no-store')
  t.match(response.headers.vary, 'Cookie')
})

t.test('in production the cookie is Secure and bound to the host', async (t) => {
  const app = await buildDemo(t, { NODE_ENV: 'production', DRAWBRIDGE_SECRET: secret })
  t.equal((await app.inject({ method: 'POST', url: '/session/login', payload: account })).statusCode, 401)
  const out = await app.inject({ method: 'POST', url: '/session/logout' })
  t.match(out.headers['set-cookie'], /^__Host-drawbridge=;.*Secure/)
})

t.test('a sign-in or log-out sent by a page of another origin is rejected', async (t) => {
  const app = await buildDemo(t, { TRUSTED_ORIGINS: 'https://app.example' })
  const logIn = (headers: Record<string, string>) =>
    app.inject({ method: 'POST', url: '/session/login', headers, payload: account })
  t.equal((await logIn({ 'sec-fetch-site': 'cross-site' })).statusCode, 403)
  t.equal((await logIn({ origin: 'https://evil.example' })).statusCode, 403)
  t.equal((await logIn({ origin: 'https://app.example', 'sec-fetch-site': 'cross-site' })).statusCode, 200)
  t.equal((await logIn({ 'sec-fetch-site': 'same-origin' })).statusCode, 200)
  const cookie = await signInByCookie(app)
  const out = await app.inject({
    method: 'POST',
    url: '/session/logout',
    headers: { cookie, 'sec-fetch-site': 'same-site' }
  })
  t.equal(out.statusCode, 403)
  t.equal((await app.inject({ url: '/session/protected', headers: { cookie } })).statusCode, 200)
})

t.test('a refresh returns new tokens, and every rejected refresh has the same body', async (t) => {
  const app = await buildDemo(t, { REFRESH_GRACE_SECONDS: '0' })
  const refresh = (refresh_token: string) =>
    app.inject({ method: 'POST', url: '/token/refresh', payload: { refresh_token } })
  const { token, refresh_token: first } = await signInByToken(app)
  const response = await refresh(first)
  t.equal(response.statusCode, 200)
  t.match(response.json(), { token: String, token_type: 'Bearer', expires_in: 600, refresh_token: /^drbr_/ })
  const { refresh_token: second } = response.json<{ refresh_token: string }>()

  const reused = await refresh(first)
  const revoked = await refresh(second)
  const unknown = await refresh('drbr_made-up')
  t.equal(reused.statusCode, 401)
  t.same(reused.json(), revoked.json())
  t.same(reused.json(), unknown.json())
  const bearer = { authorization: `Bearer ${token}` }
  t.equal(
    (await app.inject({ url: '/token/protected', headers: bearer })).statusCode,
    401,
    'reuse revoked the login'
  )
})

t.test('a token login can be logged out by its refresh token', async (t) => {
  const app = await buildDemo(t)
  const { token, refresh_token } = await signInByToken(app)
  const out = await app.inject({ method: 'POST', url: '/token/logout', payload: { refresh_token } })
  t.same(out.json(), { message: 'Logged out' })
  const bearer = { authorization: `Bearer ${token}` }
  t.equal((await app.inject({ url: '/token/protected', headers: bearer })).statusCode, 401)
})

t.test('a 401 of a token route has a challenge', async (t) => {
  const app = await buildDemo(t)
  const none = await app.inject({ url: '/token/protected' })
  t.match(none.headers['www-authenticate'], /^Bearer/)
  t.notMatch(none.headers['www-authenticate'], 'error=')
  const wrong = await app.inject({
    url: '/token/protected',
    headers: { authorization: 'Bearer made.up.token' }
  })
  t.match(wrong.headers['www-authenticate'], 'error="invalid_token"')
})

t.test('the key set has public members only, and none of an HMAC key', async (t) => {
  const keys = async (algorithm: string) => {
    const app = await buildDemo(t, { TOKEN_ALGORITHM: algorithm })
    await signInByToken(app)
    const response = await app.inject({ url: '/.well-known/jwks.json' })
    t.match(response.headers['cache-control'], /^public, max-age=\d+$/)
    return response.json<{ keys: Array<Record<string, unknown>> }>().keys
  }
  const [key] = await keys('EdDSA')
  t.same(Object.keys(key ?? {}).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  t.same(await keys('HS256'), [])
})

t.test('after too many wrong passwords the response is 429 with Retry-After', async (t) => {
  const app = await buildDemo(t, { LOGIN_ATTEMPTS_PER_ACCOUNT: '2' })
  const attempt = () =>
    app.inject({ method: 'POST', url: '/session/login', payload: { ...account, password: 'wrong' } })
  t.equal((await attempt()).statusCode, 401)
  t.equal((await attempt()).statusCode, 401)
  const response = await attempt()
  t.equal(response.statusCode, 429)
  t.match(response.headers['retry-after'], /^\d+$/)
})

t.test('T09 X-Forwarded-For identifies the client only where the proxy is trusted', async (t) => {
  const statuses = async (env: Record<string, string>) => {
    const app = await buildDemo(t, { LOGIN_ATTEMPTS_PER_ACCOUNT: '1', ...env })
    const attempt = async (client: string) => {
      const headers = { 'x-forwarded-for': client }
      const payload = { ...account, password: 'wrong' }
      return (await app.inject({ method: 'POST', url: '/session/login', headers, payload })).statusCode
    }
    return [await attempt('192.0.2.1'), await attempt('192.0.2.2'), await attempt('192.0.2.2')]
  }
  t.same(await statuses({}), [401, 429, 429], 'anybody can write the header')
  t.same(await statuses({ TRUST_PROXY: '10.0.0.0/8' }), [401, 429, 429], 'and not every peer is the proxy')
  t.same(await statuses({ TRUST_PROXY: 'loopback' }), [401, 401, 429])
})

t.test('responses have the headers that restrict browsers', async (t) => {
  const app = await buildDemo(t)
  for (const url of ['/', '/docs', '/session/protected', '/nowhere']) {
    const { headers } = await app.inject({ url })
    const policy = String(headers['content-security-policy'])
    for (const rule of [
      "default-src 'none'",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'"
    ]) {
      t.match(policy, rule, `${url}: ${rule}`)
    }
    t.notMatch(policy, /script-src[^;]*unsafe/)
    t.match(headers, {
      'strict-transport-security': /max-age=31536000; includeSubDomains/,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin'
    })
    t.notOk('access-control-allow-origin' in headers)
    t.notOk('x-powered-by' in headers)
  }
})

t.test('an internal error reveals nothing to the client; the log has the details', async (t) => {
  const lines: string[] = []
  const app = await buildDemo(
    t,
    { NODE_ENV: 'production', DRAWBRIDGE_SECRET: secret },
    { write: (line) => lines.push(line) }
  )
  const faults: ReadonlyArray<readonly [path: string, fault: unknown]> = [
    ['/error', new Error('SELECT secret FROM users')],
    ['/status', Object.assign(new Error('SELECT secret FROM users'), { statusCode: 503 })],
    ['/null', null],
    ['/text', 'SELECT secret FROM users']
  ]
  for (const [path, fault] of faults) {
    app.get(path, async () => {
      throw fault
    })
  }
  for (const [path] of faults) {
    const response = await app.inject({ url: path })
    t.equal(response.statusCode, 500, path)
    t.same(response.json(), {
      statusCode: 500,
      error: 'Internal Server Error',
      message: 'Internal Server Error'
    })
  }
  t.match(lines.join(''), 'SELECT secret FROM users')
})
