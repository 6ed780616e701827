import { skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { loginStoreCases } from '../../../src/testing/index.ts'
import { checkStoreContract } from '../store-contract.ts'

t.test('a store of logins over clients with other settings', { skip: skipWithoutRedis }, async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())

  const address = { host: '127.0.0.1', port: server.port }

  const contract = async (t: Test, redis: Redis) => {
    t.teardown(() => redis.disconnect())
    await checkStoreContract(t, redis, [...loginStoreCases])
  }

  await t.test('the contract on a client with a prefix of its own', (t) =>
    contract(t, new Redis({ ...address, keyPrefix: 'application:' }))
  )

  await t.test('the contract on a client of RESP2', (t) =>
    contract(t, new Redis({ ...address, protocol: 2 }))
  )

  await t.test('the contract on a client with harmful settings', async (t) => {
    const redis = new Redis({
      ...address,
      replyMapping: 'resp3',
      stringNumbers: true,
      lazyConnect: true,
      readOnly: true,
      maxRetriesPerRequest: null,
      commandTimeout: 1,
      socketTimeout: 1,
      retryStrategy: () => null
    })
    await contract(t, redis)
  })
})
