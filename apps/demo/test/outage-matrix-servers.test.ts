import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startCluster } from '../../../packages/logins/test/redis/start-cluster.ts'
import { noRedis, tell } from '../../../packages/logins/test/redis/start-redis.ts'
import { startSentinel } from '../../../packages/logins/test/redis/start-sentinel.ts'
import { AwayNode } from './away-node.ts'
import { checkRow } from './outage-row.ts'
import { sharedBy } from './start-nodes.ts'

t.test(
  'answers under load, behind sentinels: the replica is made the primary',
  { skip: noRedis },
  async (t) => {
    const away = AwayNode.start(t)
    const servers = await startSentinel()
    t.teardown(() => servers.stop())
    const hosts = servers.sentinels.map(({ host, port }) => `${host}:${port}`).join(',')
    const env = await sharedBy(t, `redis-sentinel://${hosts}/${servers.name}`)
    const happens = async () => {
      await servers.failover()
      await sleep(1000)
    }
    await checkRow(t, { env, away, loses: 'newest', happens })
  }
)

t.test('answers under load, with a Cluster', { skip: noRedis }, async (t) => {
  const away = AwayNode.start(t)
  // As docs/scaling.md asks for: else no shard answers while one has no primary.
  const cluster = await startCluster('--cluster-require-full-coverage', 'no')
  t.teardown(() => cluster.stop())
  const url = `redis-cluster://${cluster.ports.map((port) => `127.0.0.1:${port}`).join(',')}`

  await t.test('the primary that has the log is killed', async (t) => {
    const env = await sharedBy(t, url)
    const primary = await cluster.masterOf('drawbridge:{a}:feed')
    const happens = async () => {
      await primary.kill()
      await sleep(4000)
      await primary.restart()
    }
    await checkRow(t, { env, away, loses: 'newest', happens })
    await cluster.settled()
  })

  await t.test('in the mode quorum one shard of three is wiped', async (t) => {
    const env = await sharedBy(t, url, { FEED_MODE: 'quorum' })
    const happens = async () => {
      const { port } = await cluster.masterOf('drawbridge:{b}:feed')
      await tell(port, (client) => client.flushall())
      await sleep(1000)
    }
    // The other two logs go on, so no node has a reason to ask the store once more.
    const { lost } = await checkRow(t, { env, away, loses: 'everything', isNoticed: false, happens })
    t.ok(lost > 0, 'the logins of one shard')
  })
})
