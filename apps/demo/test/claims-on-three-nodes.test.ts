import { bridge } from '@drawbridge/bridge'
import { type Claims, createLogins } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { createRedisFeed, createRedisLoginStore } from '@drawbridge/logins/redis'
import { sessionAuth } from '@drawbridge/session-auth'
import { type Postgres, startPostgres } from '@drawbridge/test-support/servers/postgres'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { generateSigningKey, tokenAuth, type TokenResponse } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import pg from 'pg'
import t, { type Test } from 'tap'

const SECRET = 'a root secret for tests, 0123456789'
const PAYLOAD = { username: 'ada', password: 'any' }
const keys = [generateSigningKey()]

const postgres = await startPostgres()
const skipWithoutPostgres = postgres === null ? 'no Postgres here (apt-get install postgresql)' : false
if (postgres !== null) t.teardown(() => postgres.stop())

/** Far above what anything takes here, so that a busy machine fails nothing. */
const LONG_TIMEOUT_MS = 15_000

let askedCount = 0

/** The service's own table, which all nodes read. */
async function openMembers(t: Test, { url }: Postgres) {
  const pool = new pg.Pool({ connectionString: url })
  t.teardown(() => pool.end())
  await pool.query('CREATE TABLE IF NOT EXISTS members (username text PRIMARY KEY, role text NOT NULL)')
  const setRole = (username: string, role: string) =>
    pool.query(
      'INSERT INTO members VALUES ($1, $2) ON CONFLICT (username) DO UPDATE SET role = EXCLUDED.role',
      [username, role]
    )
  const getClaims = async ({ username }: { username: string }): Promise<Claims> => {
    askedCount += 1
    const { rows } = await pool.query<{ role: string }>('SELECT role FROM members WHERE username = $1', [
      username
    ])
    const role = rows[0]?.role
    return { role, scopes: role === 'admin' ? ['read', 'admin'] : ['read'] } as Claims
  }
  return { setRole, getClaims }
}

/** A node of a service with both carriers on a Redis, listening. */
async function openNode(t: Test, port: number, postgres: Postgres) {
  const { getClaims } = await openMembers(t, postgres)
  const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true })
  const feed = createRedisFeed({ redis, publishTimeoutMs: LONG_TIMEOUT_MS, maxStalenessMs: LONG_TIMEOUT_MS })
  const store = createRedisLoginStore({ redis })
  const logins = createLogins({ store, feed, getClaims }) as CarrierLogins
  const credentials = {
    verify: async () => ({ ok: true, user: { id: 'u1', username: 'ada' } }) as const
  }
  const app = Fastify()
  t.teardown(async () => {
    await app.close()
    await logins.close()
    await store.close()
    redis.disconnect()
  })
  await app.register(sessionAuth, {
    credentials,
    logins,
    secret: SECRET,
    cookie: { secure: false }
  })
  await app.register(tokenAuth, { credentials, logins, secret: SECRET, keys })
  await app.register(bridge, {})
  app.get('/me', { onRequest: app.bridge.guard }, ({ principal }) => principal)
  app.get('/admin', { onRequest: app.bridge.guard({ scopes: ['admin'] }) }, () => 'ok')
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  await feed.renew(LONG_TIMEOUT_MS)
  const ask = (path: string, headers: Record<string, string>) => fetch(url + path, { headers })
  const signIn = (path: string) =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(PAYLOAD)
    })
  return { feed, logins, ask, signIn }
}

t.test(
  'a role that changes in Postgres is served by three nodes on Redis, by cookie and by an old token',
  { skip: skipWithoutRedis || skipWithoutPostgres },
  async (t) => {
    if (postgres === null) return
    const server = await startRedis()
    t.teardown(() => server.stop())
    const { setRole } = await openMembers(t, postgres)
    await setRole('ada', 'user')
    const open = () => openNode(t, server.port, postgres)
    const nodes = [await open(), await open(), await open()]
    const [one] = nodes as [(typeof nodes)[number]]
    const cookie = (await one.signIn('/session/login')).headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ')
    const { access_token } = (await (await one.signIn('/token/login')).json()) as TokenResponse
    const credentials: ReadonlyArray<Record<string, string>> = [
      { cookie },
      { authorization: `Bearer ${access_token}` }
    ]
    const onEach = async (path: string) => {
      const statuses: number[] = []
      for (const { ask } of nodes)
        for (const headers of credentials) statuses.push((await ask(path, headers)).status)
      return statuses
    }
    const all = (status: number) => Array.from({ length: 6 }, () => status)
    t.same(await onEach('/me'), all(200))
    t.same(await onEach('/admin'), all(403))

    for (const [role, status] of [
      ['admin', 200],
      ['user', 403]
    ] as const) {
      await setRole('ada', role)
      const { position } = await one.logins.refreshClaims('u1')
      for (const { feed } of nodes) t.equal(await feed.waitForPosition(position, LONG_TIMEOUT_MS), true)
      askedCount = 0
      t.same(await onEach('/admin'), all(status), role)
      t.equal(askedCount, 6, 'once for each credential on each node')
      t.same(await onEach('/me'), all(200), 'nobody is logged out')
      t.equal(askedCount, 6, 'and not again')
    }

    const late = await open()
    await setRole('ada', 'admin')
    const { position } = await late.logins.refreshClaims('u1')
    for (const { feed } of nodes) await feed.waitForPosition(position, LONG_TIMEOUT_MS)
    const later = await open()
    for (const headers of credentials)
      t.equal((await later.ask('/admin', headers)).status, 200, 'a node that starts later has it too')
    t.equal((await one.logins.listByUser('u1')).length, 2)
  }
)
