import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { createRedisLoginStore } from '../../../src/redis/index.ts'
import { loginStoreCases } from '../../../src/testing/index.ts'
import { checkStoreContract, checkStoreContractInRealTime } from '../store-contract.ts'
import { skipWithoutRedis, startRedis, runCommand } from '@drawbridge/test-support/servers/redis'

t.test('a single Redis', { skip: skipWithoutRedis }, async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())

  const address = { host: '127.0.0.1', port: server.port }

  const contract = async (t: Test, redis: Redis, check = checkStoreContract) => {
    t.teardown(() => redis.disconnect())
    await check(t, redis, [...loginStoreCases])
  }

  await t.test('the contract of LoginStore', (t) => contract(t, new Redis(address)))

  await t.test('the contract by the clock of Redis', (t) =>
    contract(t, new Redis(address), checkStoreContractInRealTime)
  )

  await t.test('none of it searched through the keys', async (t) => {
    const stats = await runCommand(server.port, (client) => client.info('commandstats'))
    t.match(stats, /cmdstat_evalsha/)
    t.notMatch(stats, /cmdstat_(keys|scan|sscan|hscan|zscan|randomkey|sort|dbsize)/)
  })
})

t.test('options are checked', async (t) => {
  const redis = new Redis({ lazyConnect: true })
  const braced = new Redis({ lazyConnect: true, keyPrefix: '{app}:' })
  for (const [options, message] of [
    [{ redis: {} }, /redisLoginStore\.redis must be a client of ioredis/],
    [{ redis: braced }, /redisLoginStore\.redis must have no braces in its keyPrefix/],
    [{ redis, prefix: '{a}' }, /redisLoginStore\.prefix must be 1 to 64 characters without braces/],
    [{ redis, commandTimeoutMs: 5 }, /redisLoginStore\.commandTimeoutMs must be a whole number from 10/],
    [{ redis, ttl: 5 }, /redisLoginStore\.ttl is not an option/]
  ] as const) {
    t.throws(() => createRedisLoginStore(options as never), { message: message })
  }
  t.equal(redis.status, 'wait')
  redis.disconnect()
  braced.disconnect()
})
