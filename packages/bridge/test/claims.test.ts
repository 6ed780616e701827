import { createMemoryFeed, createMemoryLoginStore, type Claims, type ClaimsInput } from '@drawbridge/logins'
import { generateSigningKey } from '@drawbridge/token-auth'
import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { makeApp, type AppOptions, type Presented, type TestApp } from './make-app.ts'

/** The service's own table: a role by username, and what the hook does with it. */
function createTable() {
  const table = {
    roles: { ada: 'user', bob: 'user' } as Record<string, string>,
    error: null as Error | null,
    asked: [] as ClaimsInput[],
    /** Runs while the table is read, after the row was. */
    meanwhile: null as (() => Promise<unknown>) | null
  }
  const getClaims = async (login: ClaimsInput): Promise<Claims> => {
    table.asked.push(login)
    const role = table.roles[login.username] ?? 'none'
    const { meanwhile } = table
    table.meanwhile = null
    await meanwhile?.()
    if (table.error !== null) throw table.error
    return { scopes: role === 'admin' ? ['read', 'admin'] : ['read'], role } as Claims
  }
  return { table, getClaims }
}

/** Two nodes: one store, one feed, one clock, one key, and one table. */
async function twoNodes(options: AppOptions = {}) {
  const { table, getClaims } = createTable()
  const clock = { now: 1_800_000_000_000 }
  const now = () => clock.now
  const store = createMemoryLoginStore({ now })
  const feed = Object.assign(createMemoryFeed({ now }), { isShared: true, coveredFrom: clock.now - 60_000 })
  const keys = [generateSigningKey()]
  const node = () =>
    makeApp({
      ...options,
      clock,
      store,
      keys,
      logins: { getClaims, feed, ...options.logins },
      bridge: EXCHANGE
    })
  return { table, clock, feed, one: await node(), two: await node() }
}

const EXCHANGE = { exchange: ['session-for-token', 'token-for-session'] } as const

const read = async (node: TestApp, presented: Presented) =>
  (await node.send(presented)).json<{ role: string; scopes: string[]; userId: string; loginId: string }>()
const describe = async (node: TestApp, presented: Presented) => {
  const { role, scopes } = await read(node, presented)
  return `${role}: ${scopes.join(' ')}`
}
const USER = 'user: read'
const ADMIN = 'admin: read admin'

/** A session and a token of two logins of ada, by name. */
async function signInBoth(node: TestApp): Promise<ReadonlyArray<readonly [string, Presented]>> {
  const cookie = await node.signInByCookie()
  const { token } = await node.signInByToken()
  return [
    ['the cookie', { cookie }],
    ['the token', { token }]
  ]
}

t.test('a role that changes on one node is served by another, by cookie and by an old token', async (t) => {
  const { table, clock, one, two } = await twoNodes()
  const credentials = await signInBoth(one)
  for (const node of [one, two])
    for (const [name, presented] of credentials) t.equal(await describe(node, presented), USER, name)
  const bob = { cookie: await one.signInByCookie('bob') }
  await read(two, bob)
  clock.now += 1000
  const { userId } = await read(one, credentials[0]?.[1] ?? {})
  table.roles['ada'] = 'admin'
  for (const [name, presented] of credentials)
    t.equal(await describe(two, presented), USER, `${name}: not before it is said`)
  await one.logins.refreshClaims(userId)
  table.asked.length = 0
  for (const node of [one, two])
    for (const [name, presented] of credentials) t.equal(await describe(node, presented), ADMIN, name)
  t.equal(table.asked.length, 4, 'once for each credential on each node')
  for (const node of [one, two])
    for (const [name, presented] of credentials) {
      const calls = node.storeSpy.calls.length
      t.equal(await describe(node, presented), ADMIN, `${name}: again`)
      t.equal(node.storeSpy.calls.length, calls, 'from the cache')
    }
  await read(two, bob)
  t.equal(table.asked.length, 4, 'nobody else is asked about')
})

t.test('a role that is taken away is refused, and the login stays', async (t) => {
  const { table, one, two, clock } = await twoNodes({
    routes: (app) => {
      app.get('/admin', { onRequest: app.bridge.guard({ scopes: ['admin'] }) }, () => 'ok')
    }
  })
  table.roles['ada'] = 'admin'
  const credentials = await signInBoth(one)
  const statuses = (url: string) =>
    Promise.all(credentials.map(async ([, presented]) => (await two.send(presented, { url })).statusCode))
  t.same(await statuses('/admin'), [200, 200])
  const { userId } = await read(one, credentials[0]?.[1] ?? {})
  clock.now += 1000
  table.roles['ada'] = 'user'
  await one.logins.refreshClaims(userId)
  t.same(await statuses('/admin'), [403, 403])
  t.same(await statuses('/me'), [200, 200])
})

t.test('what was read before a change is neither cached nor carried after it', async (t) => {
  for (const [name, index] of [
    ['the cookie', 0],
    ['the token', 1]
  ] as const) {
    const { table, clock, one, two } = await twoNodes()
    const presented = (await signInBoth(one))[index]?.[1] ?? {}
    const { userId } = await read(one, presented)
    clock.now += 1000
    await one.logins.refreshClaims(userId)
    table.meanwhile = async () => {
      table.roles['ada'] = 'admin'
      await one.logins.refreshClaims(userId)
    }
    t.equal(await describe(two, presented), USER, `${name}: the row had been read`)
    t.equal(await describe(two, presented), ADMIN, `${name}: and never again`)
  }
})

t.test('a token that is issued while its user changes is overridden like an older one', async (t) => {
  const { table, clock, one, two } = await twoNodes()
  const { token, refresh_token } = await one.signInByToken()
  const { userId } = await read(one, { token })
  clock.now += 60_000
  table.meanwhile = async () => {
    table.roles['ada'] = 'admin'
    clock.now += 10
    await two.logins.refreshClaims(userId)
  }
  const refreshed = (await one.post({}, '/token/refresh', { refresh_token })).json<{ token: string }>()
  for (const node of [one, two]) t.equal(await describe(node, { token: refreshed.token }), ADMIN)
})

t.test('a login that is revoked while it is read is refused, whatever the hook gives', async (t) => {
  for (const index of [0, 1]) {
    const { table, clock, one, two } = await twoNodes()
    const presented = (await signInBoth(one))[index]?.[1] ?? {}
    const { userId, loginId } = await read(one, presented)
    clock.now += 1000
    await one.logins.refreshClaims(userId)
    table.meanwhile = () => one.logins.revoke(loginId)
    t.equal((await two.send(presented)).statusCode, 401)
    t.equal((await two.send(presented)).statusCode, 401)
  }
})

t.test('a login that is revoked while its claims are read gets no new tokens', async (t) => {
  const { table, one } = await twoNodes()
  const { token, refresh_token } = await one.signInByToken()
  const { loginId } = await read(one, { token })
  table.meanwhile = () => one.logins.revoke(loginId)
  t.equal((await one.post({}, '/token/refresh', { refresh_token })).statusCode, 401)
})

t.test('an exchange has the claims of now, and asks for them before it adds anything', async (t) => {
  const { table, one } = await twoNodes()
  const cookie = await one.signInByCookie()
  table.roles['ada'] = 'admin'
  const exchanged = await one.post({ cookie }, '/exchange/session-for-token', { refresh_token: true })
  t.equal(await describe(one, { token: exchanged.json<{ token: string }>().token }), ADMIN)

  const { refresh_token } = await one.signInByToken()
  table.error = new Error('the table is locked')
  one.storeSpy.calls.length = 0
  const failed = await one.post({}, '/exchange/token-for-session', { refresh_token })
  t.equal(failed.statusCode, 503)
  t.notOk(one.storeSpy.calls.includes('carry'))
  table.error = null
  t.equal((await one.post({}, '/exchange/token-for-session', { refresh_token })).statusCode, 200)
})

const EVERYWHERE: ReadonlyArray<
  readonly [what: string, ask: (one: TestApp, two: TestApp) => Promise<() => Promise<LightMyRequestResponse>>]
> = [
  ['a sign-in by cookie', async (one) => () => signIn(one, 'session')],
  ['a sign-in by token', async (one) => () => signIn(one, 'token')],
  [
    'a refresh',
    async (one) => {
      const { refresh_token } = await one.signInByToken()
      return () => one.post({}, '/token/refresh', { refresh_token })
    }
  ],
  [
    'a request with a cookie that the node does not know',
    async (one, two) => {
      const cookie = (await one.signInByCookie()).split('; ')[0] ?? ''
      return () => two.send({ cookie })
    }
  ],
  [
    'a request with a token from before a change',
    async (one, two) => {
      const { token } = await one.signInByToken()
      const { userId } = await read(one, { token })
      await one.logins.refreshClaims(userId)
      return () => two.send({ token })
    }
  ]
]

const signIn = (node: TestApp, carrier: string) =>
  node.post({}, `/${carrier}/login`, { username: 'ada', password: 'correct horse battery staple' })

for (const [what, prepare] of EVERYWHERE) {
  t.test(`${what}: an outage of the hook is 503 with Retry-After, and nothing is lost`, async (t) => {
    const { table, one, two } = await twoNodes()
    const ask = await prepare(one, two)
    table.error = new Error('the table is locked')
    for (let again = 0; again < 2; again += 1) {
      const response = await ask()
      t.equal(response.statusCode, 503)
      t.ok(response.headers['retry-after'])
      t.notMatch(response.body, 'locked')
      t.notOk(response.headers['set-cookie'])
    }
    table.error = null
    t.equal((await ask()).statusCode, 200)
  })

  t.test(`${what}: an error with a status code is sent as it is`, async (t) => {
    const { table, one, two } = await twoNodes({
      logins: { onStoreDown: { serveStaleForSeconds: 60 } }
    })
    const ask = await prepare(one, two)
    table.error = Object.assign(new Error('Locked'), { statusCode: 403 })
    t.equal((await ask()).statusCode, 403, 'not served stale either')
  })
}

t.test('a sign-in that fails leaves no login', async (t) => {
  const { table, one } = await twoNodes()
  const { userId } = await read(one, { cookie: await one.signInByCookie() })
  table.error = new Error('the table is locked')
  for (const carrier of ['session', 'token']) await signIn(one, carrier)
  t.equal((await one.logins.listByUser(userId)).length, 1)
})

t.test('a hook that fails counts as the store being down, where the service serves stale then', async (t) => {
  const { table, clock, one, two } = await twoNodes({
    logins: { onStoreDown: { serveStaleForSeconds: 60 } },
    session: { snapshotSeconds: 5 }
  })
  const cookie = await one.signInByCookie()
  clock.now += 6000
  table.error = new Error('the table is locked')
  t.equal(await describe(two, { cookie }), USER, 'by the snapshot of six seconds ago')
  clock.now += 60_000
  t.equal((await two.send({ cookie })).statusCode, 503)
})

t.test('nothing stale is served instead of an answer of the service', async (t) => {
  const { table, clock, feed, one, two } = await twoNodes({
    logins: { onStoreDown: { serveStaleForSeconds: 60 } },
    session: { snapshotSeconds: 5 }
  })
  const credentials = await signInBoth(one)
  clock.now += 6000
  // Of a token that was issued before the node heard the feed, the store is asked.
  feed.coveredFrom = clock.now
  table.error = new Error('the table is locked')
  for (const [name, presented] of credentials)
    t.equal(await describe(two, presented), USER, `${name}: the control`)
  table.error = Object.assign(new Error('Locked'), { statusCode: 403 })
  for (const [name, presented] of credentials) t.equal((await two.send(presented)).statusCode, 403, name)
})

t.test('a log-out asks for no claims', async (t) => {
  const { table, one } = await twoNodes()
  const cookie = await one.signInByCookie()
  const { token } = await one.signInByToken()
  table.error = new Error('the table is locked')
  t.equal((await one.post({ cookie }, '/session/logout')).statusCode, 200)
  t.equal((await one.post({ token }, '/token/logout')).statusCode, 200)
})

t.test('a sign-in of the service’s own gives data to the hook, and a limit to the scopes', async (t) => {
  const user = { id: 'u1', username: 'ada' }
  const { table, one } = await twoNodes({
    routes: (app) => {
      const input = { user, scopes: ['read'], data: { tenant: 't1' } }
      app.post('/in/session', async (request, reply) => app.sessionAuth.startSession(request, reply, input))
      app.post('/in/token', async (request) => app.tokenAuth.issueTokens(request, input))
      app.post<{ Params: { carrier: string } }>('/wrong/:carrier', async (request, reply) => {
        const wrong = { user, ...(request.body as object) } as never
        return request.params.carrier === 'session'
          ? app.sessionAuth.startSession(request, reply, wrong)
          : app.tokenAuth.issueTokens(request, wrong)
      })
    }
  })
  table.roles['ada'] = 'admin'
  const session = await one.post({}, '/in/session')
  t.match(session.json(), { role: 'admin', scopes: ['read'] })
  const { token } = (await one.post({}, '/in/token')).json<{ token: string }>()
  t.equal(await describe(one, { token }), 'admin: read')
  t.same(
    table.asked.map(({ data, scopes, carriers }) => ({ data, scopes, carriers })),
    ['session', 'token'].map((carrier) => ({ data: { tenant: 't1' }, scopes: ['read'], carriers: [carrier] }))
  )
  for (const data of ['t1', ['t1'], null]) {
    for (const carrier of ['session', 'token'])
      t.match(
        (await one.post({}, `/wrong/${carrier}`, { data })).json(),
        { statusCode: 500, code: 'DRAWBRIDGE_OPTION', message: /: data must be an object, got/ },
        `${carrier}: ${JSON.stringify(data)}`
      )
  }
  t.match((await one.post({}, '/wrong/session', { data: { cookie: 1 } })).json(), {
    message: 'startSession: data.cookie is a reserved name of sessions'
  })
  t.equal((await one.logins.listByUser('u1')).length, 2)
})
