import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RedisProcess, startRedis, tell } from '../start-redis.ts'
import type { Away } from './oracle.ts'
import { startProxy } from './proxy.ts'
import type { Servers } from './servers.ts'

export interface Prepared {
  readonly servers: Servers
  readonly happens: (away: Away) => Promise<unknown>
  stop(): Promise<unknown>
}

/** Something that happens to a feed. */
export interface FaultScenario {
  readonly name: string
  /** The naive feed must fail it. */
  readonly isTooMuchForNaive?: true
  /** See `checkBound`. */
  readonly isThinnedOut?: true
  prepare(): Promise<Prepared>
}

const STREAMS = ['test:{a}:feed', 'test:naive']
const AOF = ['--appendonly', 'yes', '--appendfsync', 'everysec']

/** On a server of its own. */
function onServer(
  args: readonly string[],
  happens: (server: RedisProcess, away: Away) => Promise<unknown>
): FaultScenario['prepare'] {
  return async () => {
    const server = await startRedis(...args)
    return {
      servers: { ports: [server.port] },
      happens: (away) => happens(server, away),
      stop: () => server.stop()
    }
  }
}

/** Three servers, each with a log; what happens to the first of them happens to no other at that time. */
function onThree(
  args: readonly string[],
  happens: (servers: readonly RedisProcess[], away: Away) => Promise<unknown>
): FaultScenario['prepare'] {
  return async () => {
    const servers = await Promise.all([startRedis(...args), startRedis(...args), startRedis(...args)])
    return {
      servers: { ports: servers.map(({ port }) => port) },
      happens: (away) => happens(servers, away),
      stop: () => Promise.all(servers.map((server) => server.stop()))
    }
  }
}

const toOne =
  (what: (server: RedisProcess, away: Away) => Promise<unknown>) =>
  (servers: readonly RedisProcess[], away: Away) =>
    what(servers[1] as RedisProcess, away)

/** The server dies while a node is stopped, and comes back with what it has kept. */
async function dies(server: RedisProcess, away: Away, meanwhile = async () => {}): Promise<void> {
  away.stop()
  await sleep(500)
  await server.kill()
  await meanwhile()
  await sleep(200)
  await server.restart()
  await sleep(400)
  away.resume()
  await sleep(500)
}

async function hangs(server: RedisProcess): Promise<void> {
  server.freeze()
  await sleep(2500)
  server.resume()
  await sleep(800)
}

/** What was not yet on the disk at a power loss. */
async function losesPower(server: RedisProcess, away: Away): Promise<void> {
  const file = aofOf(server)
  const { size } = statSync(file)
  await dies(server, away, async () => truncateSync(file, size))
}

function aofOf({ folder }: RedisProcess): string {
  const inner = join(folder, 'appendonlydir')
  const name = readdirSync(inner).find((file) => file.endsWith('.incr.aof'))
  return join(inner, name as string)
}

/**
 * A replica that stopped to follow takes the place of its master. Ids of the old master that are ahead are what a
 * clock of the new one that is behind looks like.
 */
function promotes(clockBehindMs: number): FaultScenario['prepare'] {
  return async () => {
    const master = await startRedis()
    const replica = await startRedis('--replicaof', `127.0.0.1 ${master.port}`)
    const proxy = await startProxy(master.port)
    return {
      servers: { ports: [proxy.port] },
      happens: async (away) => {
        away.stop()
        await tell(replica.port, (client) => client.replicaof('NO', 'ONE'))
        if (clockBehindMs > 0) await setAhead(master, clockBehindMs)
        await sleep(450)
        proxy.switchTo(replica.port)
        await master.kill()
        await sleep(300)
        away.resume()
        await sleep(1200)
      },
      stop: async () => {
        proxy.close()
        await Promise.all([master.stop(), replica.stop()])
      }
    }
  }
}

async function setAhead({ port }: RedisProcess, ms: number): Promise<void> {
  await tell(port, async (client) => {
    for (const stream of STREAMS) await client.call('XSETID', stream, `${Date.now() + ms}-0`).catch(() => {})
  })
}

async function repeatedly(times: number, everyMs: number, what: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < times; time++) {
    await what()
    await sleep(everyMs)
  }
}

export const singleScenarios: readonly FaultScenario[] = [
  { name: 'nothing happens', prepare: onServer([], () => sleep(1000)) },
  {
    name: 'connections are cut, ten times',
    prepare: onServer([], ({ port }) =>
      repeatedly(10, 100, () => tell(port, (client) => client.call('CLIENT', 'KILL', 'TYPE', 'normal')))
    )
  },
  {
    name: 'killed, and restarted with nothing',
    isTooMuchForNaive: true,
    prepare: onServer([], dies)
  },
  { name: 'killed, and restarted with all it had', prepare: onServer(AOF, dies) },
  {
    name: 'power lost: restarted without its newest entries',
    isTooMuchForNaive: true,
    prepare: onServer(AOF, losesPower)
  },
  {
    name: 'FLUSHALL',
    prepare: onServer([], async ({ port }) => {
      await tell(port, (client) => client.flushall())
      await sleep(1000)
    })
  },
  {
    name: 'the log is deleted',
    prepare: onServer([], async ({ port }) => {
      await tell(port, (client) => client.del(...STREAMS))
      await sleep(1000)
    })
  },
  {
    name: 'the log is deleted while a node is stopped',
    prepare: onServer([], async ({ port }, away) => {
      away.stop()
      await sleep(300)
      await tell(port, (client) => client.del(...STREAMS))
      await sleep(300)
      away.resume()
      await sleep(800)
    })
  },
  {
    name: 'the log is trimmed to nothing, again and again',
    isThinnedOut: true,
    prepare: onServer([], ({ port }) =>
      repeatedly(20, 50, () =>
        tell(port, async (client) => {
          for (const stream of STREAMS) await client.xtrim(stream, 'MAXLEN', 0)
        })
      )
    )
  },
  {
    name: 'the server hangs for 2.5 s',
    prepare: onServer([], hangs)
  },
  {
    name: 'a node is stopped for 2.5 s',
    prepare: onServer([], async (_server, away) => {
      away.stop()
      await sleep(2500)
      away.resume()
      await sleep(300)
    })
  },
  { name: 'a replica that lags takes over', prepare: promotes(0) },
  {
    name: 'a replica that lags takes over, its clock 2 s behind',
    isTooMuchForNaive: true,
    prepare: promotes(2000)
  }
]

export const quorumScenarios: readonly FaultScenario[] = [
  { name: 'nothing happens', prepare: onThree([], () => sleep(1000)) },
  { name: 'one is killed, and restarted with nothing', prepare: onThree([], toOne(dies)) },
  { name: 'one loses power', prepare: onThree(AOF, toOne(losesPower)) },
  { name: 'one hangs for 2.5 s', prepare: onThree([], toOne(hangs)) },
  {
    name: 'one is wiped',
    prepare: onThree(
      [],
      toOne(async ({ port }, away) => {
        away.stop()
        await sleep(300)
        await tell(port, (client) => client.flushall())
        await sleep(300)
        away.resume()
        await sleep(800)
      })
    )
  },
  {
    name: 'each in turn is killed, and restarted with nothing',
    prepare: onThree([], async (servers) => {
      for (const server of servers) {
        await server.kill()
        await sleep(200)
        await server.restart()
        await sleep(2000)
      }
    })
  }
]
