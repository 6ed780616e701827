import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

const SERVER = '/usr/bin/redis-server'
/** Stops the server with the test that started it, even where that is killed. */
const SETPRIV = '/usr/bin/setpriv'
const START_TIMEOUT_MS = 60_000
const LAST_SLOT = 16_383

/** For `skip` of a test: false where Redis is installed, otherwise what to install. */
export const skipWithoutRedis = existsSync(SERVER)
  ? false
  : 'no redis-server here (apt-get install redis-server)'

/** A Redis server of a test, on a port and in a folder of its own. */
export class RedisProcess {
  readonly port: number
  readonly folder: string
  readonly #args: readonly string[]
  #child: ChildProcess
  #isFrozen = false

  constructor(port: number, folder: string, args: readonly string[]) {
    this.port = port
    this.folder = folder
    this.#args = args
    this.#child = spawnServer(args)
  }

  get child(): ChildProcess {
    return this.#child
  }

  get isUp(): boolean {
    return isRunning(this.#child) && !this.#isFrozen
  }

  /** Resolves when the server that replies on the port is this one. */
  async waitUntilReady(): Promise<void> {
    try {
      await waitFor(START_TIMEOUT_MS, `redis-server on port ${this.port}`, async () => {
        if (!isRunning(this.#child)) throw new Error(`redis-server exited: ${this.logTail()}`)
        return (await this.#respondingPid()) === this.#child.pid
      })
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  /** kill -9: nothing is saved, and clients get no notice. */
  async kill(): Promise<void> {
    await kill(this.#child)
  }

  /** After `kill`, on the same port and in the same folder. */
  async restart(): Promise<void> {
    this.#isFrozen = false
    this.#child = spawnServer(this.#args)
    await this.waitUntilReady()
  }

  /** The server hangs: its port accepts connections, and no reply ever comes. */
  freeze(): void {
    this.#isFrozen = true
    this.#child.kill('SIGSTOP')
  }

  resume(): void {
    this.#isFrozen = false
    this.#child.kill('SIGCONT')
  }

  /** Kills the process by its pid and removes its folder. */
  async stop(): Promise<void> {
    await kill(this.#child)
    rmSync(this.folder, { recursive: true, force: true })
  }

  logTail(): string {
    const log = join(this.folder, 'log')
    return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' / ') : 'no log'
  }

  async #respondingPid(): Promise<number | null> {
    const info = await runCommand(this.port, (client) => client.info('server')).catch(() => '')
    const pid = /process_id:(\d+)/.exec(info)?.[1]
    return pid === undefined ? null : Number(pid)
  }
}

/** A Redis on a free port, in a folder of its own, without persistence unless the arguments say so. */
export async function startRedis(...args: readonly string[]): Promise<RedisProcess> {
  const server = spawnRedis(await freePort(), ...args)
  await server.waitUntilReady()
  return server
}

/** A Cluster of one node: it has slots, rejects commands across two of them, and accepts any client. */
export async function startLoneNode(): Promise<RedisProcess> {
  const server = await startRedis('--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1')
  await runCommand(server.port, async (client) => {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', 0, LAST_SLOT)
    const isReady = async () => (await client.cluster('INFO')).includes('cluster_state:ok')
    await waitFor(START_TIMEOUT_MS, 'the slots', isReady)
  })
  return server
}

/** As `startRedis`, without waiting until it is ready. */
export function spawnRedis(port: number, ...args: readonly string[]): RedisProcess {
  const folder = temporaryFolder()
  const baseArgs = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--logfile',
    join(folder, 'log')
  ]
  const fastArgs = ['--save', '', '--shutdown-timeout', '0', '--repl-diskless-sync-delay', '0']
  return new RedisProcess(port, folder, [...baseArgs, ...fastArgs, ...args])
}

/** A new folder for the data of a server. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'drawbridge-redis-'))
}

function spawnServer(args: readonly string[]): ChildProcess {
  const [program, first] = existsSync(SETPRIV) ? [SETPRIV, ['--pdeathsig', 'KILL', SERVER]] : [SERVER, []]
  return spawn(program, [...first, ...args], { stdio: 'ignore' })
}

async function kill(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exited
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null

/**
 * Outside the ephemeral ports of the system: a client that retries could otherwise connect to its own socket.
 */
const [LOWEST_PORT, PORTS] = [10_000, 12_000]
/** The offset of the bus port, on which a node of a Cluster listens too. */
const BUS_OFFSET = 10_000

/**
 * A port that is free, with its bus port. No other process gets either while this one runs, before its server
 * listens or while that is down.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * PORTS)
    const both = [port, port + BUS_OFFSET] as const
    if (
      (await isFree(both[0])) &&
      (await isFree(both[1])) &&
      (await reserve(both[0])) &&
      (await reserve(both[1]))
    )
      return port
  }
}

/**
 * Reserves a port by the UDP port of the same number, which no server of a test needs, and which the system
 * frees with this process.
 */
function reserve(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').unref()
    socket.once('error', () => resolve(false))
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true))
  })
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** One command, on a connection of its own; rejects where there is no server. */
export async function runCommand<T>(port: number, run: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => null, commandTimeout: 5000 })
  client.on('error', () => {})
  try {
    return await run(client)
  } finally {
    client.disconnect()
  }
}

/** Polls until the condition is true; rejects with `what` when it is not in time. */
export async function waitFor(ms: number, what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + ms
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${ms} ms`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
