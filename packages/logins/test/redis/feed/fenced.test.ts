import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { skipWithoutRedis, startRedis, runCommand, waitFor } from '@drawbridge/test-support/servers/redis'
import { checkBound } from './check-bound.ts'
import { formatVerdict, Oracle } from './oracle.ts'
import { TcpProxy } from '@drawbridge/test-support/servers/tcp-proxy'
import type { PreparedScenario } from '@drawbridge/test-support/feed/fault-scenarios'

/**
 * A master hangs, a replica is promoted, and the master resumes without knowing it. Some nodes are still
 * connected to the old master, or cannot reach the new one.
 */
async function splitBrain(): Promise<PreparedScenario & { readonly awayPorts: readonly number[] }> {
  const master = await startRedis()
  const replicas = [
    await startRedis('--replicaof', `127.0.0.1 ${master.port}`),
    await startRedis('--replicaof', `127.0.0.1 ${master.port}`)
  ] as const
  for (const { port } of replicas) await waitUntilFollowing(port)
  const [proxy, awayProxy] = [await TcpProxy.start(master.port), await TcpProxy.start(master.port)]
  return {
    servers: { ports: [proxy.port] },
    awayPorts: [awayProxy.port],
    inject: async () => {
      const [promoted, other] = replicas
      master.freeze()
      await sleep(300)
      await runCommand(promoted.port, (client) => client.replicaof('NO', 'ONE'))
      await runCommand(other.port, (client) => client.replicaof('127.0.0.1', promoted.port))
      proxy.switchTo(promoted.port)
      master.resume()
      await waitUntilFollowing(other.port)
      await sleep(2500)
      awayProxy.switchTo(promoted.port)
      await sleep(500)
    },
    stop: async () => {
      for (const one of [proxy, awayProxy]) one.close()
      await Promise.all([master, ...replicas].map((server) => server.stop()))
    }
  }
}

function waitUntilFollowing(port: number): Promise<void> {
  return waitFor(30_000, 'the replica', async () => {
    const info = await runCommand(port, (client) => client.info('replication'))
    return info.includes('master_link_status:up')
  })
}

t.test('a master that was replaced and does not know', { skip: skipWithoutRedis }, async (t) => {
  const oracle = Oracle.start()
  t.teardown(() => oracle.stop())
  const judge = async (mode: 'single' | 'fenced') => {
    const { servers, awayPorts, inject, stop } = await splitBrain()
    t.teardown(stop)
    return oracle.judge({
      spec: { servers, mode },
      awaySpec: { servers: { ports: awayPorts }, mode },
      inject,
      mayMiss: mode === 'single'
    })
  }

  await t.test('is not trusted where the feed is fenced', async (t) => {
    checkBound(t, await judge('fenced'))
  })

  await t.test('is trusted where the feed is not fenced, as docs/outages.md says', async (t) => {
    const verdict = await judge('single')
    t.comment(formatVerdict(verdict))
    t.ok(verdict.violations > 0)
  })
})
