import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RedisProcess, startRedis, runCommand, waitFor } from '../servers/redis.ts'
import { TcpProxy } from '../servers/tcp-proxy.ts'

/** The addresses of the servers of a feed, as they can be sent to another process. */
export interface FeedServers {
  readonly ports?: readonly number[]
  readonly sentinels?: ReadonlyArray<{ readonly host: string; readonly port: number }>
  readonly clusterPorts?: readonly number[]
}

/** The nodes that a scenario can stop and resume. */
export interface Away {
  stop(): void
  resume(): void
}

/** A scenario whose servers are running. */
export interface PreparedScenario {
  readonly servers: FeedServers
  readonly inject: (node: Away) => Promise<unknown>
  stop(): Promise<unknown>
}

/** A fault of the servers or nodes of a feed. */
export interface FaultScenario {
  readonly name: string
  /** What the server has lost afterwards. `newest`: the entries of the last moments. */
  readonly loses: 'nothing' | 'newest' | 'everything'
  /** The server is down for longer than any node serves without it. */
  readonly exceedsMaxStaleness?: true
  /** The naive feed fails every scenario except those with a reason why it passes. */
  readonly naivePassesBecause?: string
  /** See `checkBound`. */
  readonly trimsLog?: true
  /** Starts the servers. @param log the key of the log, for faults of that key alone. @param more options of each server. */
  prepare(log?: string, more?: readonly string[]): Promise<PreparedScenario>
}

const LOG = 'test:{a}:feed'
const REPLICATION_TIMEOUT_MS = 30_000
/** Nothing that was acknowledged is lost by a kill -9. */
const AOF_ALWAYS = ['--appendonly', 'yes', '--appendfsync', 'always']
/** Written at once, never waiting for the disk: a power loss takes exactly what a test cuts off. */
const AOF = ['--appendonly', 'yes', '--appendfsync', 'no']

/** A scenario with one server. */
function onOneServer(
  args: readonly string[],
  inject: (server: RedisProcess, node: Away, log: string) => Promise<unknown>
): FaultScenario['prepare'] {
  return async (log = LOG, more = []) => {
    const server = await startRedis(...args, ...more)
    return {
      servers: { ports: [server.port] },
      inject: (node) => inject(server, node, log),
      stop: () => server.stop()
    }
  }
}

/** A scenario with three servers, each with a log; a fault hits one of them at a time. */
function onThreeServers(
  args: readonly string[],
  inject: (servers: readonly RedisProcess[], node: Away) => Promise<unknown>
): FaultScenario['prepare'] {
  return async () => {
    const servers = await Promise.all([startRedis(...args), startRedis(...args), startRedis(...args)])
    return {
      servers: { ports: servers.map(({ port }) => port) },
      inject: (node) => inject(servers, node),
      stop: () => Promise.all(servers.map((server) => server.stop()))
    }
  }
}

const onSecondServer =
  (action: (server: RedisProcess, away: Away) => Promise<unknown>) =>
  (servers: readonly RedisProcess[], node: Away) =>
    action(servers[1] as RedisProcess, node)

/** The server is killed while a node is stopped, and restarts with what it has stored. */
async function crashAndRestart(server: RedisProcess, node: Away, meanwhile = async () => {}): Promise<void> {
  node.stop()
  await sleep(500)
  await server.kill()
  await meanwhile()
  await sleep(200)
  await server.restart()
  await sleep(400)
  node.resume()
  await sleep(500)
}

async function freezeServer(server: RedisProcess): Promise<void> {
  server.freeze()
  await sleep(2500)
  server.resume()
  await sleep(800)
}

/** Loses what was not yet on the disk. */
async function losePower(server: RedisProcess, node: Away): Promise<void> {
  const file = aofPath(server)
  const { size } = statSync(file)
  await crashAndRestart(server, node, async () => truncateSync(file, size))
}

function aofPath({ folder }: RedisProcess): string {
  const inner = join(folder, 'appendonlydir')
  const name = readdirSync(inner).find((file) => file.endsWith('.incr.aof'))
  return join(inner, name as string)
}

/**
 * A replica that stopped following replaces its master. Ids of the old master that are ahead look the same as
 * a clock of the new one that is behind.
 */
function promoteReplica(clockBehindMs: number): FaultScenario['prepare'] {
  return async (log = LOG, more = []) => {
    const master = await startRedis(...more)
    const replica = await startRedis('--replicaof', `127.0.0.1 ${master.port}`, ...more)
    await waitFor(REPLICATION_TIMEOUT_MS, 'the replica following', () => isReplicating(master))
    const proxy = await TcpProxy.start(master.port)
    return {
      servers: { ports: [proxy.port] },
      inject: async (node) => {
        node.stop()
        await runCommand(replica.port, (client) => client.replicaof('NO', 'ONE'))
        if (clockBehindMs > 0) await advanceLastId(master, log, clockBehindMs)
        await sleep(450)
        proxy.switchTo(replica.port)
        await master.kill()
        await sleep(300)
        node.resume()
        await sleep(1200)
      },
      stop: async () => {
        proxy.close()
        await Promise.all([master.stop(), replica.stop()])
      }
    }
  }
}

/**
 * Checked by a write: a replica considers itself up to date, and so does its master, a second before anything
 * is replicated.
 */
function isReplicating({ port }: RedisProcess): Promise<boolean> {
  return runCommand(port, async (client) => {
    await client.set('test:is-followed', '')
    return (await client.wait(1, 1000)) === 1
  })
}

async function advanceLastId({ port }: RedisProcess, log: string, ms: number): Promise<void> {
  await runCommand(port, (client) => client.call('XSETID', log, `${Date.now() + ms}-0`))
}

async function repeat(times: number, everyMs: number, action: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < times; time++) {
    await action()
    await sleep(everyMs)
  }
}

/** Faults of a feed with one log. */
export const singleScenarios: readonly FaultScenario[] = [
  {
    name: 'nothing happens',
    loses: 'nothing',
    naivePassesBecause: 'a log that loses nothing can be read from any id on',
    prepare: onOneServer([], () => sleep(1000))
  },
  {
    name: 'connections are cut, ten times',
    loses: 'nothing',
    naivePassesBecause: 'the log is complete, and the node is connected again within the bound',
    prepare: onOneServer([], ({ port }) =>
      repeat(10, 100, () => runCommand(port, (client) => client.call('CLIENT', 'KILL', 'TYPE', 'normal')))
    )
  },
  {
    name: 'killed, and restarted with nothing',
    loses: 'everything',
    prepare: onOneServer([], (server, away) => crashAndRestart(server, away))
  },
  {
    name: 'killed, and restarted with all it had',
    loses: 'nothing',
    prepare: onOneServer(AOF_ALWAYS, (server, away) => crashAndRestart(server, away))
  },
  {
    name: 'power lost: restarted without its newest entries',
    loses: 'newest',
    prepare: onOneServer(AOF, (server, away) => losePower(server, away))
  },
  {
    name: 'FLUSHALL',
    loses: 'everything',
    prepare: onOneServer([], async ({ port }) => {
      await runCommand(port, (client) => client.flushall())
      await sleep(1000)
    })
  },
  {
    name: 'the log is deleted',
    loses: 'nothing',
    prepare: onOneServer([], async ({ port }, _away, log) => {
      await runCommand(port, (client) => client.del(log))
      await sleep(1000)
    })
  },
  {
    name: 'the log is deleted while a node is stopped',
    loses: 'nothing',
    prepare: onOneServer([], async ({ port }, away, log) => {
      away.stop()
      await sleep(300)
      await runCommand(port, (client) => client.del(log))
      await sleep(300)
      away.resume()
      await sleep(800)
    })
  },
  {
    name: 'the log is trimmed to nothing, again and again',
    loses: 'nothing',
    trimsLog: true,
    prepare: onOneServer([], ({ port }, _away, log) =>
      repeat(20, 50, () => runCommand(port, (client) => client.xtrim(log, 'MAXLEN', 0)))
    )
  },
  {
    name: 'the server hangs for 2.5 s',
    loses: 'nothing',
    exceedsMaxStaleness: true,
    naivePassesBecause: 'no log-out is confirmed before its entry can be read',
    prepare: onOneServer([], (server) => freezeServer(server))
  },
  {
    name: 'a node is stopped for 2.5 s',
    loses: 'nothing',
    prepare: onOneServer([], async (_server, away) => {
      away.stop()
      await sleep(2500)
      away.resume()
      await sleep(300)
    })
  },
  { name: 'a replica that lags takes over', loses: 'newest', prepare: promoteReplica(0) },
  {
    name: 'a replica that lags takes over, its clock 2 s behind',
    loses: 'newest',
    prepare: promoteReplica(2000)
  }
]

/** Faults of the logs; logins are stored elsewhere. */
export const quorumScenarios: ReadonlyArray<Omit<FaultScenario, 'loses'>> = [
  { name: 'nothing happens', prepare: onThreeServers([], () => sleep(1000)) },
  {
    name: 'one is killed, and restarted with nothing',
    prepare: onThreeServers([], onSecondServer(crashAndRestart))
  },
  { name: 'one loses power', prepare: onThreeServers(AOF, onSecondServer(losePower)) },
  { name: 'one hangs for 2.5 s', prepare: onThreeServers([], onSecondServer(freezeServer)) },
  {
    name: 'one is wiped',
    prepare: onThreeServers(
      [],
      onSecondServer(async ({ port }, away) => {
        away.stop()
        await sleep(300)
        await runCommand(port, (client) => client.flushall())
        await sleep(300)
        away.resume()
        await sleep(800)
      })
    )
  },
  {
    name: 'each in turn is killed, and restarted with nothing',
    prepare: onThreeServers([], async (servers) => {
      for (const server of servers) {
        await server.kill()
        await sleep(200)
        await server.restart()
        await sleep(2000)
      }
    })
  }
]
