import { Redis } from 'ioredis'
import t from 'tap'
import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { createCredentials, createMemoryUserStore } from '../../src/index.ts'
import { createRedisLimiters } from '../../src/redis/redis-limiters.ts'
import { CHEAP_COST, PASSWORD } from '../create-test-dependencies.ts'
import { GENEROUS_TIMEOUT_MS, waitForRedisCounting } from './wait-for-redis-counting.ts'

t.test('nodes share one count of attempts at a second factor', { skip: skipWithoutRedis }, async (t) => {
  const server = await startRedis()
  const redis = new Redis({ host: '127.0.0.1', port: server.port })
  redis.on('error', () => {})
  const users = createMemoryUserStore()
  const newNode = async () => {
    const limiters = createRedisLimiters({ redis, nodes: 2, timeoutMs: GENEROUS_TIMEOUT_MS })
    t.teardown(() => limiters.close())
    await waitForRedisCounting(redis, limiters.createLimiter)
    return createCredentials({
      users,
      hashing: CHEAP_COST,
      throttle: { limiters },
      secondFactor: { isRequired: () => true, verify: ({ response }) => response === 'right' }
    })
  }
  t.teardown(async () => {
    redis.disconnect()
    await server.stop()
  })
  const nodes = [await newNode(), await newNode()] as const
  const registered = await nodes[0].register({ username: 'kim', password: PASSWORD })
  const userId = registered.ok ? registered.user.id : ''
  const code = (at: number, response: string) =>
    nodes[at % 2 === 0 ? 0 : 1].verifySecondFactor!({ userId, response, address: `198.51.100.${at}` })

  for (let at = 0; at < 4; at += 1) t.match(await code(at, 'wrong'), { reason: 'invalid-credentials' })
  t.match(await code(4, 'right'), { ok: true }, 'which resets it for all')
  const burst = await Promise.all(Array.from({ length: 40 }, (_, at) => code(at, 'wrong')))
  t.equal(burst.filter((outcome) => !outcome.ok && outcome.reason === 'invalid-credentials').length, 5)
  for (const at of [0, 1]) t.match(await code(at, 'right'), { ok: false, reason: 'throttled' })
  t.match(await nodes[0].verify({ username: 'kim', password: PASSWORD, address: '192.0.2.1' }), {
    reason: 'second-factor-required'
  })
})
