// The counters on the oldest ioredis that is supported; all else in this folder runs on the newest.
import { ioredis5 } from '@drawbridge/test-support/servers/ioredis-5'
import { skipWithoutRedis, startLoneNode, startRedis, waitFor } from '@drawbridge/test-support/servers/redis'
import t, { type Test } from 'tap'
import { createRedisLimiters, type RedisLimitersOptions } from '../../src/redis/redis-limiters.ts'
import { recordEvents } from '../record-events.ts'
import { GENEROUS_TIMEOUT_MS } from './wait-for-redis-counting.ts'

const { Cluster, Redis } = ioredis5
const host = '127.0.0.1'

function openLimiter(t: Test, options: RedisLimitersOptions) {
  const limiters = createRedisLimiters(options)
  t.teardown(() => limiters.close())
  return limiters.createLimiter({ keyPrefix: 'test', points: 4, duration: 900 })
}

/** Two nodes count together, read the count, give an attempt back, and reset it. */
async function checkCounting(t: Test, redis: RedisLimitersOptions['redis']): Promise<void> {
  const node = () => openLimiter(t, { redis, timeoutMs: GENEROUS_TIMEOUT_MS })
  const [one, two] = [node(), node()]
  const counts = await Promise.all([one, two, one, two].map((limiter) => limiter.penalty('ada')))
  t.same(new Set(counts.map(({ consumedPoints }) => consumedPoints)), new Set([1, 2, 3, 4]))
  t.match(await two.get('ada'), { consumedPoints: 4 })
  await one.reward('ada')
  t.match(await two.get('ada'), { consumedPoints: 3 })
  await one.delete('ada')
  t.equal(await two.get('ada'), null)
}

t.test(
  'nodes count together in one Redis, and alone while it hangs',
  { skip: skipWithoutRedis },
  async (t) => {
    const server = await startRedis()
    t.teardown(() => server.stop())
    const redis = new Redis({ host, port: server.port, lazyConnect: true })
    const events = recordEvents(t)
    await checkCounting(t, redis)
    t.same(events, [])
    const limiter = openLimiter(t, { redis, timeoutMs: 100, nodes: 2 })
    await waitFor(10_000, 'counting in Redis', async () => {
      await limiter.delete('ada')
      return (await limiter.penalty('ada')).consumedPoints === 1
    })
    const before = events.length
    server.freeze()
    t.match(await limiter.penalty('ada'), { consumedPoints: 2 }, 'an attempt here is one of two nodes')
    server.resume()
    await waitFor(10_000, 'counting in Redis again', async () => {
      await limiter.penalty('bob')
      return events.length > before + 1
    })
    t.match(events.slice(before), [{ type: 'throttle-degraded' }, { type: 'throttle-recovered' }])
    t.equal(redis.status, 'wait', 'the client of the service was not used')
  }
)

t.test('nodes count together in a Cluster', { skip: skipWithoutRedis }, async (t) => {
  const server = await startLoneNode()
  t.teardown(() => server.stop())
  await checkCounting(t, new Cluster([{ host, port: server.port }], { lazyConnect: true }))
})
