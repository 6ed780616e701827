import { bridge } from '@drawbridge/bridge'
import { createCredentials, createKyselyUserStore, createUsersTable } from '@drawbridge/credentials'
import { createRedisLimiters } from '@drawbridge/credentials/redis'
import { createLogins } from '@drawbridge/logins'
import { checkRedis, createRedisStoreAndFeed } from '@drawbridge/logins/redis'
import { sessionAuth } from '@drawbridge/session-auth'
import { tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import { Kysely, PostgresDialect } from 'kysely'
import { readFileSync } from 'node:fs'
import pg from 'pg'

const { DATABASE_URL = '', DRAWBRIDGE_SECRET = '', PORT = '3000', REDIS_URL = '' } = process.env
const secret = DRAWBRIDGE_SECRET.split(',')
const keys = JSON.parse(readFileSync('keys.json', 'utf8'))

// A node that stops serves what has reached it, and closes each connection with its last response: for the next request
// the process would wait 72 seconds.
const app = Fastify({ trustProxy: 'loopback', logger: true, return503OnClosing: false })
let isClosing = false
app.addHook('preClose', async () => {
  isClosing = true
})
app.addHook('onSend', async (_request, reply) => {
  if (isClosing) reply.header('connection', 'close')
})

// The store, the feed and the counters duplicate this client, which never connects itself.
const redis = new Redis(REDIS_URL, { lazyConnect: true })
const { problems, warnings } = await checkRedis(redis)
for (const warning of warnings) app.log.warn(`Redis ${warning}`)
if (problems.length > 0) throw new Error(`Redis ${problems.join('; ')}`)

const pool = new pg.Pool({ connectionString: DATABASE_URL, query_timeout: 2500 })
pool.on('error', (error) => app.log.error(error.message))
const db = new Kysely({ dialect: new PostgresDialect({ pool }) })
await createUsersTable(db)
const users = createKyselyUserStore({ db })

const limiters = createRedisLimiters({ redis, nodes: 2 })
const credentials = createCredentials({ users, throttle: { limiters } })
const logins = createLogins(createRedisStoreAndFeed({ redis }))

// Fastify runs these hooks in reverse order: before the plugins, so that the database is closed after what needs it.
app.addHook('onClose', () => db.destroy())
await app.register(sessionAuth, { credentials, logins, secret })
await app.register(tokenAuth, { credentials, logins, secret, keys, issuer: 'https://app.example' })
await app.register(bridge, { exchange: ['session-for-token'] })

app.get('/me', { onRequest: app.bridge.guard }, async ({ principal }) => principal)

app.get('/health/live', async () => ({ status: 'live' }))

app.get('/health/ready', async (_request, reply) => {
  try {
    // The store, the feed, the clock of this node, and the users.
    await Promise.all([logins.ping(), users.ping()])
    return { status: 'ready' }
  } catch (error) {
    app.log.warn(`not ready: ${error instanceof Error ? error.message : String(error)}`)
    return reply.code(503).header('retry-after', 1).send({ status: 'not ready' })
  }
})

process.once('SIGTERM', () => void app.close())
process.once('SIGINT', () => void app.close())

await app.listen({ host: '0.0.0.0', port: Number(PORT) })
