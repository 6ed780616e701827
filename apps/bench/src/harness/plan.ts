import type { ScenarioName } from '../scenarios/index.ts'
import type { Setting } from './server.ts'

/** A server to measure. */
export interface Row {
  readonly id: string
  readonly label: string
  readonly scenario: ScenarioName
  readonly setting: Setting
  readonly isPeer: boolean
  /**
   * The kind of its requests: the floor is measured once per round for each kind. Null where a bare server does
   * nothing comparable.
   */
  readonly headers: string | null
  readonly floor?: 'bare-fastify' | 'bare-express'
  /** Number of requests per window, for credentials that can be presented only once. */
  readonly amount?: number
}

/** Rows that are compared with one another, and so are measured in the same rounds. */
export interface Group {
  readonly id: string
  readonly title: string
  readonly needsRedis?: boolean
  readonly rows: readonly Row[]
}

/** More than fit into the cache: by the time one is presented again it has been evicted. */
const COLD: Setting = { credentials: 6000, cacheMaxEntries: 2000 }
const IN_TURN = 'in turn, 6000'

const ownRow = (
  id: string,
  label: string,
  scenario: 'session-guard' | 'token-guard' | 'key-guard' | 'verifier-guard' | 'adopted-guard',
  setting: Setting,
  more: Partial<Row> = {}
): Row => ({ id, label, scenario, setting, isPeer: false, headers: id, ...more })

const peerRow = (
  id: string,
  label: string,
  scenario: ScenarioName,
  setting: Setting = {},
  more: Partial<Row> = {}
): Row => ({ id, label, scenario, setting, isPeer: true, headers: id, ...more })

/** Each is presented once, and a bare server does nothing comparable. */
const oneShot = (amount: number) => ({ amount, headers: null })
/** Rows that are compared with one another. */
const NO_FLOOR = { headers: null }
const [hs256, eddsa] = [{ algorithm: 'HS256' }, { algorithm: 'EdDSA' }] as const

export const groups: readonly Group[] = [
  {
    id: 'warm',
    title: 'A credential that was seen before, one process',
    rows: [
      ownRow(
        'session-plugin',
        'session-auth registered, no guard',
        'session-guard',
        { guarded: false },
        { headers: 'session' }
      ),
      ownRow('session-guard', 'session guard', 'session-guard', {}, { headers: 'session' }),
      ownRow('adopted-guard', 'session guard, a login adopted from another system', 'adopted-guard', {}),
      ownRow(
        'token-plugin',
        'token-auth registered, no guard',
        'token-guard',
        { ...eddsa, guarded: false },
        { headers: 'long token' }
      ),
      ownRow('token-guard-hs256', 'token guard, HS256', 'token-guard', hs256, { headers: 'short token' }),
      ownRow('token-guard-eddsa', 'token guard, EdDSA', 'token-guard', eddsa, { headers: 'long token' }),
      ownRow(
        'token-guard-es256',
        'token guard, ES256',
        'token-guard',
        { algorithm: 'ES256' },
        { headers: 'long token' }
      ),
      ownRow('verifier-guard', 'guard of the verifier, EdDSA', 'verifier-guard', {}),
      ownRow(
        'bridge-session',
        'guard of the bridge, by session',
        'session-guard',
        { bridged: true },
        { headers: 'session' }
      ),
      ownRow(
        'bridge-token-eddsa',
        'guard of the bridge, by token, EdDSA',
        'token-guard',
        { ...eddsa, bridged: true },
        { headers: 'long token' }
      ),
      ownRow('key-guard', 'key guard', 'key-guard', {}),
      ownRow(
        'bridge-key',
        'guard of the bridge, by key',
        'key-guard',
        { bridged: true },
        { headers: 'key-guard' }
      ),
      peerRow('fastify-jwt-hs256', '@fastify/jwt jwtVerify, HS256', 'fastify-jwt', hs256, {
        headers: 'short token'
      }),
      peerRow(
        'fastify-jwt-hs256-cache',
        '@fastify/jwt jwtVerify, HS256, its cache on',
        'fastify-jwt',
        { ...hs256, cache: true },
        { headers: 'short token' }
      ),
      peerRow('fastify-jwt-eddsa', '@fastify/jwt jwtVerify, EdDSA', 'fastify-jwt', eddsa, {
        headers: 'long token'
      }),
      peerRow(
        'fastify-jwt-eddsa-cache',
        '@fastify/jwt jwtVerify, EdDSA, its cache on',
        'fastify-jwt',
        { ...eddsa, cache: true },
        { headers: 'long token' }
      ),
      peerRow(
        'fastify-session',
        '@fastify/session, memory, rolling off',
        'fastify-session',
        { rolling: false },
        { headers: 'fastify-session' }
      ),
      peerRow(
        'fastify-session-rolling',
        '@fastify/session, memory, rolling on',
        'fastify-session',
        { rolling: true },
        { headers: 'fastify-session' }
      ),
      peerRow('secure-session', '@fastify/secure-session', 'secure-session'),
      peerRow('better-auth', 'better-auth getSession', 'better-auth'),
      peerRow('better-auth-cache', 'better-auth getSession, its cookie cache on', 'better-auth', {
        cache: true
      }),
      peerRow(
        'express-session',
        'express-session with passport, memory, on Express',
        'express-session',
        {},
        { floor: 'bare-express' }
      ),
      peerRow(
        'jsonwebtoken',
        'jsonwebtoken, HS256, on Express',
        'jsonwebtoken',
        {},
        { floor: 'bare-express' }
      )
    ]
  },
  {
    id: 'cold',
    title: 'A credential that this process has not seen, one process',
    rows: [
      ownRow(
        'session-guard-cold',
        `session guard, SQLite, ${IN_TURN}`,
        'session-guard',
        { ...COLD, store: 'sqlite' },
        { headers: 'sessions' }
      ),
      ownRow('session-guard-snapshot', `session guard, by snapshot, ${IN_TURN}`, 'session-guard', {
        ...COLD,
        snapshot: true
      }),
      ownRow(
        'token-guard-cold-hs256',
        `token guard, HS256, ${IN_TURN}`,
        'token-guard',
        { ...COLD, ...hs256 },
        { headers: 'short tokens' }
      ),
      ownRow(
        'token-guard-cold-eddsa',
        `token guard, EdDSA, ${IN_TURN}`,
        'token-guard',
        { ...COLD, ...eddsa },
        { headers: 'long tokens' }
      ),
      ownRow(
        'token-guard-cold-es256',
        `token guard, ES256, ${IN_TURN}`,
        'token-guard',
        { ...COLD, algorithm: 'ES256' },
        { headers: 'long tokens' }
      ),
      peerRow(
        'fastify-jwt-hs256-many',
        `@fastify/jwt jwtVerify, HS256, ${IN_TURN}`,
        'fastify-jwt',
        { ...COLD, ...hs256 },
        { headers: 'short tokens' }
      ),
      peerRow(
        'fastify-jwt-eddsa-many',
        `@fastify/jwt jwtVerify, EdDSA, ${IN_TURN}`,
        'fastify-jwt',
        { ...COLD, ...eddsa },
        { headers: 'long tokens' }
      )
    ]
  },
  {
    id: 'redis',
    title: 'With Redis',
    needsRedis: true,
    rows: [
      ownRow(
        'session-guard-redis',
        'session guard, warm',
        'session-guard',
        { store: 'redis' },
        { headers: 'session' }
      ),
      ownRow('token-guard-redis', 'token guard, EdDSA, warm', 'token-guard', { store: 'redis', ...eddsa }),
      ownRow(
        'session-guard-redis-cold',
        `session guard, cold, ${IN_TURN}`,
        'session-guard',
        { ...COLD, store: 'redis' },
        { headers: 'sessions' }
      ),
      ownRow(
        'session-guard-redis-cold-plain',
        `session guard without snapshots, cold, ${IN_TURN}`,
        'session-guard',
        { ...COLD, store: 'redis', snapshots: false },
        { headers: 'sessions' }
      ),
      peerRow(
        'fastify-session-redis',
        `@fastify/session, rolling off, ${IN_TURN}`,
        'fastify-session',
        { ...COLD, store: 'redis', rolling: false },
        { headers: 'fastify-session' }
      ),
      peerRow(
        'fastify-session-redis-rolling',
        `@fastify/session, rolling on, ${IN_TURN}`,
        'fastify-session',
        { ...COLD, store: 'redis', rolling: true },
        { headers: 'fastify-session' }
      ),
      peerRow(
        'express-session-redis',
        'express-session with passport, on Express',
        'express-session',
        { store: 'redis' },
        { floor: 'bare-express' }
      )
    ]
  },
  {
    id: 'many',
    title: 'Many different active credentials in turn, all seen before',
    rows: [
      ownRow('session-guard-1', 'session guard, 1', 'session-guard', { credentials: 1 }, NO_FLOOR),
      ownRow('session-guard-1000', 'session guard, 1,000', 'session-guard', { credentials: 1000 }, NO_FLOOR),
      ownRow(
        'session-guard-100000',
        'session guard, 100,000',
        'session-guard',
        { credentials: 100_000, cacheMaxEntries: 250_000 },
        NO_FLOOR
      ),
      ownRow('token-guard-1', 'token guard, EdDSA, 1', 'token-guard', { ...eddsa, credentials: 1 }, NO_FLOOR),
      ownRow(
        'token-guard-1000',
        'token guard, EdDSA, 1,000',
        'token-guard',
        { ...eddsa, credentials: 1000 },
        NO_FLOOR
      ),
      ownRow(
        'token-guard-100000',
        'token guard, EdDSA, 100,000',
        'token-guard',
        {
          ...eddsa,
          credentials: 100_000,
          cacheMaxEntries: 250_000
        },
        NO_FLOOR
      )
    ]
  },
  {
    id: 'verbs',
    title: 'What changes a login',
    rows: [
      ownRow(
        'refresh',
        'refresh, EdDSA, memory',
        'token-guard',
        { ...eddsa, operation: 'refresh', credentials: 6000 },
        oneShot(1000)
      ),
      ownRow(
        'session-log-out',
        'log-out of a session, memory',
        'session-guard',
        { operation: 'log-out', credentials: 6000 },
        oneShot(1000)
      ),
      ownRow(
        'token-log-out',
        'log-out by access token, EdDSA, memory',
        'token-guard',
        { ...eddsa, operation: 'log-out', credentials: 6000 },
        oneShot(1000)
      ),
      ownRow('log-in', 'sign-in by password', 'session-guard', { operation: 'log-in' }, oneShot(30))
    ]
  }
]

/** The figures that a change is most likely to affect. */
const CHECK_ROWS: Readonly<Record<string, readonly string[]>> = {
  warm: ['session-guard', 'token-guard-eddsa', 'fastify-jwt-hs256', 'fastify-session', 'better-auth'],
  cold: ['session-guard-snapshot', 'token-guard-cold-hs256', 'fastify-jwt-hs256-many'],
  redis: ['session-guard-redis-cold', 'session-guard-redis-cold-plain', 'fastify-session-redis']
}

export function checkGroups(): Group[] {
  return groups
    .map((group) => ({ ...group, rows: group.rows.filter(({ id }) => CHECK_ROWS[group.id]?.includes(id)) }))
    .filter(({ rows }) => rows.length > 0)
}
