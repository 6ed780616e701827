import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Child } from './child.ts'
import { ConfigError } from './config.ts'
import { freePortFrom } from './free-port.ts'

const FIRST_PORT = 7379
const STOP_TIMEOUT_MS = 3000

/** A Redis server started by this program, for trying several nodes without setting one up. */
export interface LocalRedis {
  readonly url: string
  readonly child: Child
  stop(): Promise<void>
}

export async function startLocalRedis(): Promise<LocalRedis> {
  if (!isOnPath('redis-server')) {
    throw new ConfigError([
      'redis-server was not found; install it (apt-get install redis-server, brew install redis) or set REDIS_URL'
    ])
  }
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-cluster-'))
  const port = await freePortFrom(FIRST_PORT)
  // In a process group of its own: Ctrl-C must reach the nodes first, which then write when their logins were last
  // used.
  const child = new Child('redis', 'redis-server', redisArguments(port, folder), { detached: true })
  return {
    url: `redis://127.0.0.1:${port}`,
    child,
    stop: async () => {
      await child.stop(STOP_TIMEOUT_MS)
      await rm(folder, { recursive: true, force: true })
    }
  }
}

function redisArguments(port: number, folder: string): readonly string[] {
  const address = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
  return [...address, '--appendonly', 'yes', '--save', '', '--loglevel', 'warning']
}

function isOnPath(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)))
}
