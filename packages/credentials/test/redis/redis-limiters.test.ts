import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { skipWithoutRedis, startRedis, waitFor } from '@drawbridge/test-support/servers/redis'
import { createCredentials, createMemoryUserStore, type CredentialsOptions } from '../../src/index.ts'
import { createRedisLimiters } from '../../src/redis/redis-limiters.ts'
import { recordEvents } from '../record-events.ts'
import { GENEROUS_TIMEOUT_MS, waitForRedisCounting } from './wait-for-redis-counting.ts'

const PASSWORD = 'correct horse battery staple'
const right = { username: 'ada', password: PASSWORD, address: '192.0.2.1' }
const wrong = { ...right, password: 'not the password at all' }

async function twoNodes(t: Test, timeoutMs = GENEROUS_TIMEOUT_MS) {
  const server = await startRedis()
  const redis = new Redis({ port: server.port, host: '127.0.0.1' })
  redis.on('error', () => {})
  t.teardown(async () => {
    redis.disconnect()
    await server.stop()
  })
  const users = createMemoryUserStore()
  const node = async () => {
    const limiters = createRedisLimiters({ redis, nodes: 2, timeoutMs })
    t.teardown(() => limiters.close())
    await waitForRedisCounting(redis, limiters.createLimiter)
    const throttle: CredentialsOptions['throttle'] = { attemptsPerAccount: 4, limiters }
    const credentials = createCredentials({ users, throttle, hashing: { memoryKiB: 1024, passes: 1 } })
    return credentials
  }
  const [one, two] = [await node(), await node()]
  await one.register({ username: 'ada', password: PASSWORD })
  return { one, two, server, redis }
}

t.test('nodes share one count, and a success resets it for all', { skip: skipWithoutRedis }, async (t) => {
  const { one, two } = await twoNodes(t)
  for (const node of [one, two, one]) t.match(await node.verify(wrong), { reason: 'invalid-credentials' })
  t.match(await two.verify(right), { ok: true })
  for (const node of [one, two, one, two])
    t.match(await node.verify(wrong), { reason: 'invalid-credentials' })
  t.match(await one.verify(right), { reason: 'throttled' })
  t.match(await two.verify(right), { reason: 'throttled' })
})

t.test(
  'of a burst on two nodes no more attempts than the limit are verified',
  { skip: skipWithoutRedis },
  async (t) => {
    const { one, two } = await twoNodes(t)
    const burst = Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? one : two).verify(wrong))
    const outcomes = await Promise.all(burst)
    t.equal(outcomes.filter((outcome) => !outcome.ok && outcome.reason === 'invalid-credentials').length, 4)
  }
)

t.test(
  'T13 neither a hung nor a dead Redis delays a sign-in; each node then counts on its own',
  { skip: skipWithoutRedis },
  async (t) => {
    const { one, server } = await twoNodes(t, 150)
    t.match(await one.verify(right), { ok: true })
    server.child.kill('SIGSTOP')
    const started = performance.now()
    t.match(await one.verify(right), { ok: true })
    const hungMs = performance.now() - started
    t.comment(`a sign-in with a hung Redis took ${Math.round(hungMs)} ms`)
    t.ok(hungMs < 20_000)
    server.child.kill('SIGCONT')
    server.child.kill('SIGKILL')
    t.match(await one.verify(right), { ok: true })
    const outcomes = [await one.verify(wrong), await one.verify(wrong), await one.verify(wrong)]
    t.same(
      outcomes.map((outcome) => !outcome.ok && outcome.reason),
      ['invalid-credentials', 'invalid-credentials', 'throttled'],
      'each attempt counts for both nodes'
    )
  }
)

t.test(
  'T07b: attempts on nodes that have just started are counted together from the first, whatever the settings of the client',
  { skip: skipWithoutRedis },
  async (t) => {
    const server = await startRedis()
    t.teardown(() => server.stop())
    const settings = { lazyConnect: true, commandTimeout: 1, socketTimeout: 1, enableReadyCheck: false }
    const redis = new Redis({ port: server.port, host: '127.0.0.1', ...settings })
    const events = recordEvents(t)
    const node = () => {
      const limiters = createRedisLimiters({ redis, timeoutMs: GENEROUS_TIMEOUT_MS })
      t.teardown(() => limiters.close())
      return limiters.createLimiter({ keyPrefix: 'test', points: 4, duration: 900 })
    }
    const [one, two] = [node(), node()]
    const counts = await Promise.all([one, two, one, two].map((limiter) => limiter.penalty('ada')))
    t.match(await two.get('ada'), { consumedPoints: 4 })
    t.equal(await one.get('nobody'), null)
    t.same(new Set(counts.map(({ consumedPoints }) => consumedPoints)), new Set([1, 2, 3, 4]))
    t.same(events, [])
    t.equal(redis.status, 'wait', 'the client of the service was not used')
  }
)

t.test(
  'T07b: throttle-degraded and throttle-recovered are each published once',
  { skip: skipWithoutRedis },
  async (t) => {
    const server = await startRedis()
    t.teardown(() => server.stop())
    const redis = new Redis({ port: server.port, host: '127.0.0.1', lazyConnect: true })
    const events = recordEvents(t)
    const limiters = createRedisLimiters({ redis, timeoutMs: 100 })
    t.teardown(() => limiters.close())
    const limiter = limiters.createLimiter({ keyPrefix: 'test', points: 4, duration: 900 })
    await waitFor(10_000, 'counting in Redis', async () => {
      await limiter.penalty('ada')
      return (await redis.keys('*')).length > 0 && events.at(-1)?.type !== 'throttle-degraded'
    })
    const before = events.length
    server.freeze()
    for (let attempt = 0; attempt < 5; attempt++) await limiter.penalty('ada')
    t.match(events.slice(before), [
      { type: 'throttle-degraded', reason: /Redis did not reply in time|cannot be reached/ }
    ])
    server.resume()
    await waitFor(10_000, 'counting in Redis again', async () => {
      await limiter.penalty('ada')
      return events.length > before + 1
    })
    t.match(events[before + 1], { type: 'throttle-recovered' })
    redis.disconnect()
  }
)

t.test('a wrong option throws an error with its name', (t) => {
  t.throws(() => createRedisLimiters({ redis: {} as never }), {
    message: /redisLimiters\.redis must be a client of ioredis/
  })
  const redis = new Redis({ lazyConnect: true })
  t.throws(() => createRedisLimiters({ redis, nodes: 0 }), { message: /redisLimiters\.nodes .* got 0/ })
  redis.disconnect()
  t.end()
})
