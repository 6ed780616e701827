import { Redis } from 'ioredis'
import t from 'tap'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { RedisMonitor } from '@drawbridge/test-support/servers/redis-monitor'
import { createRedisLoginStore } from '../../../src/redis/index.ts'
import type { AdoptionStore } from '../../../src/stores/adoption-store.ts'
import { newLogin, NO_LIMIT } from '../../../src/testing/store-case.ts'

t.test(
  'an adoption costs one script more than the insert of a sign-in, and so does each repetition',
  { skip: skipWithoutRedis },
  async (t) => {
    const server = await startRedis()
    const monitor = await RedisMonitor.start(server.port)
    const redis = new Redis({ host: '127.0.0.1', port: server.port })
    const store = createRedisLoginStore({ redis, commandTimeoutMs: 10_000 })
    t.teardown(async () => {
      await store.close()
      redis.disconnect()
      monitor.stop()
      await server.stop()
    })
    const adoptions = store.adoptions as AdoptionStore
    const create = () => newLogin({ userId: 'ada' }, Date.now())
    const credential = (key: string) =>
      ({
        migration: 'express',
        key,
        ledBy: 'old',
        issuedAt: null,
        claimedUntil: Date.now() + 3_600_000
      }) as const
    const countScripts = async (work: () => Promise<unknown>) => {
      await monitor.take()
      await work()
      const sent = (await monitor.take()).filter(({ source }) => source !== 'lua')
      t.ok(sent.every(({ name }) => name === 'evalsha'))
      return sent.length
    }
    // The first run of each script loads it.
    await store.insert(create(), NO_LIMIT)
    await adoptions.adopt(create(), credential('first'), NO_LIMIT)

    t.equal(await countScripts(() => store.insert(create(), NO_LIMIT)), 1)
    const login = create()
    t.equal(await countScripts(() => adoptions.adopt(login, credential('second'), NO_LIMIT)), 2)
    t.equal(await countScripts(() => adoptions.adopt(login, credential('second'), NO_LIMIT)), 2)
  }
)
