import { createMemoryFeed, createMemoryLoginStore, type LoginEvent } from '@drawbridge/logins'
import { createTestLogins } from '@drawbridge/logins/testing'
import { generateSigningKey } from '@drawbridge/token-auth'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { forwardAuth, type ForwardAuthOptions } from '../src/index.ts'
import { askAs, HOST, PROXIES, type ProxyName } from './ask-as-proxy.ts'
import { type AppOptions, codeOf, makeApp, setCookies } from './make-app.ts'

const server = { trustProxy: 'loopback' }

/** A node that a proxy asks. */
const makeNode = (
  proxy: ProxyName,
  options: AppOptions = {},
  forward: (app: FastifyInstance) => Partial<ForwardAuthOptions> = () => ({})
) =>
  makeApp({
    server,
    ...options,
    routes: async (app) => {
      await app.register(forwardAuth, { guard: app.bridge.guard, proxy, ...forward(app) })
      await options.routes?.(app)
    }
  })

const byToken = (token: string) => ({ authorization: `Bearer ${token}` })

for (const proxy of PROXIES) {
  t.test(`${proxy}: by either carrier a request is let in, and the response says whose it is`, async (t) => {
    const node = await makeNode(proxy)
    const cookie = await node.signInByCookie('ada')
    const { token } = await node.signInByToken('bob')
    const { userId } = (await node.send({ cookie })).json<{ userId: string }>()
    const bySession = await askAs(node.app, proxy, { headers: { cookie } })
    t.equal(bySession.statusCode, 200)
    t.equal(bySession.body, '')
    t.match(bySession.headers, {
      'x-user-id': userId,
      'x-user-name': 'ada',
      'x-user-scopes': '',
      'cache-control': 'no-store'
    })
    t.match((await askAs(node.app, proxy, { headers: byToken(token) })).headers, { 'x-user-name': 'bob' })
    t.equal((await askAs(node.app, proxy, { method: 'POST', headers: byToken(token) })).statusCode, 200)
  })

  t.test(`${proxy}: without a valid credential it is a 401 with a challenge`, async (t) => {
    const node = await makeNode(proxy)
    const cookie = await node.signInByCookie()
    const { token } = await node.signInByToken()
    const ask = (headers = {}) => askAs(node.app, proxy, { headers })
    t.equal((await ask({ cookie })).statusCode, 200)
    t.equal((await ask(byToken(token))).statusCode, 200)
    await node.post({ cookie }, '/session/logout')
    await node.post({ token }, '/token/logout')
    for (const [headers, challenge] of [
      [{}, 'Bearer realm="drawbridge"'],
      [{ cookie }, 'Bearer realm="drawbridge"'],
      [byToken(token), 'Bearer realm="drawbridge", error="invalid_token"'],
      [byToken('x'), 'Bearer realm="drawbridge", error="invalid_token"']
    ] as const) {
      const response = await ask(headers)
      t.strictSame([response.statusCode, response.headers['www-authenticate']], [401, challenge])
      t.equal(response.headers['cache-control'], 'no-store')
      t.notOk('x-user-id' in response.headers)
    }
  })

  t.test(`${proxy}: the origin is judged by the method and the host of the original request`, async (t) => {
    const node = await makeNode(proxy)
    const cookie = await node.signInByCookie()
    const status = async (method: string, headers: Readonly<Record<string, string>>) =>
      (await askAs(node.app, proxy, { method, headers: { cookie, ...headers } })).statusCode
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      t.equal(await status(method, { 'sec-fetch-site': 'cross-site' }), 403, method)
      t.equal(await status(method, { origin: 'https://evil.example' }), 403, method)
      t.equal(await status(method, { 'sec-fetch-site': 'same-origin' }), 200, method)
      t.equal(await status(method, { origin: `https://${HOST}` }), 200, method)
      t.equal(await status(method, { origin: `http://${HOST}` }), 403, `${method}, another scheme`)
    }
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      t.equal(await status(method, { 'sec-fetch-site': 'cross-site' }), 200, `${method} is safe`)
  })

  t.test(`${proxy}: a preflight, which has no credential, is a 401`, async (t) => {
    const { app } = await makeNode(proxy)
    const headers = { origin: `https://${HOST}`, 'access-control-request-method': 'POST' }
    t.equal((await askAs(app, proxy, { method: 'OPTIONS', headers })).statusCode, 401)
  })
}

t.test('a login without the scope is a 403, as RFC 6750 has it', async (t) => {
  const node = await makeNode('nginx', {}, (app) => ({ guard: app.bridge.guard({ scopes: ['reports'] }) }))
  const { token } = await node.signInByToken()
  const response = await askAs(node.app, 'nginx', { headers: byToken(token) })
  t.equal(response.statusCode, 403)
  t.equal(codeOf(response), 'DRAWBRIDGE_INSUFFICIENT_SCOPE')
  t.match(response.headers['www-authenticate'], 'error="insufficient_scope", scope="reports"')
})

t.test('a method that no proxy names is unsafe, and so is one in lower case', async (t) => {
  const node = await makeNode('nginx')
  const cookie = await node.signInByCookie()
  for (const method of ['PROPFIND', 'get', 'CONNECT']) {
    const ask = (site: string) =>
      askAs(node.app, 'nginx', { method, headers: { cookie, 'sec-fetch-site': site } })
    t.equal((await ask('cross-site')).statusCode, 403, method)
    t.equal((await ask('same-origin')).statusCode, 200, method)
  }
})

t.test('what the node knows is served from memory: no store is asked', async (t) => {
  const node = await makeNode('nginx')
  const cookie = await node.signInByCookie()
  const { token } = await node.signInByToken()
  const asks = [{ cookie }, byToken(token)].map((headers) => () => askAs(node.app, 'nginx', { headers }))
  for (const ask of asks) await ask()
  node.storeSpy.calls.length = 0
  for (const ask of [...asks, ...asks, ...asks]) t.equal((await ask()).statusCode, 200)
  t.strictSame(node.storeSpy.calls, [])
})

t.test('an outage is a 503, whoever asks, and never a 401', async (t) => {
  const outage = createTestLogins()
  const node = await makeNode('nginx', {
    clock: { now: outage.clock.now() },
    session: { logins: outage.logins },
    tokens: { logins: outage.logins }
  })
  const cookie = await node.signInByCookie()
  const { token } = await node.signInByToken()
  outage.makeStale()
  outage.storeDown()
  for (const headers of [{ cookie }, byToken(token)]) {
    const response = await askAs(node.app, 'nginx', { headers })
    t.equal(response.statusCode, 503)
    t.equal(codeOf(response), 'DRAWBRIDGE_LOGINS_UNAVAILABLE')
    t.ok(response.headers['retry-after'])
  }
  outage.storeUp()
  t.equal((await askAs(node.app, 'nginx', { headers: { cookie } })).statusCode, 200)
})

t.test('it sets no cookie, where a guard of a route would renew one', async (t) => {
  const clock = { now: 1_800_000_000_000 }
  const now = () => clock.now
  const shared = {
    clock,
    store: createMemoryLoginStore({ now }),
    keys: [generateSigningKey()]
  }
  const feed = { ...createMemoryFeed({ now }), isShared: true }
  const [one, two, three] = [
    await makeNode('nginx', { ...shared, logins: { feed } }),
    await makeNode('nginx', { ...shared, logins: { feed } }),
    await makeNode('nginx', { ...shared, logins: { feed } })
  ]
  const [cookie = ''] = (await one.signInByCookie()).split(';')
  t.not(setCookies(await two.send({ cookie })).length, 0, 'a snapshot')
  const response = await askAs(three.app, 'nginx', { headers: { cookie } })
  t.equal(response.statusCode, 200)
  t.strictSame(setCookies(response), [])
})

t.test('what the proxy asks without a method is a 400, and a warning once', async (t) => {
  const lines: string[] = []
  const logger = { stream: { write: (line: string) => void lines.push(line) } }
  const node = await makeNode('nginx', { server: { ...server, logger } })
  const cookie = await node.signInByCookie()
  for (const headers of [{}, { cookie }, { cookie, 'x-forwarded-method': 'GET' }]) {
    const response = await node.app.inject({ url: '/verify', headers })
    t.equal(response.statusCode, 400)
    t.equal(codeOf(response), 'DRAWBRIDGE_UNKNOWN_ORIGINAL')
    t.equal(response.headers['cache-control'], 'no-store')
  }
  const warnings = lines
    .map((line) => JSON.parse(line) as { level: number; msg: string })
    .filter(({ level }) => level >= 40)
  t.equal(warnings.length, 1)
  t.match(warnings[0]?.msg, /gets 400: .*X-Original-Method$/)
})

t.test('the log of a rejected request names the original one, without its query', async (t) => {
  const lines: string[] = []
  const logger = { stream: { write: (line: string) => void lines.push(line) } }
  const { app } = await makeNode('traefik', { server: { ...server, logger } })
  await askAs(app, 'traefik', { method: 'DELETE', uri: '/reports/7?secret=x' })
  const rejected = lines.map((line) => JSON.parse(line) as { err?: object; original?: object })
  t.match(
    rejected.filter(({ err }) => err !== undefined),
    [{ err: { code: 'DRAWBRIDGE_UNAUTHORIZED' }, original: { method: 'DELETE', path: '/reports/7' } }]
  )
  t.notMatch(lines.join(''), 'secret')
})

t.test('a rejected credential is published once', async (t) => {
  const events: LoginEvent[] = []
  const node = await makeNode('nginx', { logins: { onEvent: (event) => void events.push(event) } })
  await askAs(node.app, 'nginx', { headers: byToken('x') })
  await askAs(node.app, 'nginx')
  t.match(events, [{ type: 'credential-rejected', reason: 'invalid', carrier: 'token' }])
})

t.test('the response has the headers that the service chooses', async (t) => {
  const headers: ForwardAuthOptions['headers'] = {
    'Remote-User': ({ username }) => username.toUpperCase(),
    'X-Login': ({ loginId }) => [loginId, 'of a session']
  }
  const node = await makeNode('traefik', {}, () => ({ headers }))
  const cookie = await node.signInByCookie()
  const { loginId } = (await node.send({ cookie })).json<{ loginId: string }>()
  const response = await askAs(node.app, 'traefik', { headers: { cookie } })
  t.match(response.headers, { 'remote-user': 'ADA', 'x-login': `${loginId} of%20a%20session` })
  t.notOk('x-user-id' in response.headers)
})

t.test('a header that cannot be made is a 500, and lets nobody in', async (t) => {
  const failing = () => {
    throw new Error('a fault of the service')
  }
  const node = await makeNode('nginx', {}, () => ({ headers: { 'x-a': () => 'a', 'x-b': failing } }))
  const cookie = await node.signInByCookie()
  const response = await askAs(node.app, 'nginx', { headers: { cookie } })
  t.equal(response.statusCode, 500)
  t.notOk('x-a' in response.headers)
})

t.test('a navigation is redirected to the sign-in, where the proxy passes that on', async (t) => {
  for (const proxy of ['traefik', 'envoy'] as const) {
    const node = await makeNode(proxy, {}, (app) => ({ guard: app.bridge.guard({ redirectTo: '/login' }) }))
    const headers = { accept: 'text/html' }
    const page = await askAs(node.app, proxy, { headers })
    t.strictSame([page.statusCode, page.headers.location], [303, '/login?next=%2Freports%3Fpage%3D2'], proxy)
    t.equal((await askAs(node.app, proxy, { method: 'POST', headers })).statusCode, 401)
    const itself = await askAs(node.app, proxy, { uri: '/login?next=/', headers })
    t.equal(itself.statusCode, 401, 'the page itself')
    const elsewhere = await askAs(node.app, proxy, { uri: '//evil.example', headers })
    t.equal(elsewhere.headers.location, '/login')
  }
})

t.test('Envoy: the path is that below the prefix of the scope too', async (t) => {
  const { app } = await makeApp({
    routes: (app) =>
      void app.register(
        async (scope) => {
          await scope.register(forwardAuth, {
            guard: app.bridge.guard({ redirectTo: '/login' }),
            proxy: 'envoy'
          })
        },
        { prefix: '/auth' }
      )
  })
  const page = await app.inject({ url: '/auth/verify/reports', headers: { accept: 'text/html' } })
  t.strictSame([page.statusCode, page.headers.location], [303, '/login?next=%2Freports'])
})

t.test('a body is not read, whatever its type, its size and the method', async (t) => {
  const node = await makeNode('envoy')
  const { token } = await node.signInByToken()
  for (const type of ['application/json', 'text/plain', 'no type', '']) {
    const response = await node.app.inject({
      method: 'POST',
      url: '/verify/reports',
      headers: { ...byToken(token), 'content-type': type },
      payload: '{'.repeat(2_000_000)
    })
    t.equal(response.statusCode, 200, type)
  }
})

t.test('Envoy: any path below that of the route is asked about, however long', async (t) => {
  const node = await makeNode('envoy')
  const { token } = await node.signInByToken()
  for (const uri of ['/', '/a/b/c', `/${'x'.repeat(2000)}`, '/%C3%A9?a=%', '//a', '/a%2Fb'])
    t.equal((await askAs(node.app, 'envoy', { uri, headers: byToken(token) })).statusCode, 200, uri)
  t.equal((await askAs(node.app, 'envoy', { uri: '/%' })).statusCode, 400, 'no path at all')
})

t.test('a guard of the whole application leaves the decision to that of the route', async (t) => {
  const node = await makeApp({
    server,
    routes: async (app) => {
      app.addHook('onRequest', app.sessionAuth.guard)
      await app.register(forwardAuth, { guard: app.bridge.guard, proxy: 'nginx' })
    }
  })
  const { token } = await node.signInByToken('bob')
  const cookie = await node.signInByCookie('ada')
  const status = async (headers: Readonly<Record<string, string>>) =>
    (await askAs(node.app, 'nginx', { headers })).statusCode
  t.equal(await status(byToken(token)), 200)
  t.equal(await status({ cookie }), 200)
  t.equal(await status({}), 401)
  t.equal(await status({ cookie, ...byToken('x') }), 401, 'not by what the other guard has found')
  const { token: own } = await node.signInByToken('ada')
  t.equal(await status({ cookie, ...byToken(own) }), 200, 'two logins of one user are no conflict')
})

t.test('several routes let in by guards of their own', async (t) => {
  const node = await makeNode('nginx', {
    routes: async (app) => {
      await app.register(forwardAuth, { guard: app.tokenAuth.guard, proxy: 'nginx', path: '/verify/api' })
    }
  })
  const cookie = await node.signInByCookie()
  const headers = { cookie, 'x-original-method': 'GET' }
  t.equal((await node.app.inject({ url: '/verify', headers })).statusCode, 200)
  t.equal((await node.app.inject({ url: '/verify/api', headers })).statusCode, 401)
})

t.test('a wrong option is an error when the plugin is registered', async (t) => {
  const wrong = (options: (app: FastifyInstance) => object, message: string | RegExp) =>
    t.rejects(
      makeNode('nginx', {}, options as () => Partial<ForwardAuthOptions>),
      { code: 'DRAWBRIDGE_OPTION', message },
      String(message)
    )
  await wrong(() => ({ guard: () => {} }), /forwardAuth.guard must be a guard, such as app.bridge.guard/)
  await wrong((app) => ({ guard: app.sessionAuth.requireSameOrigin }), /forwardAuth.guard must be a guard/)
  await wrong(() => ({ proxy: 'apache' }), /forwardAuth.proxy must be "nginx" or "traefik" or "envoy"/)
  await wrong(() => ({ path: 'verify' }), /forwardAuth.path must be a path like/)
  await wrong(() => ({ headers: { 'x-a': 'a' } }), /forwardAuth.headers.x-a must be a function/)
  for (const name of ['Set-Cookie', 'content-length', 'x_user', 'x-', 'x-a\r\n', 'é'])
    await wrong(() => ({ headers: { [name]: () => 'a' } }), /names of headers like "X-User-Id"/)
  await wrong(() => ({ header: {} }), /forwardAuth.header is not an option/)
  await wrong(
    (app) => ({ guard: app.bridge.guard({ redirectTo: '/login' }) }),
    /forwardAuth.guard must not have redirectTo/
  )
})
