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
   * What its requests look like: the floor is measured once a round for each kind. Null where a bare server does
   * nothing like it.
   */
  readonly headers: string | null
  readonly floor?: 'bare-fastify' | 'bare-express'
  /** So many requests a window, for what can be shown only once. */
  readonly amount?: number
}

/** Rows that are compared with one another, so measured in the same rounds. */
export interface Group {
  readonly id: string
  readonly title: string
  readonly needsRedis?: boolean
  readonly rows: readonly Row[]
}

/** More of them than the cache holds: by the time that one is shown again it has been dropped. */
const COLD: Setting = { credentials: 6000, cacheMaxEntries: 2000 }
const MANY = 'in turn, 6000'

const ours = (
  id: string,
  label: string,
  scenario: 'session-guard' | 'token-guard',
  setting: Setting,
  more: Partial<Row> = {}
): Row => ({ id, label, scenario, setting, isPeer: false, headers: id, ...more })

const peer = (
  id: string,
  label: string,
  scenario: ScenarioName,
  setting: Setting = {},
  more: Partial<Row> = {}
): Row => ({ id, label, scenario, setting, isPeer: true, headers: id, ...more })

/** Each is shown once, and nothing is like it without the plugin. */
const once = (amount: number) => ({ amount, headers: null })
/** Compared with one another. */
const NO_FLOOR = { headers: null }
const [hs256, eddsa] = [{ algorithm: 'HS256' }, { algorithm: 'EdDSA' }] as const

export const groups: readonly Group[] = [
  {
    id: 'warm',
    title: 'A credential that was seen before, one process',
    rows: [
      ours(
        'session-plugin',
        'session-auth registered, no guard',
        'session-guard',
        { guarded: false },
        { headers: 'session' }
      ),
      ours('session-guard', 'session guard', 'session-guard', {}, { headers: 'session' }),
      ours(
        'token-plugin',
        'token-auth registered, no guard',
        'token-guard',
        { ...eddsa, guarded: false },
        { headers: 'long token' }
      ),
      ours('token-guard-hs256', 'token guard, HS256', 'token-guard', hs256, { headers: 'short token' }),
      ours('token-guard-eddsa', 'token guard, EdDSA', 'token-guard', eddsa, { headers: 'long token' }),
      ours(
        'token-guard-es256',
        'token guard, ES256',
        'token-guard',
        { algorithm: 'ES256' },
        { headers: 'long token' }
      ),
      peer('fastify-jwt-hs256', '@fastify/jwt jwtVerify, HS256', 'fastify-jwt', hs256, {
        headers: 'short token'
      }),
      peer(
        'fastify-jwt-hs256-cache',
        '@fastify/jwt jwtVerify, HS256, its cache on',
        'fastify-jwt',
        { ...hs256, cache: true },
        { headers: 'short token' }
      ),
      peer('fastify-jwt-eddsa', '@fastify/jwt jwtVerify, EdDSA', 'fastify-jwt', eddsa, {
        headers: 'long token'
      }),
      peer(
        'fastify-jwt-eddsa-cache',
        '@fastify/jwt jwtVerify, EdDSA, its cache on',
        'fastify-jwt',
        { ...eddsa, cache: true },
        { headers: 'long token' }
      ),
      peer(
        'fastify-session',
        '@fastify/session, memory, rolling off',
        'fastify-session',
        { rolling: false },
        { headers: 'fastify-session' }
      ),
      peer(
        'fastify-session-rolling',
        '@fastify/session, memory, rolling on',
        'fastify-session',
        { rolling: true },
        { headers: 'fastify-session' }
      ),
      peer('secure-session', '@fastify/secure-session', 'secure-session'),
      peer('better-auth', 'better-auth getSession', 'better-auth'),
      peer('better-auth-cache', 'better-auth getSession, its cookie cache on', 'better-auth', {
        cache: true
      }),
      peer(
        'express-session',
        'express-session with passport, memory, on Express',
        'express-session',
        {},
        { floor: 'bare-express' }
      ),
      peer('jsonwebtoken', 'jsonwebtoken, HS256, on Express', 'jsonwebtoken', {}, { floor: 'bare-express' })
    ]
  },
  {
    id: 'cold',
    title: 'A credential that this process has not seen, one process',
    rows: [
      ours(
        'session-guard-cold',
        `session guard, SQLite, ${MANY}`,
        'session-guard',
        { ...COLD, store: 'sqlite' },
        { headers: 'sessions' }
      ),
      ours('session-guard-snapshot', `session guard, by snapshot, ${MANY}`, 'session-guard', {
        ...COLD,
        snapshot: true
      }),
      ours(
        'token-guard-cold-hs256',
        `token guard, HS256, ${MANY}`,
        'token-guard',
        { ...COLD, ...hs256 },
        { headers: 'short tokens' }
      ),
      ours(
        'token-guard-cold-eddsa',
        `token guard, EdDSA, ${MANY}`,
        'token-guard',
        { ...COLD, ...eddsa },
        { headers: 'long tokens' }
      ),
      ours(
        'token-guard-cold-es256',
        `token guard, ES256, ${MANY}`,
        'token-guard',
        { ...COLD, algorithm: 'ES256' },
        { headers: 'long tokens' }
      ),
      peer(
        'fastify-jwt-hs256-many',
        `@fastify/jwt jwtVerify, HS256, ${MANY}`,
        'fastify-jwt',
        { ...COLD, ...hs256 },
        { headers: 'short tokens' }
      ),
      peer(
        'fastify-jwt-eddsa-many',
        `@fastify/jwt jwtVerify, EdDSA, ${MANY}`,
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
      ours(
        'session-guard-redis',
        'session guard, warm',
        'session-guard',
        { store: 'redis' },
        { headers: 'session' }
      ),
      ours('token-guard-redis', 'token guard, EdDSA, warm', 'token-guard', { store: 'redis', ...eddsa }),
      ours(
        'session-guard-redis-cold',
        `session guard, cold, ${MANY}`,
        'session-guard',
        { ...COLD, store: 'redis' },
        { headers: 'sessions' }
      ),
      peer(
        'fastify-session-redis',
        `@fastify/session, rolling off, ${MANY}`,
        'fastify-session',
        { ...COLD, store: 'redis', rolling: false },
        { headers: 'fastify-session' }
      ),
      peer(
        'fastify-session-redis-rolling',
        `@fastify/session, rolling on, ${MANY}`,
        'fastify-session',
        { ...COLD, store: 'redis', rolling: true },
        { headers: 'fastify-session' }
      ),
      peer(
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
    title: 'Many different live credentials in turn, all seen before',
    rows: [
      ours('session-guard-1', 'session guard, 1', 'session-guard', { credentials: 1 }, NO_FLOOR),
      ours('session-guard-1000', 'session guard, 1,000', 'session-guard', { credentials: 1000 }, NO_FLOOR),
      ours(
        'session-guard-100000',
        'session guard, 100,000',
        'session-guard',
        { credentials: 100_000, cacheMaxEntries: 250_000 },
        NO_FLOOR
      ),
      ours('token-guard-1', 'token guard, EdDSA, 1', 'token-guard', { ...eddsa, credentials: 1 }, NO_FLOOR),
      ours(
        'token-guard-1000',
        'token guard, EdDSA, 1,000',
        'token-guard',
        { ...eddsa, credentials: 1000 },
        NO_FLOOR
      ),
      ours(
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
      ours(
        'refresh',
        'refresh, EdDSA, memory',
        'token-guard',
        { ...eddsa, verb: 'refresh', credentials: 6000 },
        once(1000)
      ),
      ours(
        'session-log-out',
        'log-out of a session, memory',
        'session-guard',
        { verb: 'log-out', credentials: 6000 },
        once(1000)
      ),
      ours(
        'token-log-out',
        'log-out by access token, EdDSA, memory',
        'token-guard',
        { ...eddsa, verb: 'log-out', credentials: 6000 },
        once(1000)
      ),
      ours('log-in', 'log-in by password', 'session-guard', { verb: 'log-in' }, once(30))
    ]
  }
]

/** Those of the figures that a change is most likely to move. */
const IN_CHECK: Readonly<Record<string, readonly string[]>> = {
  warm: ['session-guard', 'token-guard-eddsa', 'fastify-jwt-hs256', 'fastify-session', 'better-auth'],
  cold: ['session-guard-snapshot', 'token-guard-cold-hs256', 'fastify-jwt-hs256-many'],
  redis: ['session-guard-redis-cold', 'fastify-session-redis']
}

export function groupsOfCheck(): Group[] {
  return groups
    .map((group) => ({ ...group, rows: group.rows.filter(({ id }) => IN_CHECK[group.id]?.includes(id)) }))
    .filter(({ rows }) => rows.length > 0)
}
