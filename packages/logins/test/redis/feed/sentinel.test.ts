import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t from 'tap'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { startSentinel } from '@drawbridge/test-support/servers/redis-sentinel'
import { checkBound } from './check-bound.ts'
import { checkContract } from './feed-contract.ts'
import { Oracle } from './oracle.ts'

t.test('a server and a replica that sentinels watch', { skip: skipWithoutRedis }, async (t) => {
  const sentinel = await startSentinel()
  t.teardown(() => sentinel.stop())
  const { sentinels } = sentinel
  const servers = { sentinels }

  await t.test('the contract of RevocationFeed', async (t) => {
    const redis = new Redis({ sentinels, name: 'main', lazyConnect: true })
    t.teardown(() => redis.disconnect())
    await checkContract(t, { redis })
    await t.test('fenced', (t) => checkContract(t, { redis, mode: 'fenced' }))
  })

  const oracle = Oracle.start()
  t.teardown(() => oracle.stop())
  await t.test('the replica is made the primary', async (t) => {
    const inject = async () => {
      await sentinel.failover()
      await sleep(1500)
    }
    checkBound(t, await oracle.judge({ spec: { servers }, inject }))
  })

  await t.test('the primary is killed', async (t) => {
    // The other one has no replica for a while.
    const another = await startSentinel()
    t.teardown(() => another.stop())
    const inject = async () => {
      const primary = await another.primary()
      await primary.kill()
      await another.waitUntilReplaced(primary)
      await sleep(1500)
    }
    checkBound(t, await oracle.judge({ spec: { servers: { sentinels: another.sentinels } }, inject }))
  })
})
