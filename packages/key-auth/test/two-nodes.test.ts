import { createLogins, type Principal } from '@drawbridge/logins'
import { createRedisFeed, createRedisLoginStore } from '@drawbridge/logins/redis'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { until } from '@drawbridge/test-support/until'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { keyAuth } from '../src/index.ts'
import { HOUR_MS, newKey, SECRET } from './make-app.ts'

const MAX_KEYS = 5
const owner = { id: 'u7', username: 'reports' }

/** Two nodes of a service on one Redis, by its clock. */
async function startNodes(t: Test) {
  const server = await startRedis()
  const redis = new Redis({ port: server.port, host: '127.0.0.1', lazyConnect: true })
  const apps = await Promise.all(
    [0, 1].map(async () => {
      const store = createRedisLoginStore({ redis, commandTimeoutMs: 5000 })
      const logins = createLogins({ store, feed: createRedisFeed({ redis }), maxKeysPerUser: MAX_KEYS })
      const app = Fastify()
      await app.register(keyAuth, { logins, secret: SECRET })
      app.get('/me', { onRequest: app.keyAuth.guard }, ({ principal }) => principal)
      await app.ready()
      return app
    })
  )
  t.teardown(async () => {
    await Promise.all(apps.map((app) => app.close()))
    redis.disconnect()
    await server.stop()
  })
  const read = (app: (typeof apps)[number], token: string) =>
    app.inject({ url: '/me', headers: { authorization: `Bearer ${token}` } })
  return { one: apps[0]!, other: apps[1]!, read }
}

const input = () => newKey(Date.now(), { expiresAt: Date.now() + HOUR_MS })

t.test('two nodes on one Redis', { skip: skipWithoutRedis }, async (t) => {
  const { one, other, read } = await startNodes(t)

  await t.test('a key that one node made authenticates at the other, until either revokes it', async (t) => {
    const { token, id } = await one.keyAuth.createFor(owner, input())
    t.match((await read(other, token)).json<Principal>(), {
      loginId: id,
      carrier: 'key',
      username: 'reports'
    })
    t.equal((await read(one, token)).statusCode, 200)
    t.match(await other.keyAuth.list(owner.id), [{ id, name: 'deploy', scopes: ['read'] }])
    t.equal(await one.keyAuth.revoke(owner.id, id), true)
    t.equal((await read(one, token)).statusCode, 401)
    await t.resolves(until(async () => (await read(other, token)).statusCode === 401))
    t.same(await other.keyAuth.list(owner.id), [])
  })

  await t.test(
    'of 40 keys made at once on both nodes the limit is stored, and the others are refused',
    async (t) => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? one : other).keyAuth.createFor(owner, input()))
      )
      const made = outcomes.flatMap((outcome) =>
        outcome.status === 'fulfilled' ? [outcome.value.token] : []
      )
      const codes = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [(outcome.reason as { code: string }).code] : []
      )
      t.equal(made.length, MAX_KEYS)
      t.same(new Set(codes), new Set(['DRAWBRIDGE_TOO_MANY_KEYS']))
      for (const token of made)
        for (const node of [one, other]) t.equal((await read(node, token)).statusCode, 200)
    }
  )
})
