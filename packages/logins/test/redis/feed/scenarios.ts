import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RedisProcess, startRedis, tell, within } from '../start-redis.ts'
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
  /** What the server does not have afterwards: `newest` is what it got in the moments before. */
  readonly loses: 'nothing' | 'newest' | 'everything'
  /** It is away for longer than any node goes on without it. */
  readonly outlastsTheBound?: true
  /** The naive feed fails every row but those with a reason why it does not. */
  readonly naiveBearsItFor?: string
  /** See `checkBound`. */
  readonly isThinnedOut?: true
  /** @param log the key of the log, for what happens to nothing else. */
  prepare(log?: string): Promise<Prepared>
}

const LOG = 'test:{a}:feed'
const FOLLOWS_MS = 30_000
/** Nothing that was answered is lost by a kill -9. */
const AOF_ALWAYS = ['--appendonly', 'yes', '--appendfsync', 'always']
/** Written at once and never waiting for the disk: what a power loss takes is what a test cuts off, and no more. */
const AOF = ['--appendonly', 'yes', '--appendfsync', 'no']

/** On a server of its own. */
function onServer(
  args: readonly string[],
  happens: (server: RedisProcess, away: Away, log: string) => Promise<unknown>
): FaultScenario['prepare'] {
  return async (log = LOG) => {
    const server = await startRedis(...args)
    return {
      servers: { ports: [server.port] },
      happens: (away) => happens(server, away, log),
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
  return async (log = LOG) => {
    const master = await startRedis()
    const replica = await startRedis('--replicaof', `127.0.0.1 ${master.port}`)
    await within(FOLLOWS_MS, 'the replica following', () => isFollowed(master))
    const proxy = await startProxy(master.port)
    return {
      servers: { ports: [proxy.port] },
      happens: async (away) => {
        away.stop()
        await tell(replica.port, (client) => client.replicaof('NO', 'ONE'))
        if (clockBehindMs > 0) await setAhead(master, log, clockBehindMs)
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

/** By a write: a replica takes itself for up to date, and so does its master, a second before anything is sent to it. */
function isFollowed({ port }: RedisProcess): Promise<boolean> {
  return tell(port, async (client) => {
    await client.set('test:is-followed', '')
    return (await client.wait(1, 1000)) === 1
  })
}

async function setAhead({ port }: RedisProcess, log: string, ms: number): Promise<void> {
  await tell(port, (client) => client.call('XSETID', log, `${Date.now() + ms}-0`))
}

async function repeatedly(times: number, everyMs: number, what: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < times; time++) {
    await what()
    await sleep(everyMs)
  }
}

export const singleScenarios: readonly FaultScenario[] = [
  {
    name: 'nothing happens',
    loses: 'nothing',
    naiveBearsItFor: 'a log that loses nothing can be read on from anywhere',
    prepare: onServer([], () => sleep(1000))
  },
  {
    name: 'connections are cut, ten times',
    loses: 'nothing',
    naiveBearsItFor: 'the log is all there, and it is back to it within the bound',
    prepare: onServer([], ({ port }) =>
      repeatedly(10, 100, () => tell(port, (client) => client.call('CLIENT', 'KILL', 'TYPE', 'normal')))
    )
  },
  {
    name: 'killed, and restarted with nothing',
    loses: 'everything',
    prepare: onServer([], (server, away) => dies(server, away))
  },
  {
    name: 'killed, and restarted with all it had',
    loses: 'nothing',
    prepare: onServer(AOF_ALWAYS, (server, away) => dies(server, away))
  },
  {
    name: 'power lost: restarted without its newest entries',
    loses: 'newest',
    prepare: onServer(AOF, (server, away) => losesPower(server, away))
  },
  {
    name: 'FLUSHALL',
    loses: 'everything',
    prepare: onServer([], async ({ port }) => {
      await tell(port, (client) => client.flushall())
      await sleep(1000)
    })
  },
  {
    name: 'the log is deleted',
    loses: 'nothing',
    prepare: onServer([], async ({ port }, _away, log) => {
      await tell(port, (client) => client.del(log))
      await sleep(1000)
    })
  },
  {
    name: 'the log is deleted while a node is stopped',
    loses: 'nothing',
    prepare: onServer([], async ({ port }, away, log) => {
      away.stop()
      await sleep(300)
      await tell(port, (client) => client.del(log))
      await sleep(300)
      away.resume()
      await sleep(800)
    })
  },
  {
    name: 'the log is trimmed to nothing, again and again',
    loses: 'nothing',
    isThinnedOut: true,
    prepare: onServer([], ({ port }, _away, log) =>
      repeatedly(20, 50, () => tell(port, (client) => client.xtrim(log, 'MAXLEN', 0)))
    )
  },
  {
    name: 'the server hangs for 2.5 s',
    loses: 'nothing',
    outlastsTheBound: true,
    naiveBearsItFor: 'no log-out is answered before its entry can be read',
    prepare: onServer([], (server) => hangs(server))
  },
  {
    name: 'a node is stopped for 2.5 s',
    loses: 'nothing',
    prepare: onServer([], async (_server, away) => {
      away.stop()
      await sleep(2500)
      away.resume()
      await sleep(300)
    })
  },
  { name: 'a replica that lags takes over', loses: 'newest', prepare: promotes(0) },
  {
    name: 'a replica that lags takes over, its clock 2 s behind',
    loses: 'newest',
    prepare: promotes(2000)
  }
]

/** Of the logs; logins are kept elsewhere. */
export const quorumScenarios: ReadonlyArray<Omit<FaultScenario, 'loses'>> = [
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
