import { type RedisProcess, freePort, spawnRedis, runCommand, waitFor } from './redis.ts'

const MASTERS = 3
const NODES = 2 * MASTERS
const SLOTS = 16_384
/** How long a node must be silent before the others consider it failed, ms. */
const NODE_TIMEOUT_MS = 2000
/** Patience alone: on a machine that is busy an election may have to be repeated, each time after eight seconds. */
const TIMEOUT_MS = 60_000

/** A Cluster of three masters and a replica of each. */
export class RedisCluster {
  readonly nodes: readonly RedisProcess[]

  constructor(nodes: readonly RedisProcess[]) {
    this.nodes = nodes
  }

  get ports(): readonly number[] {
    return this.nodes.map(({ port }) => port)
  }

  /** The master of a key, by the nodes that are up. */
  async masterFor(key: string): Promise<RedisProcess> {
    return (await this.#ownersFor(key))[0] as RedisProcess
  }

  /** The replica of that master. */
  async replicaFor(key: string): Promise<RedisProcess> {
    return (await this.#ownersFor(key))[1] as RedisProcess
  }

  /**
   * Resolves when every node that is up sees all slots served, and every replica has caught up with its
   * master.
   */
  async waitUntilReady(): Promise<void> {
    const running = this.nodes.filter(({ isUp }) => isUp)
    for (const node of running) {
      const { port } = node
      try {
        await waitFor(TIMEOUT_MS, `node ${port} of the Cluster`, () => isReady(port, running.length))
      } catch (cause) {
        throw new Error(`node ${port} of the Cluster is not ready: ${node.logTail()}`, { cause })
      }
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()))
  }

  async #ownersFor(key: string): Promise<RedisProcess[]> {
    const runningNode = this.nodes.find(({ isUp }) => isUp) as RedisProcess
    return runCommand(runningNode.port, async (client) => {
      const slot = await client.cluster('KEYSLOT', key)
      const ranges = await client.cluster('SLOTS')
      const [, , ...owners] = ranges.find(([from, to]) => from <= slot && slot <= to) as (typeof ranges)[0]
      return owners.map(([, port]) => this.nodes.find((node) => node.port === port) as RedisProcess)
    })
  }
}

/** Starts a Cluster. Takes about three seconds; for two of them a new master takes no writes. */
export async function startCluster(...args: readonly string[]): Promise<RedisCluster> {
  const own = ['--cluster-enabled', 'yes', '--cluster-node-timeout', String(NODE_TIMEOUT_MS)]
  // A replica counts from the first message of its master, which is a ping if nothing is written.
  const quick = ['--repl-ping-replica-period', '1']
  const nodes: RedisProcess[] = []
  const cluster = new RedisCluster(nodes)
  try {
    for (let created = 0; created < NODES; created++)
      nodes.push(spawnRedis(await freePort(), ...own, ...quick, ...args))
    await Promise.all(nodes.map((node) => node.waitUntilReady()))
    await formCluster(cluster.ports)
    await cluster.waitUntilReady()
    return cluster
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

/** As `redis-cli --cluster create` does, in less time. */
async function formCluster(ports: readonly number[]): Promise<void> {
  const masters = ports.slice(0, MASTERS)
  const ids = await Promise.all(masters.map(assignSlots))
  await Promise.all(ports.slice(1).map((port) => meet(port, ports[0] as number)))
  await Promise.all(ports.slice(MASTERS).map((port, at) => follow(port, ids[at] as string)))
}

/** @returns the id of the master. */
function assignSlots(port: number, at: number): Promise<string> {
  const [from, to] = [at, at + 1].map((edge) => Math.floor((edge * SLOTS) / MASTERS)) as [number, number]
  return runCommand(port, async (client) => {
    await client.cluster('SET-CONFIG-EPOCH', at + 1)
    await client.call('CLUSTER', 'ADDSLOTSRANGE', from, to - 1)
    return (await client.call('CLUSTER', 'MYID')) as string
  })
}

function meet(port: number, other: number): Promise<unknown> {
  return runCommand(port, (client) => client.cluster('MEET', '127.0.0.1', other))
}

/** A node cannot follow a master that it does not know yet. */
function follow(port: number, master: string): Promise<void> {
  const tryReplicate = () =>
    runCommand(port, (client) => client.cluster('REPLICATE', master)).then(
      () => true,
      () => false
    )
  return waitFor(TIMEOUT_MS, `node ${port} following its master`, tryReplicate)
}

function isReady(port: number, runningCount: number): Promise<boolean> {
  const ready = runCommand(port, async (client) => {
    const info = `${await client.cluster('INFO')}${await client.info('replication')}`
    const slots = await client.cluster('SLOTS')
    const serving = new Set(slots.flatMap(([, , ...owners]) => owners.map(([, port]) => port)))
    const isLinked = !info.includes('role:slave') || info.includes('master_link_status:up')
    return info.includes('cluster_state:ok') && isLinked && serving.size === runningCount
  })
  return ready.catch(() => false)
}
