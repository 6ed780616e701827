import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { checkRedis, createRedisFeed, createRedisLoginStore } from '../../../src/redis/index.ts'
import { SentinelWatch } from '../../../src/redis/sentinel/sentinel-watch.ts'
import {
  freePort,
  skipWithoutRedis,
  type RedisProcess,
  startRedis,
  runCommand,
  waitFor
} from '@drawbridge/test-support/servers/redis'
import { spawnSentinel } from '@drawbridge/test-support/servers/redis-sentinel'
import { insertLogins } from '../background-load.ts'

const DEADLINE_MS = 20_000

/**
 * The state after a failover that one of the sentinels has not learnt of: both servers consider themselves
 * the primary.
 */
async function disagreeing(t: Test) {
  const [old, promoted] = [await stopAfterTest(t, startRedis()), await stopAfterTest(t, startRedis())]
  const sentinels = [
    await stopAfterTest(t, startSentinelFor(old, 1)),
    await stopAfterTest(t, startSentinelFor(promoted, 2))
  ] as const
  const redis = new Redis({
    sentinels: sentinels.map(({ port }) => ({ host: '127.0.0.1', port })),
    name: 'main',
    lazyConnect: true
  })
  t.teardown(() => redis.disconnect())
  return { old, promoted, sentinels, redis }
}

async function startSentinelFor(primary: RedisProcess, epoch: number): Promise<RedisProcess> {
  const sentinel = spawnSentinel(await freePort(), primary.port, epoch)
  await sentinel.waitUntilReady()
  return sentinel
}

async function stopAfterTest(t: Test, starting: Promise<RedisProcess>): Promise<RedisProcess> {
  const server = await starting
  t.teardown(() => server.stop())
  return server
}

const countKeys = ({ port }: RedisProcess) => runCommand(port, (client) => client.dbsize())

t.test(
  'of two sentinels that disagree, the one with the newer failover counts',
  { skip: skipWithoutRedis },
  async (t) => {
    const { old, promoted, redis } = await disagreeing(t)
    const store = createRedisLoginStore({ redis })
    t.teardown(() => store.close())
    await insertLogins(store, 1)
    t.equal(await countKeys(old), 0)
    t.not(await countKeys(promoted), 0)
  }
)

t.test(
  'a store leaves the old primary when a sentinel reports another one',
  { skip: skipWithoutRedis },
  async (t) => {
    const { old, promoted, sentinels, redis } = await disagreeing(t)
    sentinels[1].freeze()
    const store = createRedisLoginStore({ redis })
    t.teardown(() => store.close())
    await insertLogins(store, 1)
    t.not(await countKeys(old), 0, 'the only sentinel that replies reports the old one')
    sentinels[1].resume()
    await waitFor(DEADLINE_MS, 'the store to leave', async () => {
      await insertLogins(store, 1).catch(() => {})
      return (await countKeys(promoted)) > 0
    })
  }
)

t.test(
  'a feed is not fresh while most of the sentinels are unreachable',
  { skip: skipWithoutRedis },
  async (t) => {
    const { sentinels, redis } = await disagreeing(t)
    const feed = createRedisFeed({ redis })
    t.teardown(() => feed.close())
    t.equal(await feed.renew(DEADLINE_MS), true)
    sentinels[0].freeze()
    await waitFor(DEADLINE_MS, 'the feed not to be fresh', async () => !feed.isFresh())
    t.equal(await feed.renew(500), false)
    sentinels[0].resume()
    t.equal(await feed.renew(DEADLINE_MS), true)
  }
)

t.test('a name that the sentinels do not know is reported', { skip: skipWithoutRedis }, async (t) => {
  const { redis } = await disagreeing(t)
  const { problems } = await checkRedis(redis.duplicate({ name: 'other', lazyConnect: true }))
  t.match(problems, [/cannot be used: most of the sentinels cannot be reached: .*No such master/])
})

t.test('a watch stops with its last user, and may start again', { skip: skipWithoutRedis }, async (t) => {
  const { sentinels, redis } = await disagreeing(t)
  const watching = async () => {
    const clients = await Promise.all(
      sentinels.map(({ port }) => runCommand(port, (client) => client.client('LIST')))
    )
    return String(clients).split('drawbridge:sentinel').length - 1
  }
  for (const time of ['first', 'second']) {
    const store = createRedisLoginStore({ redis })
    const feed = createRedisFeed({ redis })
    await feed.renew(DEADLINE_MS)
    await waitFor(DEADLINE_MS, 'both', async () => (await watching()) === 2)
    await store.close()
    await waitFor(DEADLINE_MS, `${time} time: the feed still uses it`, async () => (await watching()) === 2)
    await feed.close()
    await waitFor(DEADLINE_MS, 'none', async () => (await watching()) === 0)
  }
})

t.test(
  'a reply that is being read while the watch stops is ignored',
  { skip: skipWithoutRedis },
  async (t) => {
    const { redis } = await disagreeing(t)
    let replies = 0
    const natMap = () => {
      replies += 1
      if (replies === 1) watch.release()
      return null
    }
    const watch = new SentinelWatch(redis.duplicate({ natMap, lazyConnect: true }))
    const unhandled: unknown[] = []
    const record = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', record)
    t.teardown(() => process.off('unhandledRejection', record))
    watch.acquire()
    await waitFor(DEADLINE_MS, 'a reply', async () => replies > 0)
    await t.rejects(watch.refresh(100), /most of the sentinels cannot be reached/)
    t.same(unhandled, [])
    t.equal(watch.primary, null)
  }
)
