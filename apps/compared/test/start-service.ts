import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { generateSigningKey } from '@drawbridge/token-auth'
import type { FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import pg from 'pg'
import type { Test } from 'tap'
import type { Postgres } from '@drawbridge/test-support/servers/postgres'
import { startRedis } from '@drawbridge/test-support/servers/redis'
import { TcpProxy } from '@drawbridge/test-support/servers/tcp-proxy'
import { adaptMembers } from '../src/better-auth-tables.ts'
import { createByHand } from '../src/by-hand.ts'
import { ADD_KEY } from '../src/members.ts'
import { createOnBetterAuth } from '../src/on-better-auth.ts'
import { createOnDrawbridge } from '../src/on-drawbridge.ts'
import type { Services } from '../src/services.ts'
import { type Actions, createActions } from './actions.ts'
import type { Kind } from './kinds.ts'
import { ORIGIN } from './send.ts'
import { createWatchedPool, QueryWatch } from './watch-queries.ts'

/** The table of members as it was before. */
const TABLES = `
  CREATE TABLE members (
    member_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mail text UNIQUE NOT NULL, pw_hash text NOT NULL,
    full_name text NOT NULL, role text NOT NULL DEFAULT 'member', tenant text NOT NULL,
    locked boolean NOT NULL DEFAULT false)`

/** A service that runs over its own Redis and its own database, and what a test does with it. */
export interface Service extends Actions {
  readonly kind: Kind
  readonly url: string
  readonly watch: QueryWatch
  readonly redisPort: number
  /** Another connection than those of the service. */
  readonly redis: Redis
  /** The client that the service was given. */
  readonly ownRedis: Redis
  /** Between the service and its Redis. */
  readonly redisProxy: TcpProxy
}

const build: Readonly<Record<Kind, (services: Services) => Promise<FastifyInstance>>> = {
  'by hand': createByHand,
  'better-auth': createOnBetterAuth,
  'better-auth, cookieCache': (services) => createOnBetterAuth(services, { cookieCache: true }),
  Drawbridge: (services) => createOnDrawbridge(services, [generateSigningKey()])
}

/** What each of them asks for before the first start. */
async function prepare(kind: Kind, services: Services): Promise<void> {
  await services.pool.query(TABLES)
  if (kind.startsWith('better-auth')) await adaptMembers(services)
  if (kind === 'Drawbridge') await services.pool.query(ADD_KEY)
}

/** Starts a service, which stops with the test. */
export async function startService(t: Test, kind: Kind, postgres: Postgres): Promise<Service> {
  const server = await startRedis()
  const redisProxy = await TcpProxy.start(server.port)
  const redis = new Redis({ host: '127.0.0.1', port: server.port })
  const ownRedis = new Redis({ host: '127.0.0.1', port: redisProxy.port, maxRetriesPerRequest: 1 })
  for (const client of [redis, ownRedis]) client.on('error', () => {})
  const database = await createDatabase(postgres)
  const watch = new QueryWatch()
  const pool = createWatchedPool(database, watch)
  const own = new pg.Pool({ connectionString: database })
  const services = {
    pool,
    redis: ownRedis,
    secret: 'a secret of the tests: 0123456789abcdef',
    origin: ORIGIN
  }
  await prepare(kind, services)
  const app = await build[kind](services)
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    await app.close()
    await own.end()
    redis.disconnect()
    redisProxy.close()
    await server.stop()
  })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const service = { kind, url, watch, redisPort: server.port, redis, ownRedis, redisProxy }
  return { ...service, ...createActions(kind, url, own, redis) }
}

async function createDatabase({ url }: Postgres): Promise<string> {
  const name = `shop_${randomUUID().replaceAll('-', '')}`
  const client = new pg.Client(url)
  await client.connect()
  await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  return Object.assign(new URL(url), { pathname: name }).href
}
