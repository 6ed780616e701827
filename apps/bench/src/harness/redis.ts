import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { Redis } from 'ioredis'
import { isOnPath } from './on-path.ts'
import { pinned } from './cores.ts'

const MAX_RETRIES = 100
const RETRY_DELAY_MS = 50

/** A Redis for this run only. */
export interface LocalRedis {
  readonly url: string
  readonly client: Redis
  stop(): Promise<void>
}

/** Undefined where redis-server is not installed. */
export async function startRedis(folder: string): Promise<LocalRedis | undefined> {
  if (!isOnPath('redis-server')) return undefined
  const port = await freePort()
  const address = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
  const settings = ['--save', '', '--appendonly', 'no', '--loglevel', 'warning']
  const [command, ...args] = pinned('load', 'redis-server', ...address, ...settings)
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const client = new Redis({
    port,
    host: '127.0.0.1',
    retryStrategy: () => RETRY_DELAY_MS,
    maxRetriesPerRequest: MAX_RETRIES
  })
  client.on('error', () => {})
  await client.ping()
  return { url: `redis://127.0.0.1:${port}`, client, stop: () => stop(child, client) }
}

/** Bytes. */
export async function readUsedMemory(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
}

/** User and system time since its start, µs. */
export async function readCpuMicros(redis: Redis): Promise<number> {
  const info = await redis.info('cpu')
  const seconds = (kind: string) => Number(new RegExp(`^used_cpu_${kind}:([\\d.]+)`, 'm').exec(info)?.[1])
  return (seconds('user') + seconds('sys')) * 1_000_000
}

async function stop(child: ChildProcess, client: Redis): Promise<void> {
  client.disconnect()
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
