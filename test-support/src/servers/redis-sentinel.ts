import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  freePort,
  RedisProcess,
  spawnRedis,
  startRedis,
  runCommand,
  temporaryFolder,
  waitFor
} from './redis.ts'

const NAME = 'main'
const SENTINELS = 3
const QUORUM = 2
/** How long the primary must be silent before the sentinels consider it failed, ms. */
const DOWN_AFTER_MS = 1000
const FAILOVER_TIMEOUT_MS = 3000
const TIMEOUT_MS = 30_000

/** A primary and a replica, watched by three sentinels. */
export class RedisSentinel {
  readonly name = NAME
  readonly servers: readonly RedisProcess[]
  readonly sentinelProcesses: readonly RedisProcess[]

  constructor(servers: readonly RedisProcess[], sentinels: readonly RedisProcess[]) {
    this.servers = servers
    this.sentinelProcesses = sentinels
  }

  /** The addresses of the sentinels, as ioredis takes them. */
  get sentinels(): Array<{ host: string; port: number }> {
    return this.sentinelProcesses.map(({ port }) => ({ host: '127.0.0.1', port }))
  }

  /** The primary, by a sentinel that is up. */
  async primary(): Promise<RedisProcess> {
    const port = await primaryPort(this.#runningSentinel.port)
    return this.servers.find((server) => server.port === port) as RedisProcess
  }

  async replica(): Promise<RedisProcess> {
    const primary = await this.primary()
    return this.servers.find((server) => server !== primary) as RedisProcess
  }

  /** Promotes the replica. Resolves when every sentinel reports it. */
  async failover(): Promise<void> {
    const before = await this.primary()
    await runCommand(this.#runningSentinel.port, (client) => client.call('SENTINEL', 'FAILOVER', NAME))
    await this.waitUntilReplaced(before)
  }

  /** Resolves when every sentinel reports another primary than this one. */
  async waitUntilReplaced(before: RedisProcess): Promise<void> {
    const running = this.sentinelProcesses.filter(({ isUp }) => isUp)
    const names = () => Promise.all(running.map(({ port }) => primaryPort(port)))
    await waitFor(TIMEOUT_MS, 'a new primary', async () => !(await names()).includes(before.port))
  }

  async stop(): Promise<void> {
    await Promise.all([...this.sentinelProcesses, ...this.servers].map((process) => process.stop()))
  }

  get #runningSentinel(): RedisProcess {
    return this.sentinelProcesses.find(({ isUp }) => isUp) as RedisProcess
  }
}

/**
 * Starts servers and sentinels. Takes about three seconds: the sentinels find each other by messages on the
 * primary every two.
 */
export async function startSentinel(...args: readonly string[]): Promise<RedisSentinel> {
  const servers: RedisProcess[] = []
  const sentinelServers: RedisProcess[] = []
  const started = new RedisSentinel(servers, sentinelServers)
  try {
    const primary = await startRedis(...args)
    servers.push(primary)
    const replica = spawnRedis(await freePort(), '--replicaof', `127.0.0.1 ${primary.port}`, ...args)
    servers.push(replica)
    await replica.waitUntilReady()
    await waitFor(TIMEOUT_MS, 'the replica following', () => isFollowing(replica.port))
    for (let made = 0; made < SENTINELS; made++)
      sentinelServers.push(spawnSentinel(await freePort(), primary.port))
    await Promise.all(sentinelServers.map((sentinel) => sentinel.waitUntilReady()))
    await Promise.all(
      sentinelServers.map(({ port }) => waitFor(TIMEOUT_MS, 'sentinels', () => knowsAll(port)))
    )
    return started
  } catch (error) {
    await started.stop()
    throw error
  }
}

/**
 * A sentinel that watches a primary. @param configEpoch of the failover by which that server became the
 * primary, as this sentinel knows it.
 */
export function spawnSentinel(port: number, primaryPort: number, configEpoch = 0): RedisProcess {
  const folder = temporaryFolder()
  const file = join(folder, 'sentinel.conf')
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `logfile ${join(folder, 'log')}`,
    `sentinel monitor ${NAME} 127.0.0.1 ${primaryPort} ${QUORUM}`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} ${FAILOVER_TIMEOUT_MS}`,
    `sentinel config-epoch ${NAME} ${configEpoch}`
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  return new RedisProcess(port, folder, [file, '--sentinel'])
}

function primaryPort(sentinelPort: number): Promise<number> {
  return runCommand(sentinelPort, async (client) => {
    const [, port] = (await client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME)) as [string, string]
    return Number(port)
  })
}

async function isFollowing(port: number): Promise<boolean> {
  const info = await runCommand(port, (client) => client.info('replication')).catch(() => '')
  return info.includes('master_link_status:up')
}

/** Whether this sentinel knows the replica and all other sentinels. */
async function knowsAll(port: number): Promise<boolean> {
  const info = await runCommand(port, (client) => client.info('sentinel'))
  return info.includes(`status=ok`) && info.includes(`slaves=1,sentinels=${SENTINELS}`)
}
