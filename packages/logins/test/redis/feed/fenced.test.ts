import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { noRedis, startRedis, tell, within } from '../start-redis.ts'
import { checkBound } from './check-bound.ts'
import { figuresOf, Oracle } from './oracle.ts'
import { startProxy } from './proxy.ts'
import type { Prepared } from './scenarios.ts'

/**
 * A master hangs, a replica takes its place, and the master wakes up and does not know. Some nodes are still
 * connected to it, or cannot get to the other.
 */
async function splitBrain(): Promise<Prepared & { readonly awayPorts: readonly number[] }> {
  const master = await startRedis()
  const replicas = [
    await startRedis('--replicaof', `127.0.0.1 ${master.port}`),
    await startRedis('--replicaof', `127.0.0.1 ${master.port}`)
  ] as const
  for (const { port } of replicas) await follows(port)
  const [proxy, awayProxy] = [await startProxy(master.port), await startProxy(master.port)]
  return {
    servers: { ports: [proxy.port] },
    awayPorts: [awayProxy.port],
    happens: async () => {
      const [promoted, other] = replicas
      master.freeze()
      await sleep(300)
      await tell(promoted.port, (client) => client.replicaof('NO', 'ONE'))
      await tell(other.port, (client) => client.replicaof('127.0.0.1', promoted.port))
      proxy.switchTo(promoted.port)
      master.resume()
      await follows(other.port)
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

function follows(port: number): Promise<void> {
  return within(30_000, 'the replica', async () => {
    const info = await tell(port, (client) => client.info('replication'))
    return info.includes('master_link_status:up')
  })
}

t.test('a master that was replaced and does not know', { skip: noRedis }, async (t) => {
  const oracle = Oracle.start()
  t.teardown(() => oracle.stop())
  const judge = async (mode: 'single' | 'fenced') => {
    const { servers, awayPorts, happens, stop } = await splitBrain()
    t.teardown(stop)
    return oracle.judge({
      spec: { servers, mode },
      awaySpec: { servers: { ports: awayPorts }, mode },
      happens,
      mayMiss: mode === 'single'
    })
  }

  await t.test('is not believed where the feed is fenced', async (t) => {
    checkBound(t, await judge('fenced'))
  })

  await t.test('is believed where it is not, as docs/outages.md says', async (t) => {
    const verdict = await judge('single')
    t.comment(figuresOf(verdict))
    t.ok(verdict.violations > 0)
  })
})
