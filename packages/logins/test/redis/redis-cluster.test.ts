import { Cluster } from 'ioredis'
import t, { type Test } from 'tap'
import type { Login } from '../../src/login/login.ts'
import { createRedisLoginStore, type RedisLoginStore } from '../../src/redis/index.ts'
import { checkStoreContract } from './store-contract.ts'
import { type RedisCluster, startCluster } from '@drawbridge/test-support/servers/redis-cluster'
import {
  skipWithoutRedis,
  type RedisProcess,
  runCommand,
  waitFor
} from '@drawbridge/test-support/servers/redis'
import { checkTwoNodes } from './two-nodes.ts'
import { isResponding, insertLogins, BackgroundLoad } from './background-load.ts'

/** Patience alone, as that of the Cluster itself. */
const RECOVERY_MS = 60_000
const MOVED_SLOTS = 200
/** Used where no outage is tested: a machine that stalls must not fail the store. */
const LONG_TIMEOUT_MS = 5000

t.test('a Cluster of six', { skip: skipWithoutRedis }, async (t) => {
  const startedAt = performance.now()
  const cluster = await startCluster()
  t.teardown(() => cluster.stop())
  t.comment(`started in ${Math.round(performance.now() - startedAt)} ms`)
  // A client that reads from replicas, and retries commands: the store must do neither.
  const redis = new Cluster(
    cluster.ports.map((port) => ({ host: '127.0.0.1', port })),
    { scaleReads: 'slave', clusterNodeRetryStrategy: () => 10, lazyConnect: true, enableOfflineQueue: false }
  )
  t.teardown(() => redis.disconnect())

  const openStore = (t: Test, commandTimeoutMs = 250) => {
    const store = createRedisLoginStore({ redis, commandTimeoutMs })
    t.teardown(() => store.close())
    return store
  }

  await t.test('the contract of LoginStore', (t) => checkStoreContract(t, redis))

  await t.test('two nodes', (t) => checkTwoNodes(t, redis))

  await t.test('the first calls, before there is a connection', async (t) => {
    const store = openStore(t, LONG_TIMEOUT_MS)
    const found = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => store.find(id.repeat(28))))
    t.ok(found.every((login) => login === null))
  })

  await t.test('S21: topics are in any slot', async (t) => {
    const [one, other] = [openStore(t, LONG_TIMEOUT_MS), openStore(t, LONG_TIMEOUT_MS)]
    for (let topic = 0; topic < 20; topic++) {
      await one.announce?.(`topic ${topic} {a}`, 'a', 180)
      t.same(new Set(await other.announce?.(`topic ${topic} {a}`, 'b', 180)), new Set(['a', 'b']))
    }
  })

  await t.test('no replica was asked for anything', async (t) => {
    const replicas = await replicasOf(cluster)
    t.equal(replicas.length, 3)
    for (const { port } of replicas) {
      t.notMatch(
        await runCommand(port, (client) => client.info('commandstats')),
        /cmdstat_(get|eval|evalsha)/
      )
    }
  })

  await t.test('while slots move to another master, no call fails', async (t) => {
    const store = openStore(t, LONG_TIMEOUT_MS)
    const logins = await insertLogins(store, 300)
    const load = new BackgroundLoad().start(store, logins, { workers: 30, pauseMs: 0 })
    t.teardown(() => load.stop())
    const [from, to] = [await cluster.masterFor('{b}'), await cluster.masterFor('{a}')]
    const moved = await moveSlots(from, to, logins)
    await load.stop()
    load.report(t)
    t.ok(moved > 0, `${moved} keys were moved`)
    t.same([...load.missing], [])
    t.same(Object.fromEntries(load.failures), {})
  })

  await t.test('a master is killed, and its replica takes over', async (t) => {
    const store = openStore(t)
    const logins = await insertLogins(store, 100)
    await replicated(cluster)
    const load = new BackgroundLoad().start(store, logins)
    t.teardown(() => load.stop())
    const master = await cluster.masterFor(hashTagFrom(logins[0] as Login))
    const lostAt = performance.now()
    await master.kill()
    await t.rejects(store.find((logins[0] as Login).id))
    await recovers(t, store, logins, lostAt)
    await load.stop()
    load.report(t)
    t.same([...load.missing], [], 'what the replica had is still stored')
    await master.restart()
    await cluster.waitUntilReady()
  })

  await t.test('a master hangs, and its replica takes over', async (t) => {
    const store = openStore(t)
    const logins = await insertLogins(store, 100)
    await replicated(cluster)
    const load = new BackgroundLoad().start(store, logins)
    t.teardown(() => load.stop())
    const master = await cluster.masterFor(hashTagFrom(logins[0] as Login))
    const lostAt = performance.now()
    master.freeze()
    t.teardown(() => master.resume())
    await t.rejects(store.find((logins[0] as Login).id), /did not reply to find within 250 ms/)
    await recovers(t, store, logins, lostAt)
    await load.stop()
    load.report(t)
    t.same([...load.missing], [], 'what the replica had is still stored')
    master.resume()
    await cluster.waitUntilReady()
  })

  await t.test('all masters are gone: every call rejects in time', async (t) => {
    const store = openStore(t)
    await waitFor(RECOVERY_MS, 'the store', () => isResponding(store))
    for (const node of cluster.nodes) node.freeze()
    const startedAt = performance.now()
    const ids = Array.from({ length: 50 }, (_, at) => `${at}`.padStart(28, 'x'))
    const results = await Promise.allSettled(ids.map((id) => store.find(id)))
    t.ok(results.every(({ status }) => status === 'rejected'))
    t.ok(performance.now() - startedAt < 2500)
    for (const node of cluster.nodes) node.resume()
    await waitFor(RECOVERY_MS, 'the recovery', () => isResponding(store))
  })
})

const hashTagFrom = ({ id }: Login) => `{${id.slice(0, 5)}}`

async function replicasOf(cluster: RedisCluster): Promise<RedisProcess[]> {
  const isReplica = (port: number) =>
    runCommand(port, async (client) => (await client.info('replication')).includes('role:slave'))
  const roles = await Promise.all(cluster.ports.map(isReplica))
  return cluster.nodes.filter((_, at) => roles[at])
}

/** Resolves when every replica has all that its master has now. */
async function replicated(cluster: RedisCluster): Promise<void> {
  const replicas = await replicasOf(cluster)
  const masters = cluster.nodes.filter((node) => !replicas.includes(node))
  /** Port of a master → its replication offset, or that of its replica. */
  const offsets = async (nodes: readonly RedisProcess[]) =>
    new Map(
      await Promise.all(
        nodes.map(async ({ port }) => {
          const info = await runCommand(port, (client) => client.info('replication'))
          const number = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? port)
          return [number('master_port'), number('master_repl_offset')] as const
        })
      )
    )
  const reached = await offsets(masters)
  await waitFor(RECOVERY_MS, 'the replicas', async () => {
    const found = await offsets(replicas)
    return [...reached].every(([port, offset]) => (found.get(port) ?? -1) >= offset)
  })
}

/** As `redis-cli --cluster reshard` does. @returns how many keys were moved. */
async function moveSlots(from: RedisProcess, to: RedisProcess, logins: readonly Login[]): Promise<number> {
  let moved = 0
  await runCommand(from.port, (source) =>
    runCommand(to.port, async (target) => {
      const [sourceId, targetId] = await Promise.all([source, target].map((node) => node.cluster('MYID')))
      const ranges = await source.cluster('SLOTS')
      const [first, last] = ranges.find(([, , owner]) => owner?.[1] === from.port) as (typeof ranges)[0]
      const ofLogins = await Promise.all(logins.map((login) => source.cluster('KEYSLOT', hashTagFrom(login))))
      // Slots with logins first: among as many others there may be none with a key.
      const slots = new Set(ofLogins.filter((slot) => first <= slot && slot <= last))
      for (let slot = first; slots.size < MOVED_SLOTS; slot++) slots.add(slot)
      for (const slot of slots) {
        await target.cluster('SETSLOT', slot, 'IMPORTING', sourceId as string)
        await source.cluster('SETSLOT', slot, 'MIGRATING', targetId as string)
        const keys = await source.cluster('GETKEYSINSLOT', slot, 1000)
        if (keys.length > 0) await source.migrate('127.0.0.1', to.port, '', 0, 5000, 'KEYS', ...keys)
        moved += keys.length
        for (const node of [target, source]) await node.cluster('SETSLOT', slot, 'NODE', targetId as string)
      }
    })
  )
  return moved
}

async function recovers(
  t: Test,
  store: RedisLoginStore,
  logins: readonly Login[],
  lostAt: number
): Promise<void> {
  const respond = async () => {
    const all = await Promise.all(logins.map(({ id }) => isResponding(store, id)))
    return all.every((isOne) => isOne)
  }
  await waitFor(RECOVERY_MS, 'the recovery', respond)
  t.comment(`recovered after ${Math.round(performance.now() - lostAt)} ms`)
}
