import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { createRedisLimiters } from '@drawbridge/credentials/redis'
import { createLogins } from '@drawbridge/logins'
import { createRedisFeed, createRedisLoginStore } from '@drawbridge/logins/redis'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import { Redis } from 'ioredis'

/* A service over Redis as in the guides, in a process of its own: it never calls process.exit. */
const redis = new Redis(process.env['REDIS_URL'] ?? '', { lazyConnect: true })
const logins = createLogins({ store: createRedisLoginStore({ redis }), feed: createRedisFeed({ redis }) })
const credentials = createCredentials({
  users: createMemoryUserStore(),
  throttle: { limiters: createRedisLimiters({ redis }) },
  hashing: { memoryKiB: 1024, passes: 1 }
})
const account = { username: 'ada', password: 'correct horse battery staple' }
await credentials.register(account)

const app = Fastify()
const secret = 'a root secret for tests, 0123456789'
await app.register(sessionAuth, { credentials, logins, secret })
await app.register(tokenAuth, { credentials, logins, secret, keys: [generateSigningKey()] })
await app.register(async (admin) => {
  await admin.register(tokenAuth, {
    credentials,
    logins,
    keys: [generateSigningKey()],
    issuer: 'admin',
    routes: false
  })
})
const url = await app.listen({ host: '127.0.0.1', port: 0 })

// One sign-in, so that every connection is in use.
const body = JSON.stringify(account)
const headers = { 'content-type': 'application/json', connection: 'close' }
const { status } = await fetch(`${url}/token/login`, { method: 'POST', headers, body })
process.once('SIGTERM', () => void app.close())
console.log(`signed in: ${status}, at ${url}`)
