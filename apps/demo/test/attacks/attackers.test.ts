import { createCredentials, createMemoryUserStore, seedUser } from '@drawbridge/credentials'
import { createLogins, createMemoryFeed, createMemoryLoginStore, type LoginStore } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import fastifyCookie from '@fastify/cookie'
import Fastify, { type FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import Database from 'libsql'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { account, type Tokens } from '../build-demo.ts'
import { buildFuzzedDemo, type FuzzedDemo, people } from '../fuzz/fuzzed-demo.ts'
import { until } from '@drawbridge/test-support/until'
import { Canaries } from './canaries.ts'

const ROOT_SECRET = 'a root secret that is long enough to be one'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const cookieHeader = (value: string) => ({ cookie: `drawbridge=${encodeURIComponent(value)}` })

/** The status of a demo's response to each credential, wherever one can be presented. */
function createPresenter({ send }: Pick<FuzzedDemo, 'send'>) {
  const status = async (request: Parameters<typeof send>[0]) => (await send(request)).statusCode
  return {
    cookie: (value: string) => status({ url: '/session/protected', headers: cookieHeader(value) }),
    rawCookie: (header: string) => status({ url: '/session/protected', headers: { cookie: header } }),
    token: (text: string) => status({ url: '/token/protected', headers: bearer(text) }),
    refresh: (refresh_token: string) =>
      status({ method: 'POST', url: '/token/refresh', payload: { refresh_token } }),
    logOut: (refresh_token: string, headers = {}) =>
      status({ method: 'POST', url: '/token/logout', headers, payload: { refresh_token } }),
    logOutCookie: (value: string) =>
      status({ method: 'POST', url: '/session/logout', headers: cookieHeader(value) })
  }
}

/**
 * Every combination of parts in which the n-th part is the n-th of one of the wholes, without the wholes themselves.
 */
function mixed<T>(wholes: ReadonlyArray<readonly T[]>): ReadonlyArray<readonly T[]> {
  const places = (wholes[0] as readonly T[]).map((_, at) => wholes.map((whole) => whole[at] as T))
  const all = places.reduce<T[][]>(
    (made, choices) => made.flatMap((start) => choices.map((next) => [...start, next])),
    [[]]
  )
  return all.filter((text) => !wholes.some((whole) => whole.every((piece, at) => piece === text[at])))
}

const parseRefreshToken = (token: string): readonly string[] => {
  const bytes = Buffer.from(token.slice('drbr_'.length), 'base64url')
  const ends = [0, 21, 25, 41, 57, 75]
  return ends.slice(1).map((end, at) => bytes.subarray(ends[at], end).toString('hex'))
}
const buildRefreshToken = (parts: readonly string[]) =>
  `drbr_${Buffer.from(parts.join(''), 'hex').toString('base64url')}`

const decodeClaims = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as Record<string, unknown>
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

t.test('attacker: with a login of their own, nobody else is read, refreshed or logged out', async (t) => {
  const demo = await buildFuzzedDemo(t)
  const { cookie, token, refresh, logOut, logOutCookie } = createPresenter(demo)
  const [mine, theirs] = [
    (await demo.signInByCookie('eve')).drawbridge,
    (await demo.signInByCookie('user')).drawbridge
  ] as [string, string]
  const [my, their] = [await demo.signInByToken('eve'), await demo.signInByToken('user')]
  // Refreshed once, so that the two differ in their generation too.
  const { refresh_token: myNewest } = (
    await demo.send({ method: 'POST', url: '/token/refresh', payload: { refresh_token: my.refresh_token } })
  ).json<Tokens>()

  for (const parts of mixed([mine.split('.'), theirs.split('.')])) {
    t.equal(await cookie(parts.join('.')), 401, 'parts of two cookies')
    // A client that presents the secret of a login may log it out, whatever the signature (S21).
    const sessionCookie = parts.slice(0, 2).join('.')
    if (mine.startsWith(sessionCookie) || theirs.startsWith(sessionCookie)) continue
    t.equal(await logOutCookie(parts.join('.')), 200, 'a log-out that revokes nothing')
  }
  for (const parts of mixed([my.token.split('.'), their.token.split('.')])) {
    // The header of all tokens of a key is the same.
    const text = parts.join('.')
    if (text !== my.token && text !== their.token)
      t.equal(await token(text), 401, 'parts of two access tokens')
  }
  for (const parts of mixed([parseRefreshToken(myNewest), parseRefreshToken(their.refresh_token)])) {
    t.equal(await refresh(buildRefreshToken(parts)), 401, 'parts of two refresh tokens')
    t.equal(await logOut(buildRefreshToken(parts)), 401, 'and no log-out by them')
    t.equal(await logOut(buildRefreshToken(parts), bearer(my.token)), 401, 'nor with a valid access token')
  }

  const [header = '', , signature = ''] = my.token.split('.')
  const { sub, sid } = decodeClaims(their.token)
  for (const claims of [
    { ...decodeClaims(my.token), sid },
    { ...decodeClaims(my.token), sub },
    { ...decodeClaims(my.token), sub, sid }
  ]) {
    for (const [head, signed] of [
      [header, signature],
      [header, ''],
      [encoded({ alg: 'none', typ: 'at+jwt' }), ''],
      [encoded({ ...(JSON.parse(Buffer.from(header, 'base64url').toString()) as object), alg: 'none' }), '']
    ])
      t.equal(
        await token(`${head}.${encoded(claims)}.${signed}`),
        401,
        'a token for another login, signed by nobody'
      )
  }
  const theirId = theirs.split('.')[0]
  for (const id of [theirId, String(sid)]) {
    for (const text of [
      id,
      `${id}.`,
      `${id}.${'A'.repeat(43)}`,
      `${id}.${'A'.repeat(43)}.${'A'.repeat(43)}`
    ] as string[]) {
      t.equal(await cookie(text), 401, 'a loginId is no credential')
      t.equal(await logOutCookie(text), 200)
      t.equal(await token(text), 401)
      t.equal(await refresh(text), 401)
      t.equal(await logOut(text), 401)
    }
  }
  t.equal(await logOut(their.refresh_token, bearer(my.token)), 400, 'two logins in one request')

  t.equal(await cookie(theirs), 200, 'after all that the other user is signed in')
  t.equal(await token(their.token), 200)
  t.equal(await refresh(their.refresh_token), 200)
  t.equal(await cookie(mine), 200, 'and so is the attacker')
  t.equal(await refresh(myNewest), 200)
})

t.test('attacker: with what was stolen and has expired, or was logged out', async (t) => {
  const demo = await buildFuzzedDemo(t, {
    ACCESS_TOKEN_TTL_SECONDS: '1',
    SESSION_IDLE_TIMEOUT_SECONDS: '2',
    TOUCH_INTERVAL_SECONDS: '1'
  })
  const { cookie, token, refresh, logOut } = createPresenter(demo)
  const idle = (await demo.signInByCookie('user')).drawbridge as string
  const stolen = await demo.signInByToken('user')
  const loggedOut = await demo.signInByToken('user')
  const loggedOutCookie = (await demo.signInByCookie('user')).drawbridge as string
  t.equal(
    await demo
      .send({ method: 'POST', url: '/session/logout', headers: cookieHeader(loggedOutCookie) })
      .then((a) => a.statusCode),
    200
  )
  t.equal(await cookie(loggedOutCookie), 401, 'a cookie that was logged out')
  t.equal(await logOut(loggedOut.refresh_token), 200)
  t.equal(
    await token(loggedOut.token),
    401,
    'an access token whose login was logged out by its refresh token'
  )
  t.equal(await refresh(loggedOut.refresh_token), 401)

  await until(() => Date.now() >= (decodeClaims(stolen.token).exp as number) * 1000)
  t.equal(await token(stolen.token), 401, 'an access token that has expired')
  const byExpired = await demo.send({ method: 'POST', url: '/token/logout', headers: bearer(stolen.token) })
  t.equal(byExpired.statusCode, 401, 'which logs nobody out')
  const own = await demo.signInByToken('user')
  t.equal(
    await logOut(own.refresh_token, bearer(stolen.token)),
    200,
    'T01: nor prevents the log-out by a valid token'
  )
  t.equal(await token(own.token), 401, 'which revoked only its own login')
  const { refresh_token: newest, token: fresh } = (
    await demo.send({
      method: 'POST',
      url: '/token/refresh',
      payload: { refresh_token: stolen.refresh_token }
    })
  ).json<Tokens>()
  t.ok(fresh, 'its owner can go on refreshing')
  t.equal(await logOut(newest), 200, 'until the log-out')
  t.equal(await refresh(newest), 401)
  t.equal(
    await refresh(stolen.refresh_token),
    401,
    'which also revokes the previous one within its grace period'
  )
  t.equal(await token(fresh), 401)

  await until(() => Date.now() >= readEndsAt(demo.dataDir, idle))
  t.equal(await cookie(idle), 401, 'a cookie beyond its idle timeout')
})

/** When an unused session expires, according to the store. */
function readEndsAt(dataDir: string, sessionCookie: string): number {
  const database = new Database(join(dataDir, 'logins.db'), { readonly: true })
  try {
    const rows = database
      .prepare('SELECT ends_at FROM drawbridge_logins WHERE id = ?')
      .all(sessionCookie.split('.')[0])
    return (rows as { ends_at: number }[])[0]?.ends_at ?? 0
  } finally {
    database.close()
  }
}

/** Uses a service, and collects the secrets that its users have. */
async function useEverything(demo: FuzzedDemo) {
  const stored = new Canaries()
  for (const [name, { password }] of Object.entries(people))
    if (password.length > 10) stored.add(`the password of ${name}`, password)
  const sessionCookie = (await demo.signInByCookie('user')).drawbridge as string
  stored.addSessionCookie('the cookie', sessionCookie)
  const first = await demo.signInByToken('user')
  const second = (
    await demo.send({
      method: 'POST',
      url: '/token/refresh',
      payload: { refresh_token: first.refresh_token }
    })
  ).json<Tokens>()
  for (const [name, { token, refresh_token }] of Object.entries({ first, second })) {
    stored.addAccessToken(`the ${name} access token`, token)
    stored.addRefreshToken(`the ${name} refresh token`, refresh_token)
  }
  stored.add('the root secret', ROOT_SECRET)
  await demo.send({
    method: 'POST',
    url: '/token/login',
    payload: { ...account, password: 'a wrong password' }
  })
  return {
    stored,
    sessionCookie,
    loginIds: [sessionCookie.split('.')[0] as string, String(decodeClaims(first.token).sid)]
  }
}

/** Presents every word of a dump, as it is and in the forms of each kind of credential. */
async function tryAll(t: Test, demo: FuzzedDemo, dump: string, loginIds: readonly string[]): Promise<void> {
  const words = new Set(dump.match(/[\w+/=.$,-]{16,}/g))
  for (const text of dump.match(/[\w-]{28,}/g) ?? []) words.add(text)
  const bodies = [...words].flatMap((word) => [word, ...recoded(word)])
  const { cookie, token, refresh, logOut, logOutCookie } = createPresenter(demo)
  let tried = 0
  for (const word of new Set(bodies)) {
    const forms = [
      word,
      ...loginIds.flatMap((id) => [`${id}.${word}`, `${id}.${word}.${word}`]),
      `drbr_${word}`
    ]
    for (const form of forms.filter((text) => text.length < 4000)) {
      for (const show of [cookie, token, refresh, logOut]) {
        const status = await show(form)
        if (status !== 401) t.fail(`${status} for ${form}`)
        tried += 1
      }
      await logOutCookie(form)
    }
  }
  t.ok(tried > 200, `${tried} tries`)
}

/** SHA-256 of a secret in base64url, presented as if it were the secret, and the other encodings of its bytes. */
function recoded(word: string): readonly string[] {
  if (!/^[\w-]{43}$/.test(word)) return []
  const bytes = Buffer.from(word, 'base64url')
  return [
    bytes.toString('base64'),
    bytes.toString('hex'),
    Buffer.concat([bytes, bytes, bytes.subarray(0, 11)]).toString('base64url')
  ]
}

t.test('attacker: with the files of SQLite, read byte for byte', async (t) => {
  const demo = await buildFuzzedDemo(t, { DRAWBRIDGE_SECRET: ROOT_SECRET })
  const { stored, sessionCookie, loginIds } = await useEverything(demo)
  const files = ['logins.db', 'logins.db-wal', 'users.db', 'users.db-wal'].map((name) =>
    join(demo.dataDir, name)
  )
  const dump = files
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path).toString('latin1'))
    .join('\n')
  for (const id of loginIds) t.ok(dump.includes(id), 'the logins are in it')
  t.same(stored.findIn(dump), [], 'and nothing that a client keeps')
  // Of some length: other bytes of SQLite may match with next to nothing between two dollar signs.
  const hashes = dump.match(/\$[\w-]+\$[\w$=,+/]{16,}/g) ?? []
  t.ok(hashes.length >= 2, 'the passwords are in it')
  for (const hash of hashes) t.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/, 'as argon2id')
  await tryAll(t, demo, dump, loginIds)
  t.equal(await createPresenter(demo).cookie(sessionCookie), 200, 'all of which ended no login')
})

t.test('attacker: with all that is in Redis', { skip: skipWithoutRedis }, async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const demo = await buildFuzzedDemo(t, {
    DRAWBRIDGE_SECRET: ROOT_SECRET,
    REDIS_URL: `redis://127.0.0.1:${server.port}`
  })
  const { stored, sessionCookie, loginIds } = await useEverything(demo)
  const dump = await dumpRedis(server.port)
  for (const id of loginIds) t.ok(dump.includes(id), 'the logins are in it')
  t.same(stored.findIn(dump), [], 'and nothing that a client keeps')
  await tryAll(t, demo, dump, loginIds)
  t.equal(await createPresenter(demo).cookie(sessionCookie), 200, 'all of which ended no login')
})

/** Names and values of all keys, in Redis' own serialisation and as its commands return them. */
async function dumpRedis(port: number): Promise<string> {
  const redis = new Redis({ port, host: '127.0.0.1' })
  try {
    const keys = await redis.keys('*')
    const values = keys.map(async (key) => {
      const values = await dumpAll(redis, key, await redis.type(key))
      return `${key}\n${String((await redis.dumpBuffer(key))?.toString('latin1'))}\n${JSON.stringify(values)}`
    })
    return (await Promise.all(values)).join('\n')
  } finally {
    redis.disconnect()
  }
}

function dumpAll(redis: Redis, key: string, type: string): Promise<unknown> {
  switch (type) {
    case 'string':
      return redis.get(key)
    case 'hash':
      return redis.hgetall(key)
    case 'zset':
      return redis.zrange(key, '0', '-1')
    case 'set':
      return redis.smembers(key)
    case 'stream':
      return redis.xrange(key, '-', '+')
    default:
      throw new Error(`a key of type ${type}`)
  }
}

t.test(
  'attacker: on a sibling subdomain, able to plant cookies and to send same-site requests',
  async (t) => {
    const demo = await buildFuzzedDemo(t)
    const { rawCookie } = createPresenter(demo)
    const planted = cookieHeader((await demo.signInByCookie('eve')).drawbridge as string).cookie
    const own = cookieHeader((await demo.signInByCookie('user')).drawbridge as string).cookie
    const ownHost = { host: 'app.example', 'user-agent': 'a browser' }
    const fromSibling = [
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.app.example' },
      { origin: 'null' }
    ]

    for (const cookie of [`${own}; ${planted}`, `${planted}; ${own}`]) {
      t.equal(await rawCookie(cookie), 400, 'two sessions are no session')
    }
    for (const headers of fromSibling) {
      for (const [url, payload] of [
        ['/session/login', people.eve],
        ['/session/logout', {}]
      ] as const) {
        const response = await demo.send({
          method: 'POST',
          url,
          headers: { ...ownHost, ...headers, cookie: own },
          payload
        })
        t.equal(response.statusCode, 403, `${url} ${JSON.stringify(headers)}`)
        t.notOk('set-cookie' in response.headers, 'and nobody is signed in as the attacker')
      }
      const response = await demo.send({
        url: '/session/protected',
        headers: { ...ownHost, ...headers, cookie: own }
      })
      t.notOk(
        'access-control-allow-origin' in response.headers,
        'no script of the sibling can read the response'
      )
    }
    t.equal(await rawCookie(own), 200, 'the user is still signed in')

    const logIn = await demo.send({
      method: 'POST',
      url: '/session/login',
      headers: { cookie: planted },
      payload: account
    })
    const given = logIn.cookies[0]?.value ?? ''
    t.notOk(
      planted.includes(given.split('.')[0] as string),
      'a sign-in with a planted cookie sets another value'
    )
    t.equal(await rawCookie(planted), 401, 'and the planted one is no longer valid')
    t.equal(await rawCookie(cookieHeader(given).cookie), 200)

    const production = await buildFuzzedDemo(t, { NODE_ENV: 'production', DRAWBRIDGE_SECRET: ROOT_SECRET })
    const sessionCookie = (await production.signInByCookie('eve'))['__Host-drawbridge'] as string
    for (const name of ['drawbridge', '__host-drawbridge', '__Secure-drawbridge']) {
      t.equal(
        await createPresenter(production).rawCookie(`${name}=${encodeURIComponent(sessionCookie)}`),
        401,
        `${name}, which a sibling can set`
      )
    }
    t.equal(
      await createPresenter(production).rawCookie(`__Host-drawbridge=${encodeURIComponent(sessionCookie)}`),
      200
    )
  }
)

/** A node of a service whose store is shared with the others; it counts store calls and records positions. */
async function startNode(
  t: Test,
  shared: { readonly store: LoginStore; readonly keys: readonly [ReturnType<typeof generateSigningKey>] }
) {
  const users = createMemoryUserStore()
  await seedUser(users, account, { memoryKiB: 1024, passes: 1 })
  let storeCalls = 0
  const awaitedPositions: string[] = []
  const memory = createMemoryFeed({ now: () => Date.now() - 60_000 })
  const feed = Object.assign(Object.create(memory) as typeof memory, {
    isShared: true,
    publish: async (...of: Parameters<typeof memory.publish>) => {
      await memory.publish(...of)
      return '0:epoch:7-0'
    },
    waitForPosition: async (position: string) => awaitedPositions.push(position) > 0
  })
  const store = new Proxy(shared.store, {
    get: (of, name) => {
      const method = Reflect.get(of, name) as (...given: unknown[]) => unknown
      if (typeof method !== 'function') return method
      return (...given: unknown[]) => {
        if (name === 'find') storeCalls += 1
        return Reflect.apply(method, of, given)
      }
    }
  })
  const parts = {
    credentials: createCredentials({ users }),
    logins: createLogins({ store, feed }),
    secret: ROOT_SECRET
  }
  const app = Fastify()
  t.teardown(() => app.close())
  // The worst case: the service signs its own cookies with our root secret.
  await app.register(fastifyCookie, { secret: ROOT_SECRET })
  await app.register(sessionAuth, { ...parts, cookie: { secure: false } })
  await app.register(tokenAuth, { ...parts, keys: shared.keys })
  app.get('/session/protected', { onRequest: app.sessionAuth.guard }, async ({ principal }) => principal)
  app.get('/token/protected', { onRequest: app.tokenAuth.guard }, async ({ principal }) => principal)
  app.post('/end-others', (request, reply) => app.sessionAuth.revokeOthers(request, reply))
  app.get<{ Querystring: { value: string } }>('/preference', async ({ query }, reply) =>
    reply.setCookie('preference', query.value, { signed: true }).send({})
  )
  return { app, asked: () => storeCalls, awaitedPositions }
}

type Node = Awaited<ReturnType<typeof startNode>>

/** One credential of each kind, of one user. */
async function getCredentials(app: FastifyInstance) {
  const signIn = async () => app.inject({ method: 'POST', url: '/session/login', payload: account })
  await signIn()
  const { cookies } = await signIn()
  const cookieValue = (name: string, of = cookies) =>
    of.find((cookie) => cookie.name === name)?.value as string
  const sessionCookie = cookieValue('drawbridge')
  const revokeOthers = await app.inject({
    method: 'POST',
    url: '/end-others',
    headers: cookieHeader(sessionCookie)
  })
  const tokens = (await app.inject({ method: 'POST', url: '/token/login', payload: account })).json<Tokens>()
  return {
    sessionCookie,
    snapshot: cookieValue('drawbridge-snapshot'),
    position: cookieValue('drawbridge-position', revokeOthers.cookies),
    'access token': tokens.token,
    'refresh token': tokens.refresh_token
  }
}

type Kind = keyof Awaited<ReturnType<typeof getCredentials>>

/** Whether a text is accepted as each kind of credential, by a node that has seen none of them. */
const places: Readonly<Record<Kind, (node: Node, text: string, sessionCookie: string) => Promise<boolean>>> =
  {
    sessionCookie: async ({ app }, text) =>
      (await app.inject({ url: '/session/protected', headers: { cookie: `drawbridge=${text}` } }))
        .statusCode === 200,
    snapshot: async ({ app, asked }, text, sessionCookie) => {
      const cookie = `${cookieHeader(sessionCookie).cookie}; drawbridge-snapshot=${text}`
      const alone = await app.inject({
        url: '/session/protected',
        headers: { cookie: `drawbridge-snapshot=${text}` }
      })
      const { statusCode } = await app.inject({ url: '/session/protected', headers: { cookie } })
      if (alone.statusCode !== 401 || statusCode !== 200)
        throw new Error(`${alone.statusCode} and ${statusCode}`)
      return asked() === 0
    },
    position: async ({ app, awaitedPositions }, text, sessionCookie) => {
      const cookie = `${cookieHeader(sessionCookie).cookie}; drawbridge-position=${text}`
      const alone = await app.inject({
        url: '/session/protected',
        headers: { cookie: `drawbridge-position=${text}` }
      })
      const { statusCode } = await app.inject({ url: '/session/protected', headers: { cookie } })
      if (alone.statusCode !== 401 || statusCode !== 200)
        throw new Error(`${alone.statusCode} and ${statusCode}`)
      return awaitedPositions.length > 0
    },
    'access token': async ({ app }, text) =>
      (await app.inject({ url: '/token/protected', headers: bearer(text) })).statusCode === 200,
    'refresh token': async ({ app }, refresh_token) => {
      const response = await app.inject({ method: 'POST', url: '/token/refresh', payload: { refresh_token } })
      return response.statusCode === 200
    }
  }

t.test(
  'attacker: with one credential in the place of another, or another signed cookie of the service',
  async (t) => {
    const shared = { store: createMemoryLoginStore(), keys: [generateSigningKey()] as const }
    const first = await startNode(t, shared)
    const credentials = await getCredentials(first.app)
    for (const [kind, text] of Object.entries(credentials)) t.ok(text, `there is a ${kind}`)

    const preferences: [string, string][] = []
    for (const value of [
      credentials.sessionCookie.split('.').slice(0, 2).join('.'),
      credentials.sessionCookie,
      credentials.snapshot,
      '0:epoch:9-9',
      credentials['access token'],
      credentials['refresh token']
    ]) {
      const { cookies } = await first.app.inject({ url: '/preference', query: { value } })
      preferences.push([`a preference of ${value.slice(0, 8)}…`, cookies[0]?.value as string])
    }
    t.ok(
      preferences.every(([, text]) => text.length > 40),
      'signed under the very root secret'
    )

    for (const [place, isTaken] of Object.entries(places) as [Kind, (typeof places)[Kind]][]) {
      for (const [kind, text] of [...Object.entries(credentials), ...preferences]) {
        for (const form of new Set([text, encodeURIComponent(text)])) {
          // A node of its own for each, since a node caches what it has verified.
          const node = await startNode(t, shared)
          const isRight =
            kind === place &&
            (form === text || (place !== 'snapshot' && place !== 'refresh token' && place !== 'access token'))
          t.equal(await isTaken(node, form, credentials.sessionCookie), isRight, `${kind} as ${place}`)
        }
      }
    }
  }
)
