import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import type { Login } from '../../src/login/login.ts'
import { createRedisLoginStore, type RedisLoginStore } from '../../src/redis/index.ts'
import { checkStoreContract } from './store-contract.ts'
import {
  skipWithoutRedis,
  type RedisProcess,
  runCommand,
  waitFor
} from '@drawbridge/test-support/servers/redis'
import { type RedisSentinel, startSentinel } from '@drawbridge/test-support/servers/redis-sentinel'
import { insertLogins, BackgroundLoad } from './background-load.ts'

const RECOVERY_MS = 30_000
const LOGINS = 50

t.test('a primary, a replica and three sentinels', { skip: skipWithoutRedis }, async (t) => {
  const { sentinel, redis } = await start(t)

  await t.test('the contract of LoginStore', (t) => checkStoreContract(t, redis))

  await t.test('the replica was not asked for anything', async (t) => {
    const { port } = await sentinel.replica()
    t.notMatch(await runCommand(port, (client) => client.info('commandstats')), /cmdstat_(get|eval|evalsha)/)
  })

  await t.test('a forced failover', async (t) => {
    const before = await sentinel.primary()
    await survives(t, sentinel, redis, async ({ port }) => {
      // The sentinels cannot demote it, however long the store takes to leave.
      await runCommand(port, (client) => client.call('ACL', 'SETUSER', 'default', '-slaveof', '-replicaof'))
      await sentinel.failover()
    })
    const info = await runCommand(before.port, (client) => client.info('replication'))
    t.match(info, 'role:master', 'the store left an old primary that does not know that it was replaced')
  })
})

// A replaced primary takes ten seconds to follow its successor, so each of these tests has servers of its
// own.
t.test('the primary is killed', { skip: skipWithoutRedis }, async (t) => {
  const { sentinel, redis } = await start(t)
  await survives(t, sentinel, redis, (primary) => primary.kill())
})

t.test('the primary hangs', { skip: skipWithoutRedis }, async (t) => {
  const { sentinel, redis } = await start(t)
  await survives(t, sentinel, redis, async (primary) => primary.freeze())
})

t.test('the primary is killed, and a sentinel hangs', { skip: skipWithoutRedis }, async (t) => {
  const { sentinel, redis } = await start(t)
  await survives(t, sentinel, redis, async (primary) => {
    sentinel.sentinelProcesses[0]?.freeze()
    await primary.kill()
  })
})

async function start(t: Test): Promise<{ sentinel: RedisSentinel; redis: Redis }> {
  const startedAt = performance.now()
  const sentinel = await startSentinel()
  t.teardown(() => sentinel.stop())
  t.comment(`started in ${Math.round(performance.now() - startedAt)} ms`)
  const { sentinels, name } = sentinel
  // A client of the replica: the store must ask the primary.
  const redis = new Redis({ sentinels, name, role: 'slave', lazyConnect: true })
  t.teardown(() => redis.disconnect())
  return { sentinel, redis }
}

/** Checks one store before and after the fault. */
async function survives(
  t: Test,
  sentinel: RedisSentinel,
  redis: Redis,
  harm: (primary: RedisProcess) => Promise<void>
): Promise<void> {
  const store = createRedisLoginStore({ redis })
  t.teardown(() => store.close())
  const logins = await insertLogins(store, LOGINS)
  await replicated(sentinel)
  const load = new BackgroundLoad().start(store, logins)
  const before = await sentinel.primary()
  const lostAt = performance.now()
  await harm(before)
  await sentinel.waitUntilReplaced(before)
  await recoversOn(sentinel, store)
  t.comment(`recovered after ${Math.round(performance.now() - lostAt)} ms`)
  await load.stop()
  load.report(t)
  t.same([...load.missing], [], 'what the replica had is there')
}

/** Resolves when the replica has what the primary was told until now. */
async function replicated(sentinel: RedisSentinel): Promise<void> {
  const offset = async ({ port }: RedisProcess) => {
    const info = await runCommand(port, (client) => client.info('replication'))
    return Number(/master_repl_offset:(\d+)/.exec(info)?.[1])
  }
  const reached = await offset(await sentinel.primary())
  const replica = await sentinel.replica()
  await waitFor(RECOVERY_MS, 'the replica', async () => (await offset(replica)) >= reached)
}

/** Resolves when what the store is told arrives at the server that is the primary now. */
async function recoversOn(sentinel: RedisSentinel, store: RedisLoginStore): Promise<void> {
  const { port } = await sentinel.primary()
  await waitFor(RECOVERY_MS, 'the recovery', async () => {
    const [login] = await insertLogins(store, 1).catch((): Login[] => [])
    if (login === undefined) return false
    return (await runCommand(port, (client) => client.keys(`*${login.id}`))).length === 1
  })
}
