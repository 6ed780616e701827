import type { Principal } from '@drawbridge/logins'
import type { TokenResponse } from '@drawbridge/token-auth'
import t from 'tap'
import { codeOf, makeApp, type Presented, setCookies, type TestApp } from './make-app.ts'

/** A session and a token of ada, of two logins, and both of bob. */
async function signInBoth(node: TestApp) {
  const ada = { cookie: await node.signInByCookie('ada'), ...(await node.signInByToken('ada')) }
  const bob = { cookie: await node.signInByCookie('bob'), ...(await node.signInByToken('bob')) }
  return { ada, bob }
}

const NO_PROOF = { 'sec-fetch-site': 'cross-site' }

t.test('with redirectTo a navigation is redirected, unless it presents a token', async (t) => {
  const { app, send, signInByToken } = await makeApp({
    routes: (app) => {
      const guard = app.bridge.guard({ redirectTo: '/login' })
      app.get('/orders', { onRequest: guard }, async () => 'page')
    }
  })
  const headers = { accept: 'text/html' }
  const guest = await send({}, { url: '/orders', headers })
  t.strictSame([guest.statusCode, guest.headers.location], [303, '/login?next=%2Forders'])
  t.equal((await send({}, { url: '/orders' })).statusCode, 401)
  const { token } = await signInByToken()
  t.equal((await send({ token }, { url: '/orders', headers })).statusCode, 200)
  t.throws(() => app.tokenAuth.guard({ redirectTo: '/login' } as never), /redirectTo is not an option/)
})

t.test('a route takes a session or a token', async (t) => {
  const node = await makeApp()
  const { ada } = await signInBoth(node)
  for (const [presented, carrier] of [
    [{ cookie: ada.cookie }, 'session'],
    [{ token: ada.token }, 'token']
  ] as const) {
    const response = await node.send(presented)
    t.equal(response.statusCode, 200)
    t.match(response.json<Principal>(), { username: 'ada', carrier })
    t.equal(response.headers['cache-control'], 'no-store')
    t.equal(response.headers.vary, 'Cookie, Authorization')
  }
})

t.test('a Vary header that names one of both credentials gets the other too', async (t) => {
  const node = await makeApp({
    routes: (app) => {
      app.register(async (scope) => {
        scope.addHook('onRequest', async (request, reply) => void reply.header('vary', request.headers.x))
        scope.get('/varied', { onRequest: app.bridge.guard }, () => 'x')
      })
    }
  })
  const cookie = await node.signInByCookie()
  for (const [x, vary] of [
    ['Cookie', 'Cookie, Authorization'],
    ['authorization', 'authorization, Cookie'],
    ['Origin, cookie', 'Origin, cookie, Authorization'],
    ['X-Cookie', 'X-Cookie, Cookie, Authorization']
  ] as const)
    t.equal((await node.send({ cookie }, { url: '/varied', headers: { x } })).headers.vary, vary)
})

t.test('without a credential, or with one that is not valid, it is a 401 with a challenge', async (t) => {
  const node = await makeApp()
  const cases: ReadonlyArray<readonly [Presented, string]> = [
    [{}, 'Bearer realm="drawbridge"'],
    [{ cookie: '__Host-drawbridge=x' }, 'Bearer realm="drawbridge"'],
    [{ token: 'x' }, 'Bearer realm="drawbridge", error="invalid_token"']
  ]
  for (const [presented, challenge] of cases) {
    const response = await node.send(presented)
    t.equal(response.statusCode, 401)
    t.equal(response.headers['www-authenticate'], challenge)
    t.equal(codeOf(response), 'DRAWBRIDGE_UNAUTHORIZED')
    t.strictSame(setCookies(response), [], 'a guard removes no cookie')
  }
})

t.test('a token counts before a session of the same user', async (t) => {
  const node = await makeApp()
  const { ada } = await signInBoth(node)
  const own = (await node.send({ token: ada.token })).json<Principal>()
  t.strictSame((await node.send({ token: ada.token, cookie: ada.cookie })).json(), own)
})

t.test('a bad token is not made good by a cookie', async (t) => {
  const node = await makeApp()
  const { ada } = await signInBoth(node)
  t.equal((await node.send({ token: 'x', cookie: ada.cookie })).statusCode, 401)
  await node.post({ token: ada.token }, '/token/logout')
  t.equal((await node.send({ token: ada.token, cookie: ada.cookie })).statusCode, 401)
})

t.test('an Authorization header of another scheme is no token: the session counts', async (t) => {
  const node = await makeApp()
  const { ada } = await signInBoth(node)
  const response = await node.send({ cookie: ada.cookie }, { headers: { authorization: 'Basic YTpi' } })
  t.match(response.json<Principal>(), { username: 'ada', carrier: 'session' })
})

t.test('a token and a session of different users are rejected, and the log says whose', async (t) => {
  const lines: string[] = []
  const node = await makeApp({ server: { logger: { stream: { write: (line) => void lines.push(line) } } } })
  const { ada, bob } = await signInBoth(node)
  const response = await node.send({ token: ada.token, cookie: bob.cookie })
  t.equal(response.statusCode, 400)
  t.equal(codeOf(response), 'DRAWBRIDGE_TWO_USERS')
  t.strictSame(setCookies(response), [])
  const [event] = lines.map((line) => JSON.parse(line) as object).filter((line) => 'event' in line)
  const [byToken, bySession] = [
    await node.send({ token: ada.token }),
    await node.send({ cookie: bob.cookie })
  ]
  const namesOf = ({ loginId, userId }: Principal) => ({ loginId, userId })
  t.match(event, {
    event: 'two_users',
    token: namesOf(byToken.json()),
    session: namesOf(bySession.json())
  })
  t.equal(byToken.statusCode, 200, 'neither login ends by it')
  t.equal(bySession.statusCode, 200)
})

t.test('a cookie of another user that is forged, or whose login was revoked, plays no part', async (t) => {
  const node = await makeApp()
  const { ada, bob } = await signInBoth(node)
  const forged = `${bob.cookie.slice(0, -3)}abc`
  t.match((await node.send({ token: ada.token, cookie: forged })).json(), { username: 'ada' })
  await node.post({ cookie: bob.cookie }, '/session/logout')
  t.match((await node.send({ token: ada.token, cookie: bob.cookie })).json(), { username: 'ada' })
})

t.test('a cookie that a client spelt otherwise is read before it is judged', async (t) => {
  const node = await makeApp()
  const { ada, bob } = await signInBoth(node)
  const spell = (cookie: string) =>
    cookie.replace(/=(.)/, (_, first: string) => `=%${first.charCodeAt(0).toString(16)}`)
  t.match((await node.send({ token: ada.token, cookie: spell(ada.cookie) })).json(), { username: 'ada' })
  t.equal((await node.send({ token: ada.token, cookie: spell(bob.cookie) })).statusCode, 400)
})

t.test(
  'two sessions that differ are ambiguous, also beside a token where one is of another user',
  async (t) => {
    const node = await makeApp()
    const { ada, bob } = await signInBoth(node)
    const cookie = `${ada.cookie}; ${bob.cookie}`
    t.equal(codeOf(await node.send({ cookie })), 'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL')
    t.equal((await node.send({ cookie, token: ada.token })).statusCode, 400)
  }
)

t.test('two Authorization headers are ambiguous, and no cookie makes up for them', async (t) => {
  const node = await makeApp()
  const { ada } = await signInBoth(node)
  await node.app.listen()
  t.teardown(() => node.app.close())
  const { request } = await import('node:http')
  const statusCode = await new Promise<number | undefined>((resolve, reject) => {
    const { port } = node.app.server.address() as { port: number }
    const authorization = [`Bearer ${ada.token}`, 'Bearer x']
    const headers = ['host', 'x', ...authorization.flatMap((value) => ['authorization', value])]
    request({ port, path: '/me', headers: [...headers, 'cookie', ada.cookie] }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
  t.equal(statusCode, 400)
})

t.test('an unsafe request needs proof of origin by its cookie, and none by its token', async (t) => {
  const node = await makeApp()
  const { ada } = await signInBoth(node)
  const post = (presented: Presented) => node.send(presented, { method: 'POST', headers: NO_PROOF })
  const bySession = await post({ cookie: ada.cookie })
  t.equal(bySession.statusCode, 403)
  t.equal(codeOf(bySession), 'DRAWBRIDGE_CROSS_ORIGIN')
  t.equal((await post({ token: ada.token })).statusCode, 200)
  t.equal((await post({ token: ada.token, cookie: ada.cookie })).statusCode, 200)
  t.equal((await node.send({ cookie: ada.cookie }, { headers: NO_PROOF })).statusCode, 200, 'a safe one may')
})

t.test('a request that this node knows asks no store, and makes no promise', async (t) => {
  const node = await makeApp()
  const { ada } = await signInBoth(node)
  for (const presented of [
    { cookie: ada.cookie },
    { token: ada.token },
    { token: ada.token, cookie: ada.cookie }
  ]) {
    await node.send(presented)
    const before = node.storeSpy.calls.length
    t.equal((await node.send(presented)).statusCode, 200)
    t.equal(node.storeSpy.calls.length, before)
  }
})

t.test('its options are those of the other guards', async (t) => {
  const node = await makeApp({
    logins: {
      getClaims: ({ carriers }) => ({ scopes: carriers.includes('token') ? ['read', 'admin'] : ['read'] })
    },
    routes: (app) => {
      app.get('/admin', { onRequest: app.bridge.guard({ scopes: ['admin'] }) }, () => 'ok')
    }
  })
  const { ada } = await signInBoth(node)
  t.equal((await node.send({ token: ada.token }, { url: '/admin' })).statusCode, 200)
  const response = await node.send({ cookie: ada.cookie }, { url: '/admin' })
  t.equal(response.statusCode, 403)
  t.equal(codeOf(response), 'DRAWBRIDGE_INSUFFICIENT_SCOPE')
  t.throws(() => node.app.bridge.guard({ scope: ['x'] } as never), /bridge\.guard/)
})

t.test('authenticate says who it is, or why nobody is, and sends nothing', async (t) => {
  const node = await makeApp({
    routes: (app) => {
      app.get('/greeting', async (request) => app.bridge.authenticate(request))
    }
  })
  const { ada, bob } = await signInBoth(node)
  const read = async (presented: Presented) => {
    const response = await node.send(presented, { url: '/greeting' })
    t.equal(response.statusCode, 200)
    t.equal(response.headers.vary, undefined)
    return response.json<object>()
  }
  t.match(await read({ cookie: ada.cookie }), {
    ok: true,
    principal: { username: 'ada', carrier: 'session' }
  })
  t.match(await read({ token: ada.token }), { ok: true, principal: { username: 'ada', carrier: 'token' } })
  t.match(await read({}), { ok: false, reason: 'none', carrier: null })
  t.match(await read({ token: 'x' }), { ok: false, reason: 'invalid', carrier: 'token' })
  t.match(await read({ cookie: '__Host-drawbridge=x' }), { ok: false, reason: 'invalid', carrier: 'session' })
  t.match(await read({ token: ada.token, cookie: bob.cookie }), {
    ok: false,
    reason: 'two-users',
    carrier: null
  })
})

t.test('a cookie that was signed under an older secret is renewed, as by its own guard', async (t) => {
  const [older, newer] = ['an older secret of 32 bytes or more', 'a newer secret of 32 bytes or more']
  const one = await makeApp({ session: { secret: older } })
  const cookie = await one.signInByCookie()
  const two = await makeApp({
    clock: one.clock,
    store: one.storeSpy.store,
    keys: one.keys,
    session: { secret: [newer, older] }
  })
  t.match(setCookies(await two.send({ cookie }))[0], /^__Host-drawbridge=/)
})

t.test('revokeOthers revokes the logins of both carriers but the one in use', async (t) => {
  const node = await makeApp({
    routes: (app) => {
      app.post('/others', async (request, reply) => ({
        revoked: await app.bridge.revokeOthers(request, reply)
      }))
    }
  })
  const { ada, bob } = await signInBoth(node)
  t.equal((await node.post({}, '/others')).statusCode, 401)
  t.equal((await node.post({ cookie: ada.cookie, token: bob.token }, '/others')).statusCode, 400)
  t.strictSame((await node.post({ token: ada.token }, '/others')).json(), { revoked: 1 })
  t.equal((await node.send({ cookie: ada.cookie })).statusCode, 401)
  t.equal((await node.send({ token: ada.token })).statusCode, 200)
  const cookie = await node.signInByCookie('ada')
  t.strictSame((await node.post({ cookie }, '/others')).json(), { revoked: 1 })
  const refreshed = await node.post({}, '/token/refresh', {
    refresh_token: ada.refresh_token
  } satisfies Partial<TokenResponse>)
  t.equal(refreshed.statusCode, 401)
  t.equal((await node.send({ cookie: bob.cookie })).statusCode, 200)
})

t.test('a session of another user is found among other cookies, however its field is spelt', async (t) => {
  const node = await makeApp()
  const { ada, bob } = await signInBoth(node)
  const [name, value] = bob.cookie.split('=') as [string, string]
  const cookies = [
    `a=1; ${bob.cookie}; b=2`,
    `${ada.cookie.replace(name, `${name}-snapshot`)}; ${bob.cookie}`,
    `x${ada.cookie}; ${name} = ${value}`,
    `a=${name}=${ada.cookie.slice(name.length + 1)}; ${bob.cookie}`
  ]
  for (const cookie of cookies)
    t.equal((await node.send({ token: ada.token, cookie })).statusCode, 400, cookie.replaceAll(value, '…'))
  for (const cookie of [`x${bob.cookie}`, `${name}-snapshot=${value}`, `${name}x=${value}`])
    t.equal((await node.send({ token: ada.token, cookie })).statusCode, 200, cookie.replaceAll(value, '…'))
})
