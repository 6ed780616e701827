import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startCluster } from '@drawbridge/test-support/servers/redis-cluster'
import { skipWithoutRedis, runCommand } from '@drawbridge/test-support/servers/redis'
import { startSentinel } from '@drawbridge/test-support/servers/redis-sentinel'
import { NodeProcess } from './node-process.ts'
import { checkRow } from './outage-row.ts'
import { sharedEnvironment } from './start-nodes.ts'

t.test(
  'responses under load, behind sentinels: the replica is promoted',
  { skip: skipWithoutRedis },
  async (t) => {
    const node = NodeProcess.start(t)
    const servers = await startSentinel()
    t.teardown(() => servers.stop())
    const hosts = servers.sentinels.map(({ host, port }) => `${host}:${port}`).join(',')
    const env = await sharedEnvironment(t, `redis-sentinel://${hosts}/${servers.name}`)
    const inject = async () => {
      await servers.failover()
      await sleep(1000)
    }
    await checkRow(t, { env, node, loses: 'newest', inject })
  }
)

t.test('responses under load, with a Cluster', { skip: skipWithoutRedis }, async (t) => {
  const node = NodeProcess.start(t)
  // As docs/scaling.md requires: otherwise no shard responds while one has no primary.
  const cluster = await startCluster('--cluster-require-full-coverage', 'no')
  t.teardown(() => cluster.stop())
  const url = `redis-cluster://${cluster.ports.map((port) => `127.0.0.1:${port}`).join(',')}`

  await t.test('the primary that has the log is killed', async (t) => {
    const env = await sharedEnvironment(t, url)
    const primary = await cluster.masterFor('drawbridge:{a}:feed')
    const inject = async () => {
      await primary.kill()
      await sleep(4000)
      await primary.restart()
    }
    await checkRow(t, { env, node, loses: 'newest', inject })
    await cluster.waitUntilReady()
  })

  await t.test('in the mode quorum one shard of three is wiped', async (t) => {
    const env = await sharedEnvironment(t, url, { FEED_MODE: 'quorum' })
    const inject = async () => {
      const { port } = await cluster.masterFor('drawbridge:{b}:feed')
      await runCommand(port, (client) => client.flushall())
      await sleep(1000)
    }
    // The other two logs are intact, so no node has a reason to ask the store again.
    const { lost } = await checkRow(t, { env, node, loses: 'everything', isNoticed: false, inject })
    t.ok(lost > 0, 'the logins of one shard')
  })
})
