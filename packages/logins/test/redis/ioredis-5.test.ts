// What depends on the client, on the oldest ioredis that is supported; all else in this folder runs on the newest.
import { ioredis5 } from '@drawbridge/test-support/servers/ioredis-5'
import {
  type RedisProcess,
  runCommand,
  skipWithoutRedis,
  startRedis,
  waitFor
} from '@drawbridge/test-support/servers/redis'
import { startCluster } from '@drawbridge/test-support/servers/redis-cluster'
import { startSentinel } from '@drawbridge/test-support/servers/redis-sentinel'
import t, { type Test } from 'tap'
import {
  createRedisFeed,
  createRedisLoginStore,
  checkRedis,
  type RedisClient
} from '../../src/redis/index.ts'
import { insertLogins, isResponding } from './background-load.ts'
import { checkContract } from './feed/feed-contract.ts'
import { checkStoreContract } from './store-contract.ts'

const { Cluster, Redis } = ioredis5
const host = '127.0.0.1'
const RECOVERY_MS = 30_000
/** For what must not wait for a command; far above it, for a busy machine. */
const SOON_MS = 2500

function closeWith<Client extends RedisClient>(t: Test, redis: Client): Client {
  t.teardown(() => redis.disconnect())
  return redis
}

/** A store and a feed of one client, as a node has them. */
function openNode(t: Test, redis: RedisClient) {
  const store = createRedisLoginStore({ redis })
  const feed = createRedisFeed({ redis, clockSkewMs: 0 })
  t.teardown(() => Promise.all([store.close(), feed.close()]))
  return { store, feed }
}

/** Both use this primary, and another node hears of a revocation. */
async function checkRecovery(t: Test, redis: RedisClient, { store, feed }: ReturnType<typeof openNode>) {
  await waitFor(RECOVERY_MS, 'the store', async () => (await insertLogins(store, 1)).length === 1)
  await waitFor(RECOVERY_MS, 'the feed', () => feed.renew(1000))
  const other = openNode(t, redis).feed
  const heard = new Promise((resolve) =>
    other.subscribe(
      ({ loginId }) => resolve(loginId),
      () => []
    )
  )
  t.equal(await other.renew(RECOVERY_MS), true)
  await feed.publish([{ loginId: 'a' }])
  t.equal(await heard, 'a')
}

t.test('one Redis', { skip: skipWithoutRedis }, async (t) => {
  const server = await startRedis('--appendonly', 'yes')
  t.teardown(() => server.stop())
  const redis = closeWith(t, new Redis({ host, port: server.port, lazyConnect: true }))

  await t.test('checkRedis', async (t) => t.same(await checkRedis(redis), { problems: [], warnings: [] }))
  await t.test('the contract of LoginStore', (t) => checkStoreContract(t, redis))
  await t.test('the contract of RevocationFeed', (t) => checkContract(t, { redis }))

  await t.test(
    'while it hangs calls reject in time and no node is fresh, and then all goes on',
    async (t) => {
      const node = openNode(t, redis)
      await checkRecovery(t, redis, node)
      server.freeze()
      const startedAt = performance.now()
      await t.rejects(node.store.find('x'), /did not reply to find within 250 ms/)
      t.ok(performance.now() - startedAt < SOON_MS)
      await waitFor(RECOVERY_MS, 'the feed to be stale', async () => !node.feed.isFresh())
      server.resume()
      await checkRecovery(t, redis, node)
    }
  )

  await t.test('it is killed and started again', async (t) => {
    const node = openNode(t, redis)
    await checkRecovery(t, redis, node)
    await server.kill()
    await t.rejects(node.store.find('x'))
    await server.restart()
    await checkRecovery(t, redis, node)
  })
})

t.test('a Cluster, one master of which is killed', { skip: skipWithoutRedis }, async (t) => {
  const cluster = await startCluster('--cluster-require-full-coverage', 'no')
  t.teardown(() => cluster.stop())
  const nodes = cluster.ports.map((port) => ({ host, port }))
  const redis = closeWith(t, new Cluster(nodes, { lazyConnect: true, scaleReads: 'slave' }))
  const node = openNode(t, redis)
  await checkRecovery(t, redis, node)
  const [login] = await insertLogins(node.store, 1)
  const master = await cluster.masterFor(`{${login?.id.slice(0, 5)}}`)
  await master.kill()
  await waitFor(RECOVERY_MS, 'the replica', () => isResponding(node.store, login?.id))
  await checkRecovery(t, redis, node)
})

t.test('a primary that Sentinels replace', { skip: skipWithoutRedis }, async (t) => {
  const sentinel = await startSentinel()
  t.teardown(() => sentinel.stop())
  const { sentinels, name } = sentinel
  const redis = closeWith(t, new Redis({ sentinels, name, lazyConnect: true }))
  const node = openNode(t, redis)
  await checkRecovery(t, redis, node)
  await sentinel.failover()
  const primary = await sentinel.primary()
  await waitFor(RECOVERY_MS, 'the new primary', () => stores(node, primary))
  await checkRecovery(t, redis, node)
})

/** Whether a login arrives at this server. */
async function stores({ store }: ReturnType<typeof openNode>, { port }: RedisProcess): Promise<boolean> {
  const [login] = await insertLogins(store, 1)
  return (await runCommand(port, (client) => client.keys(`*${login?.id}`))).length === 1
}
