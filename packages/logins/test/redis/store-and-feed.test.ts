import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { Redis } from 'ioredis'
import t from 'tap'
import { createLogins } from '../../src/index.ts'
import { createRedisStoreAndFeed } from '../../src/redis/index.ts'

t.test(
  'store and feed of one client have one prefix, and are closed together',
  { skip: skipWithoutRedis },
  async (t) => {
    const server = await startRedis()
    const redis = new Redis(server.port, '127.0.0.1', { lazyConnect: true })
    t.teardown(async () => {
      redis.disconnect()
      await server.stop()
    })
    const logins = createLogins(createRedisStoreAndFeed({ redis, prefix: 'shop' }))
    await logins.ping()
    const login = await logins.create({
      user: { id: '1', username: 'ada' },
      device: { userAgent: '', address: '' },
      idleTimeoutSeconds: 0,
      absoluteTimeoutSeconds: 60
    })
    t.equal(await logins.revoke(login.id), true)
    const keys = await redis.keys('*')
    t.ok(keys.length > 0)
    t.same(
      keys.filter((key) => !key.startsWith('shop:')),
      []
    )
    await logins.close()
  }
)

t.test('a wrong option is an error that names it', async (t) => {
  const redis = new Redis({ lazyConnect: true })
  for (const [options, message] of [
    [{}, 'redisStoreAndFeed.redis is missing'],
    [{ redis, prefix: '{a}' }, 'redisStoreAndFeed.prefix must be 1 to 64 characters'],
    [{ redis, mode: 'quorum' }, 'redisStoreAndFeed.mode is not an option']
  ] as const)
    t.throws(() => createRedisStoreAndFeed(options as never), { code: 'DRAWBRIDGE_OPTION', message })
})
