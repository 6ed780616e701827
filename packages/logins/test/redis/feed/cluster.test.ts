import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster } from 'ioredis'
import t from 'tap'
import { startCluster } from '@drawbridge/test-support/servers/redis-cluster'
import { skipWithoutRedis } from '@drawbridge/test-support/servers/redis'
import { checkBound } from './check-bound.ts'
import { checkContract } from './feed-contract.ts'
import { Oracle } from './oracle.ts'
import type { FeedSpec } from './servers.ts'

t.test('a Cluster of six', { skip: skipWithoutRedis }, async (t) => {
  // As docs/scaling.md requires: otherwise no shard responds while one has no primary.
  const cluster = await startCluster('--cluster-require-full-coverage', 'no')
  t.teardown(() => cluster.stop())
  const nodes = cluster.ports.map((port) => ({ host: '127.0.0.1', port }))

  await t.test('the contract of RevocationFeed', async (t) => {
    const redis = new Cluster(nodes, { lazyConnect: true })
    t.teardown(() => redis.disconnect())
    await t.test('one log', (t) => checkContract(t, { redis }))
    await t.test('quorum', (t) => checkContract(t, { redis, mode: 'quorum' }))
    await t.test('fenced', (t) => checkContract(t, { redis, mode: 'fenced' }))
  })

  const oracle = Oracle.start()
  t.teardown(() => oracle.stop())
  for (const mode of ['single', 'quorum'] as const satisfies ReadonlyArray<FeedSpec['mode']>) {
    await t.test(`a primary is killed: ${mode}`, async (t) => {
      // Logs of its own: those of the other mode have logins that are active here.
      const prefix = `killed-${mode}`
      const primary = await cluster.masterFor(`${prefix}:{a}:feed`)
      const inject = async () => {
        await primary.kill()
        await sleep(4500)
        await primary.restart()
        await sleep(500)
      }
      const spec = { servers: { clusterPorts: cluster.ports }, mode, prefix }
      checkBound(t, await oracle.judge({ spec, inject }))
      await cluster.waitUntilReady()
    })
  }
})
