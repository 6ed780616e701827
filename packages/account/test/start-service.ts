import { bridge, type BridgeOptions } from '@drawbridge/bridge'
import {
  createCredentials,
  type Credentials,
  type CredentialsOptions,
  type Limiters,
  createKyselyUserStore,
  createMemoryUserStore,
  createUsersTable,
  type User,
  type UserStore
} from '@drawbridge/credentials'
import { createRedisLimiters } from '@drawbridge/credentials/redis'
import {
  createLogins,
  createMemoryLoginStore,
  type Logins,
  type LoginsOptions,
  type LoginStore,
  type RevocationFeed
} from '@drawbridge/logins'
import { createRedisFeed, createRedisLoginStore } from '@drawbridge/logins/redis'
import { createSqliteLoginStore } from '@drawbridge/logins/sqlite'
import { keyAuth } from '@drawbridge/key-auth'
import { type SigningKey, generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import { sessionAuth, type SessionAuthOptions } from '@drawbridge/session-auth'
import { startPostgres } from '@drawbridge/test-support/servers/postgres'
import { startRedis } from '@drawbridge/test-support/servers/redis'
import { createTemporaryDatabase, openDatabase } from '@drawbridge/test-support/servers/sqlite-file'
import { spy, type Spy } from '@drawbridge/test-support/spies/spy'
import { until } from '@drawbridge/test-support/until'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { Redis } from 'ioredis'
import { Kysely, PostgresDialect, sql, SqliteDialect } from 'kysely'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import type { Test } from 'tap'
import { account, type AccountOptions, type Verification } from '../src/index.ts'

export const SECRET = 'a root secret for tests, 0123456789'
export const PASSWORD = 'correct horse battery staple'
export const NEXT_PASSWORD = 'a bicycle made of rain'

/** Where a service has its users and logins, and how many nodes it is. */
export type Place = 'memory' | 'sqlite' | 'postgres and redis'

/** A token that was sent. */
export interface Mail {
  readonly kind: 'reset' | 'verification' | 'username-taken'
  readonly to: string
  readonly token: string
}

/** A response, read. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
}

export type Credential = Readonly<Record<string, string>>

/** A client of one node. */
export interface Node {
  readonly app: FastifyInstance
  readonly credentials: Credentials
  readonly logins: Logins
  readonly users: Spy<UserStore>
  readonly store: Spy<LoginStore>
  /** Absent where the store has its own. */
  readonly feed: Spy<RevocationFeed> | undefined
  send(method: string, path: string, headers?: Credential, json?: unknown): Promise<Answer>
  signIn(carrier: 'session' | 'token', username?: string, password?: string): Promise<Credential>
  /** The status of a guarded request. */
  me(credential: Credential): Promise<number>
}

/** A running service. */
export interface Service {
  readonly nodes: readonly [Node, ...Node[]]
  readonly mails: Mail[]
  readonly errors: unknown[]
  /** By user id: what is to be confirmed. */
  readonly pending: Map<string, string>
  /** All that a thief of both databases has, as text. On Redis and Postgres only. */
  dump(): Promise<string>
  /** The next token of this kind, once it is sent. */
  nextMail(kind?: Mail['kind']): Promise<Mail>
}

/** Differences from a service with every route and the users `ada` and `bob`. */
export interface ServiceOptions {
  readonly account?: AccountOptions
  readonly credentials?: Partial<CredentialsOptions>
  readonly logins?: Partial<LoginsOptions>
  readonly bridge?: BridgeOptions
  readonly session?: Partial<SessionAuthOptions>
  readonly server?: FastifyServerOptions
  /** How many nodes there are on Redis. Default 2. */
  readonly nodeCount?: number
  /** In memory only: a clock by hand, ms since the epoch. */
  readonly clock?: { now: number }
  /** Before the account is registered. */
  readonly before?: (app: FastifyInstance) => Promise<void> | void
  /** Once it is. */
  readonly routes?: (app: FastifyInstance) => void
}

interface Stores {
  readonly users: UserStore
  readonly store: LoginStore
  readonly feed?: RevocationFeed
  readonly limiters?: Limiters
  dump?(): Promise<string>
}

export const EVERY_ROUTE = {
  changePassword: true,
  reauthenticate: true,
  register: true,
  forgotPassword: true,
  resetPassword: true,
  verify: true,
  tokens: true,
  deleteAccount: true
} as const

/** Starts a service on real sockets, of one node, or on Redis of two. */
export async function startService(
  t: Test,
  place: Place = 'memory',
  options: ServiceOptions = {}
): Promise<Service> {
  const openNode = await places[place](t, options)
  const keys = [generateSigningKey()]
  const [mails, errors, pending] = [[] as Mail[], [] as unknown[], new Map<string, string>()]
  const shared = { keys, mails, errors, pending }
  const count = place === 'postgres and redis' ? (options.nodeCount ?? 2) : 1
  const stores = Array.from({ length: count }, openNode)
  const nodes: Node[] = []
  for (const [at, of] of stores.entries()) nodes.push(await startNode(t, of, shared, options, at === 0))
  return {
    nodes: nodes as [Node, ...Node[]],
    mails,
    errors,
    pending,
    dump: async () => (await stores[0]?.dump?.()) ?? '',
    nextMail: async (kind) => {
      const find = () => mails.findIndex((mail) => kind === undefined || mail.kind === kind)
      await until(() => find() >= 0)
      return mails.splice(find(), 1)[0] as Mail
    }
  }
}

interface Shared {
  readonly keys: readonly SigningKey[]
  readonly mails: Mail[]
  readonly errors: unknown[]
  readonly pending: Map<string, string>
}

async function startNode(
  t: Test,
  stores: Stores,
  { keys, mails, errors, pending }: Shared,
  options: ServiceOptions,
  isFirst: boolean
): Promise<Node> {
  const [users, store] = [spy(stores.users), spy(stores.store)]
  const feed = stores.feed && spy(stores.feed)
  const { limiters } = stores
  const credentials = createCredentials({
    users: users.store,
    hashing: { memoryKiB: 1024, passes: 1, concurrency: 2 },
    // A gate of a test may hold a call for as long as the test needs.
    userStoreTimeoutMs: 60_000,
    ...options.credentials,
    ...(limiters && { throttle: { ...options.credentials?.throttle, limiters } })
  })
  if (isFirst)
    for (const username of ['ada', 'bob']) await credentials.register({ username, password: PASSWORD })
  const { clock } = options
  const timed = clock === undefined ? {} : { now: () => clock.now }
  const logins = createLogins({
    store: store.store,
    ...(feed && { feed: feed.store }),
    ...timed,
    ...options.logins
  })
  const app = Fastify(options.server)
  t.teardown(() => app.close())
  await app.register(sessionAuth, {
    credentials,
    logins,
    secret: SECRET,
    cookie: { secure: false },
    ...timed,
    ...options.session
  })
  await app.register(tokenAuth, { credentials, logins, secret: SECRET, keys, ...timed })
  await app.register(keyAuth, { logins, secret: SECRET })
  await app.register(bridge, options.bridge ?? {})
  await options.before?.(app)
  const send = (kind: Mail['kind']) => (user: User, token: string) =>
    void mails.push({ kind, to: user.username, token })
  const verification: Verification = {
    findPending: (userId) => pending.get(userId) ?? null,
    onVerified: async (userId, value) => {
      if (pending.get(userId) === value) pending.delete(userId)
      await credentials.enable?.({ userId })
    }
  }
  await app.register(account, {
    routes: EVERY_ROUTE,
    secret: SECRET,
    sendReset: send('reset'),
    verification,
    sendVerification: send('verification'),
    onUsernameTaken: (to: string) => void mails.push({ kind: 'username-taken', to, token: '' }),
    onError: (error: unknown) => void errors.push(error),
    ...options.account,
    throttle: { ...options.account?.throttle, ...(limiters && { limiters }) }
  })
  app.get(
    '/me',
    { onRequest: app.bridge.guard, schema: { summary: 'Who am I' } },
    async ({ principal }) => principal
  )
  options.routes?.(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const client = createClient((app.server.address() as AddressInfo).port)
  return { app, credentials, logins, users, store, feed, ...client }
}

function createClient(port: number): Pick<Node, 'send' | 'signIn' | 'me'> {
  const send: Node['send'] = async (method, path, headers = {}, json) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
      ...(json !== undefined && { body: JSON.stringify(json) })
    })
    const text = await response.text()
    const body = text === '' ? {} : (JSON.parse(text) as Answer['body'])
    return { status: response.status, headers: response.headers, text, body }
  }
  return {
    send,
    signIn: async (carrier, username = 'ada', password = PASSWORD) => {
      const { status, headers, body, text } = await send(
        'POST',
        `/${carrier}/login`,
        {},
        { username, password }
      )
      if (status !== 200) throw new Error(`the response to the sign-in was ${status}: ${text}`)
      return carrier === 'token'
        ? { authorization: `Bearer ${String(body['token'])}` }
        : { cookie: cookiesFrom(headers) }
    },
    me: async (credential) => (await send('GET', '/me', credential)).status
  }
}

/** The credential of a client once it has read a response that replaces it. */
export function renewed(credential: Credential, { headers, body }: Answer): Credential {
  if (typeof body['token'] === 'string') return { authorization: `Bearer ${body['token']}` }
  return headers.getSetCookie().length > 0 ? { cookie: cookiesFrom(headers) } : credential
}

/** Two callers wait for one another. */
export function createBarrier(): () => Promise<void> {
  let release = () => {}
  const both = new Promise<void>((resolve) => (release = resolve))
  let arrived = 0
  return async () => {
    arrived += 1
    if (arrived === 2) release()
    await both
  }
}

/** What a browser would send back. */
export function cookiesFrom(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
}

const places: Readonly<Record<Place, (t: Test, options: ServiceOptions) => Promise<() => Stores>>> = {
  memory: async (_t, { clock }) => {
    const store = createMemoryLoginStore(clock === undefined ? {} : { now: () => clock.now })
    const stores = { users: createMemoryUserStore(), store }
    return () => stores
  },
  sqlite: async (t) => {
    const [usersFile, loginsFile] = [createTemporaryDatabase(), createTemporaryDatabase()]
    const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: openDatabase(usersFile.path) }) })
    const database = openDatabase(loginsFile.path)
    t.teardown(async () => {
      await db.destroy()
      database.close()
      usersFile.remove()
      loginsFile.remove()
    })
    await createUsersTable(db)
    const stores = { users: createKyselyUserStore({ db }), store: createSqliteLoginStore({ database }) }
    return () => stores
  },
  'postgres and redis': async (t) => {
    const [postgres, server] = await Promise.all([startPostgres(), startRedis()])
    t.teardown(() => server.stop())
    if (postgres === null) throw new Error('no postgres here (apt-get install postgresql)')
    t.teardown(() => postgres.stop())
    const db = new Kysely<unknown>({
      dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: postgres.url }) })
    })
    t.teardown(() => db.destroy())
    await createUsersTable(db)
    const redis = new Redis({ host: '127.0.0.1', port: server.port, lazyConnect: true })
    t.teardown(() => redis.disconnect())
    return () => ({
      dump: async () => `${await dumpPostgres(db)}\n${await dumpRedis(redis)}`,
      users: createKyselyUserStore({ db }),
      store: createRedisLoginStore({ redis, commandTimeoutMs: 10_000 }),
      feed: createRedisFeed({ redis }),
      limiters: createRedisLimiters({ redis, timeoutMs: 10_000 })
    })
  }
}

async function dumpPostgres(db: Kysely<unknown>): Promise<string> {
  const tables = await sql<{ table_name: string }>`
    select table_name from information_schema.tables where table_schema = 'public'`.execute(db)
  const rows = tables.rows.map(({ table_name }) => sql`select * from ${sql.table(table_name)}`.execute(db))
  return JSON.stringify((await Promise.all(rows)).map((result) => result.rows))
}

async function dumpRedis(redis: Redis): Promise<string> {
  const readers: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    string: (key) => redis.get(key),
    zset: (key) => redis.zrange(key, '0', '-1'),
    hash: (key) => redis.hgetall(key),
    stream: (key) => redis.xrange(key, '-', '+')
  }
  const keys = await redis.keys('*')
  const values = keys.map(async (key) => [key, await readers[await redis.type(key)]?.(key)])
  return (await Promise.all(values)).map((entry) => JSON.stringify(entry)).join('\n')
}
