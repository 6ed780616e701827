import { Redis } from 'ioredis'
import t from 'tap'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { createRedisSpentTokens } from '../../src/redis/index.ts'
import { spentTokensCases } from '../../src/testing/index.ts'

t.test('on Redis', { skip: skipWithoutRedis }, async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const redis = new Redis({ host: '127.0.0.1', port: server.port, lazyConnect: true })
  t.teardown(() => redis.disconnect())
  const createNode = () => createRedisSpentTokens({ redis, timeoutMs: 10_000 })

  for (const { name, run } of spentTokensCases)
    await t.test(name, () =>
      run(() => {
        const nodes = [createNode(), createNode()]
        return { nodes, now: Date.now, close: async () => nodes.forEach((node) => node.close()) }
      })
    )

  await t.test('a key expires a while after its token, and has no more than the id in it', async (t) => {
    const node = createNode()
    t.teardown(() => node.close())
    const now = Date.now()
    await node.spend('an-id', now + 60_000)
    const ttlMs = await redis.pttl('drawbridge:spent-token:an-id')
    t.ok(ttlMs > 60_000 && ttlMs <= 120_000, `${ttlMs}`)
    t.equal(await redis.get('drawbridge:spent-token:an-id'), '1')
  })

  await t.test('while Redis does not reply, nothing is spent', async (t) => {
    const node = createRedisSpentTokens({ redis, timeoutMs: 50 })
    t.teardown(() => node.close())
    t.equal(await node.spend('before', Date.now() + 60_000), true)
    server.freeze()
    await t.rejects(node.spend('during', Date.now() + 60_000))
    server.resume()
  })
})

t.test('a wrong option is an error that names it', async (t) => {
  t.throws(
    () => createRedisSpentTokens({ redis: {} as never }),
    /redisSpentTokens\.redis must be a client of ioredis/
  )
})
