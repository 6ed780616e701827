import { createLogins } from '@drawbridge/logins'
import { createRedisFeed, createRedisLoginStore } from '@drawbridge/logins/redis'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify, { type FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { TcpProxy } from '@drawbridge/test-support/servers/tcp-proxy'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import type { Tokens } from './build-demo.ts'
import { until } from '@drawbridge/test-support/until'

if (skipWithoutRedis) {
  t.plan(0, skipWithoutRedis)
  process.exit(0)
}

const ROUNDS = 5
/** Longer than a restart of Redis takes here. */
const GRACE_SECONDS = 300

/** No completed write is lost by a kill -9. */
const redis = await startRedis('--appendonly', 'yes', '--appendfsync', 'always')
t.teardown(() => redis.stop())
const proxy = await TcpProxy.start(redis.port)
t.teardown(() => proxy.close())
const keys = [generateSigningKey()]

let isReplyLost = false

/** A service with its logins in Redis behind a proxy that can drop replies; it accepts any password. */
async function serve(t: Test, refreshGraceSeconds: number): Promise<FastifyInstance> {
  const client = new Redis({ port: proxy.port, host: '127.0.0.1', lazyConnect: true })
  const store = createRedisLoginStore({ redis: client, commandTimeoutMs: 5000 })
  const rotate = store.rotate.bind(store)
  // The login is read first; that reply must not be the lost one.
  store.rotate = (...rotation) => {
    if (isReplyLost) proxy.dropNextReply()
    isReplyLost = false
    return rotate(...rotation)
  }
  const direct = new Redis({ port: redis.port, host: '127.0.0.1', lazyConnect: true })
  const logins = createLogins({ store, feed: createRedisFeed({ redis: direct }) })
  const verify = async () => ({ ok: true, user: { id: 'ada', username: 'ada' } }) as const
  const app = Fastify()
  await app.register(tokenAuth, { credentials: { verify }, logins, keys, refreshGraceSeconds })
  t.teardown(async () => {
    await app.close()
    await logins.close()
    await store.close()
    client.disconnect()
    direct.disconnect()
  })
  await until(() =>
    logins.ping().then(
      () => true,
      () => false
    )
  )
  return app
}

const post = (app: FastifyInstance, url: string, payload: object) =>
  app.inject({ method: 'POST', url, payload })

async function logIn(app: FastifyInstance): Promise<string> {
  const response = await post(app, '/token/login', { username: 'ada', password: 'any' })
  return response.json<Tokens>().refresh_token
}

/** Redis replaces the token and crashes before it replies. */
async function refreshIntoCrash(app: FastifyInstance, token: string) {
  isReplyLost = true
  const response = await post(app, '/token/refresh', { refresh_token: token })
  await redis.kill()
  await redis.restart()
  return response
}

/** Presents the token again while the response is 503. */
async function refreshUntilAnswered(app: FastifyInstance, token: string) {
  let response = await post(app, '/token/refresh', { refresh_token: token })
  await until(async () => {
    if (response.statusCode !== 503) return true
    response = await post(app, '/token/refresh', { refresh_token: token })
    return false
  })
  return response
}

t.test(
  'R18 a refresh that Redis completed before a crash can be repeated, and has one successor',
  async (t) => {
    const app = await serve(t, GRACE_SECONDS)
    let token = await logIn(app)
    for (let round = 0; round < ROUNDS; round++) {
      const crashed = await refreshIntoCrash(app, token)
      t.equal(crashed.statusCode, 503)
      t.equal(crashed.headers['retry-after'], '1')
      const again = await refreshUntilAnswered(app, token)
      const successors = new Set([again.json<Tokens>().refresh_token])
      for (const _ of [1, 2]) {
        const response = await post(app, '/token/refresh', { refresh_token: token })
        successors.add(response.json<Tokens>().refresh_token)
      }
      t.equal(again.statusCode, 200)
      t.equal(successors.size, 1, 'all of them the same')
      token = again.json<Tokens>().refresh_token
    }
  }
)

t.test('R18 without a grace period a repeated token revokes its login', async (t) => {
  const app = await serve(t, 0)
  const token = await logIn(app)
  t.equal((await refreshIntoCrash(app, token)).statusCode, 503)
  t.equal((await refreshUntilAnswered(app, token)).statusCode, 401)
})

t.test('R19 a Redis that lost everything rejects the tokens from before', async (t) => {
  const app = await serve(t, GRACE_SECONDS)
  const token = await logIn(app)
  const client = new Redis({ port: redis.port, host: '127.0.0.1' })
  t.teardown(() => client.disconnect())
  await client.flushall()
  for (const _ of [1, 2])
    t.equal((await post(app, '/token/refresh', { refresh_token: token })).statusCode, 401)
  t.equal(await client.dbsize(), 0, 'and nothing was created')
})
