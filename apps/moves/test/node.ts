import { bridge } from '@drawbridge/bridge'
import { expressSession, redisRows } from '@drawbridge/bridge/express-session'
import { flaskSession } from '@drawbridge/bridge/flask'
import { jwt } from '@drawbridge/bridge/jwt'
import { type MigrationOptions, migrations } from '@drawbridge/bridge/migration'
import type { OldLogins } from '@drawbridge/bridge/old-logins'
import { createLogins, type Logins, type LoginStore } from '@drawbridge/logins'
import { createRedisFeed, createRedisLoginStore } from '@drawbridge/logins/redis'
import { sessionAuth } from '@drawbridge/session-auth'
import { tokenAuth } from '@drawbridge/token-auth'
import Fastify, { type FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import { addNaiveGuard } from './naive.ts'
import { type Mutant, mutateOld, mutateResponses, mutateStore } from './mutants.ts'
import { EXPRESS_SECRET, FLASK_SECRET, ROOT_SECRET, TOKEN_SECRET } from './secrets.ts'

/** The five moves, the third of them twice: from tokens with the time of their issue, and from tokens that name a user alone. */
export const MOVES = [
  'express',
  'flask',
  'hs256',
  'hs256-without-iat',
  'session-to-token',
  'token-to-session'
] as const
export type MoveName = (typeof MOVES)[number]

/** Whether its users present tokens of another system. */
const isFromTokens = (move: MoveName) => move.startsWith('hs256')

/** A service of several nodes. */
export interface Service {
  readonly name: string
  readonly move: MoveName
  readonly redisUrl: string
  /** Where the other system has its sessions. */
  readonly oldRedisUrl: string
  readonly keys: readonly object[]
  /** How long a request takes at most; the default of the plugin would make every step 35 s. */
  readonly requestTimeoutSeconds: number
  readonly mutant?: Mutant
}

export interface Node {
  readonly app: FastifyInstance
  readonly logins: Logins
  readonly store: LoginStore
}

/** The guarded route, and one that revokes all logins of the user, as after a change of password. */
export async function buildNode(service: Service): Promise<Node> {
  const { name, redisUrl, oldRedisUrl, keys, mutant, requestTimeoutSeconds } = service
  const redis = new Redis(redisUrl, { lazyConnect: true })
  const oldRedis = new Redis(oldRedisUrl)
  oldRedis.on('error', () => {})
  const given = new Set<string>()
  const store = mutateStore(
    mutant,
    // A busy machine responds late, and that is not what is tested.
    createRedisLoginStore({ redis, prefix: name, commandTimeoutMs: 20_000 }),
    given
  )
  const logins = createLogins({
    store,
    feed: createRedisFeed({ redis, prefix: name, publishTimeoutMs: 20_000, maxStalenessMs: STALENESS_MS })
  })
  const verify = async ({ username }: { username: string }) =>
    ({ ok: true, user: { id: username, username } }) as const
  const common = { credentials: { verify }, logins, secret: ROOT_SECRET }
  const app = Fastify()
  app.addHook('onClose', () => oldRedis.disconnect())
  await app.register(sessionAuth, { ...common, cookie: { secure: false } })
  await app.register(tokenAuth, { ...common, keys: keys as never, refreshGraceSeconds: 60 })
  await app.register(bridge, { exchange: ['session-for-token', 'token-for-session'] })
  await app.register(migrations, {
    requestTimeoutSeconds,
    migrations: [toMigration(service, oldRedis, given)]
  })
  const guard =
    mutant === 'naive' ? addNaiveGuard(app, createOld(service, oldRedis)) : guardOf(app, service.move)
  mutateResponses(mutant, app)
  app.get('/me', { onRequest: guard as never }, ({ principal }) => principal?.username)
  app.post('/password', { onRequest: guard as never }, async ({ principal }) => {
    await logins.revokeUser(principal?.userId ?? '')
    return {}
  })
  return { app, logins, store }
}

/** Within which every node rejects a login that was revoked. */
const STALENESS_MS = 1000

function guardOf(app: FastifyInstance, move: MoveName) {
  if (move === 'express' || move === 'flask') return app.sessionAuth.guard
  return isFromTokens(move) ? app.tokenAuth.guard : app.bridge.guard
}

function toMigration(service: Service, oldRedis: Redis, given: Set<string>): MigrationOptions {
  const { name, move, mutant } = service
  if (move === 'session-to-token') return { name, from: 'session' }
  if (move === 'token-to-session') return { name, from: 'token' }
  return {
    name,
    from: mutateOld(mutant, createOld(service, oldRedis), given),
    userOf: ({ userId }) => ({ id: userId, username: userId }),
    ...(isFromTokens(move) && { acceptUntil: new Date(Date.now() + 86_400_000) })
  }
}

function createOld({ name, move }: Service, oldRedis: Redis): OldLogins {
  switch (move) {
    case 'express':
      return expressSession({
        secret: EXPRESS_SECRET,
        store: redisRows({ redis: oldRedis, prefix: oldPrefix(name) }),
        cookie: { secure: false },
        getIssuedAt: ({ at }) => (typeof at === 'number' ? at : null),
        createSession: ({ userId }) => ({ passport: { user: userId }, at: Date.now() })
      })
    case 'flask':
      return flaskSession({
        secret: FLASK_SECRET,
        cookie: { secure: false },
        createSession: ({ userId }) => ({ _permanent: true, user_id: userId })
      })
    default:
      return jwt({ algorithm: 'HS256', secret: TOKEN_SECRET, userIdClaim: 'user_id' })
  }
}

/** What the keys of the sessions of the other system begin with. */
export const oldPrefix = (name: string) => `${name}:sess:`
