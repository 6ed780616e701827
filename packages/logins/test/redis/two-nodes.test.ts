import { Redis } from 'ioredis'
import t from 'tap'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { checkTwoNodes } from './two-nodes.ts'

t.test('two nodes of a single Redis', { skip: skipWithoutRedis }, async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const redis = new Redis({ port: server.port, host: '127.0.0.1' })
  t.teardown(() => redis.disconnect())
  await checkTwoNodes(t, redis)
})
