import { setTimeout as sleep } from 'node:timers/promises'
import { quorumScenarios } from '@drawbridge/test-support/feed/fault-scenarios'
import { runCommand, skipWithoutRedis, startRedis } from '@drawbridge/test-support/servers/redis'
import { startCluster } from '@drawbridge/test-support/servers/redis-cluster'
import { startSentinel } from '@drawbridge/test-support/servers/redis-sentinel'
import t from 'tap'
import { checkConnections } from './check-row.ts'
import { NodeProcess } from './node-process.ts'

/** Until the nodes are connected to the server that took over, and have read its log. */
const AFTERWARDS_MS = 1500

t.test('open connections, behind sentinels', { skip: skipWithoutRedis }, async (t) => {
  const nodes = [1, 2, 3].map(() => NodeProcess.start(t))

  await t.test('failed over: the replica is made the primary', async (t) => {
    const group = await startSentinel()
    t.teardown(() => group.stop())
    const inject = async () => {
      await group.failover()
      await sleep(AFTERWARDS_MS)
    }
    const servers = { sentinels: group.sentinels }
    await checkConnections(t, { nodes, servers, loses: 'newest', inject, pauseMs: 100 })
  })

  await t.test('failed over: the primary is killed', async (t) => {
    const group = await startSentinel()
    t.teardown(() => group.stop())
    const inject = async () => {
      const primary = await group.primary()
      await primary.kill()
      await group.waitUntilReplaced(primary)
      await sleep(AFTERWARDS_MS)
    }
    const servers = { sentinels: group.sentinels }
    await checkConnections(t, { nodes, servers, loses: 'newest', inject, pauseMs: 150 })
  })
})

t.test('open connections, with a Cluster', { skip: skipWithoutRedis }, async (t) => {
  const nodes = [1, 2, 3].map(() => NodeProcess.start(t))
  // As docs/scaling.md requires: otherwise no shard responds while one has no primary.
  const cluster = await startCluster('--cluster-require-full-coverage', 'no')
  t.teardown(() => cluster.stop())
  const servers = { clusterPorts: cluster.ports }

  for (const mode of ['single', 'quorum'] as const) {
    await t.test(`${mode}: failed over, the primary that has a log is killed`, async (t) => {
      const inject = async () => {
        const primary = await cluster.masterFor('drawbridge:{a}:feed')
        await primary.kill()
        await sleep(4500)
        await primary.restart()
        await sleep(AFTERWARDS_MS)
      }
      await checkConnections(t, { nodes, servers, mode, loses: 'newest', inject, pauseMs: 200 })
      await cluster.waitUntilReady()
    })
  }

  await t.test('quorum: one shard of three is wiped', async (t) => {
    const inject = async () => {
      const { port } = await cluster.masterFor('drawbridge:{b}:feed')
      await runCommand(port, (client) => client.flushall())
      await sleep(AFTERWARDS_MS)
    }
    const row = { nodes, servers, mode: 'quorum', loses: 'everything', isNoticed: false } as const
    await checkConnections(t, { ...row, inject })
  })
})

t.test('open connections, with a quorum of three servers', { skip: skipWithoutRedis }, async (t) => {
  const nodes = [1, 2, 3].map(() => NodeProcess.start(t))
  const logins = await startRedis()
  t.teardown(() => logins.stop())
  for (const { name, prepare } of quorumScenarios) {
    await t.test(name, async (t) => {
      const { servers, inject, stop } = await prepare()
      t.teardown(stop)
      const row = { nodes, servers, loginsPort: logins.port, mode: 'quorum', loses: 'nothing' } as const
      await checkConnections(t, { ...row, inject })
    })
  }
})
