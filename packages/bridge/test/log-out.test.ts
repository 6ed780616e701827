import type { TokenResponse } from '@drawbridge/token-auth'
import t from 'tap'
import { codeOf, cookiesFrom, makeApp, setCookies, type TestApp } from './make-app.ts'

const CROSS_SITE = { 'sec-fetch-site': 'cross-site' }

/** One login with both carriers. */
async function signInWithBoth({ signInByCookie, post }: TestApp) {
  const cookie = await signInByCookie()
  const response = await post({ cookie }, '/exchange/session-for-token', { refresh_token: true })
  return { cookie, ...response.json<TokenResponse>() }
}

t.test('a log-out by either carrier ends the login for both', async (t) => {
  const node = await makeApp()
  const { post, send } = node
  for (const [url, by] of [
    ['/logout', 'cookie'],
    ['/logout', 'token'],
    ['/session/logout', 'cookie'],
    ['/token/logout', 'token']
  ] as const) {
    const login = await signInWithBoth(node)
    t.equal((await send({ cookie: login.cookie })).statusCode, 200)
    const response = await post({ [by]: login[by] }, url)
    t.equal(response.statusCode, 200)
    t.strictSame(response.json(), { message: 'Logged out' })
    t.equal((await send({ cookie: login.cookie })).statusCode, 401)
    t.equal((await send({ token: login.token })).statusCode, 401)
    const { refresh_token } = login
    t.equal((await post({}, '/token/refresh', { refresh_token })).statusCode, 401)
  }
})

t.test('every login that is presented is revoked, and the cookies are removed', async (t) => {
  const node = await makeApp()
  const { post, send } = node
  const [cookie, byToken, byBody] = [
    await node.signInByCookie('ada'),
    await node.signInByToken('bob'),
    await node.signInByToken('ada')
  ]
  const { refresh_token } = byBody
  const response = await post({ cookie, token: byToken.token }, '/logout', { refresh_token })
  t.equal(response.statusCode, 200)
  t.match(setCookies(response)[0], /^__Host-drawbridge=;.*Max-Age=0/)
  t.equal((await send({ cookie })).statusCode, 401)
  t.equal((await send({ token: byToken.token })).statusCode, 401)
  t.equal((await send({ token: byBody.token })).statusCode, 401)
})

t.test('a refresh token is enough, whatever has become of the access token', async (t) => {
  const node = await makeApp()
  const { clock, post } = node
  const { token, refresh_token } = await node.signInByToken()
  clock.now += 601_000
  t.equal((await post({ token }, '/logout', { refresh_token })).statusCode, 200)
  t.equal((await post({}, '/token/refresh', { refresh_token })).statusCode, 401)
  t.equal((await post({}, '/logout', { refresh_token })).statusCode, 200, 'and again')
})

t.test('without a login it only removes the cookies, and can be repeated', async (t) => {
  const { post, signInByCookie } = await makeApp()
  const cookie = await signInByCookie()
  for (const presented of [{}, { cookie }, { cookie }, { cookie: '__Host-drawbridge=x' }]) {
    const response = await post(presented, '/logout')
    t.equal(response.statusCode, 200)
    t.match(setCookies(response)[0], /Max-Age=0/)
  }
})

t.test(
  'a client that presents only tokens, and none that is valid, is not told that it is logged out',
  async (t) => {
    const node = await makeApp()
    const { clock, post } = node
    const { token } = await node.signInByToken()
    clock.now += 601_000
    for (const response of [
      await post({ token }, '/logout'),
      await post({}, '/logout', { refresh_token: 'x' })
    ]) {
      t.equal(response.statusCode, 401)
      t.match(response.headers['www-authenticate'], /error="invalid_token"/)
      t.strictSame(setCookies(response), [])
    }
    const cookie = await node.signInByCookie()
    t.equal((await post({ token, cookie }, '/logout')).statusCode, 200, 'by the cookie beside it, it is')
    t.equal((await post({ token, cookie }, '/logout')).statusCode, 200, 'and again')
  }
)

t.test('a cookie that is not valid makes no log-out of a token that is not', async (t) => {
  const node = await makeApp()
  const { clock, post } = node
  const { token } = await node.signInByToken()
  clock.now += 601_000
  for (const cookie of ['__Host-drawbridge=x', '__Host-drawbridge=']) {
    const response = await post({ token, cookie }, '/logout')
    t.equal(response.statusCode, 401)
    t.match(response.headers['www-authenticate'], /error="invalid_token"/)
    t.match(setCookies(response)[0], /Max-Age=0/, 'the cookie is removed all the same')
    t.equal(response.headers['cache-control'], 'no-store')
  }
})

t.test('a page of another origin logs nobody out, and has no cookie removed', async (t) => {
  const node = await makeApp()
  const { send } = node
  const login = await signInWithBoth(node)
  const logOut = (presented: { cookie?: string; token?: string }) =>
    send(presented, { method: 'POST', url: '/logout', headers: CROSS_SITE })
  for (const presented of [{}, { cookie: login.cookie }, { cookie: login.cookie, token: login.token }]) {
    const response = await logOut(presented)
    t.equal(response.statusCode, 403)
    t.equal(codeOf(response), 'DRAWBRIDGE_CROSS_ORIGIN')
    t.strictSame(setCookies(response), [])
  }
  t.equal((await send({ cookie: login.cookie })).statusCode, 200)
  const byToken = await logOut({ token: login.token })
  t.equal(byToken.statusCode, 200, 'a token is added by code: it is proof enough of itself')
  t.strictSame(setCookies(byToken), [])
  t.equal((await send({ cookie: login.cookie })).statusCode, 401)
})

t.test('while the store is down it is a 503, and the cookies stay', async (t) => {
  const node = await makeApp()
  const { post, send, storeSpy } = node
  const login = await signInWithBoth(node)
  storeSpy.down.add('remove')
  for (const presented of [{ cookie: login.cookie }, { token: login.token }]) {
    const response = await post(presented, '/logout')
    t.equal(response.statusCode, 503)
    t.ok(response.headers['retry-after'])
    t.strictSame(setCookies(response), [])
  }
  storeSpy.down.clear()
  t.equal((await post({ cookie: login.cookie }, '/logout')).statusCode, 200)
  t.equal((await send({ token: login.token })).statusCode, 401)
})

t.test('after the log-out the handler has no principal', async (t) => {
  const node = await makeApp({
    routes: (app) => {
      app.post('/bye', { onRequest: app.bridge.guard }, async (request, reply) => {
        await app.bridge.logOut(request, reply)
        return { principal: request.principal }
      })
    }
  })
  const cookie = await node.signInByCookie()
  t.strictSame((await node.post({ cookie }, '/bye')).json(), { principal: null })
})

t.test('a session that was exchanged for is logged out with its login', async (t) => {
  const { post, send, signInByToken } = await makeApp()
  const { token, refresh_token } = await signInByToken()
  const cookie = cookiesFrom(await post({}, '/exchange/token-for-session', { refresh_token }))
  t.equal((await post({ cookie }, '/logout')).statusCode, 200)
  t.equal((await send({ token })).statusCode, 401)
})

t.test('the body may be of any type, or none', async (t) => {
  const { send, signInByCookie } = await makeApp()
  for (const [type, payload] of [
    ['text/plain', 'x'],
    ['application/x-www-form-urlencoded', 'a=b'],
    [undefined, undefined]
  ] as const) {
    const cookie = await signInByCookie()
    const response = await send(
      { cookie },
      {
        method: 'POST',
        url: '/logout',
        ...(type !== undefined && { headers: { 'content-type': type }, payload })
      }
    )
    t.equal(response.statusCode, 200)
    t.equal((await send({ cookie })).statusCode, 401)
  }
})

t.test(
  'a value of an unchecked body that is no token, or not true, is the fault of its client',
  async (t) => {
    const node = await makeApp({
      routes: (app) => {
        type Body = { Body: { refresh_token?: never } }
        app.post<Body>('/bye', async (request, reply) => {
          await app.bridge.logOut(request, reply, { refreshToken: request.body.refresh_token })
          return {}
        })
        app.post<Body>('/more', (request) =>
          app.bridge.sessionForToken(request, { refreshToken: request.body.refresh_token })
        )
      }
    })
    const cookie = await node.signInByCookie()
    for (const refresh_token of [1, {}, ['x'], null, 'true'])
      t.equal((await node.post({}, '/bye', { refresh_token })).statusCode, 401)
    for (const refresh_token of [1, {}, 'true']) {
      const response = await node.post({ cookie }, '/more', { refresh_token })
      t.equal(response.statusCode, 200)
      t.notOk('refresh_token' in response.json<object>())
    }
  }
)
