import { isIPv6 } from 'node:net'
import { extname, resolve } from 'node:path'
import { Child } from './child.ts'
import type { Config } from './config.ts'
import { prepareDataDir } from './data-dir.ts'
import { freePortFrom } from './free-port.ts'
import { type LocalRedis, startLocalRedis } from './local-redis.ts'

/** Longer than a node takes to close by itself. */
const STOP_TIMEOUT_MS = 12_000
/** From source or compiled, as this process runs. */
const SERVER = resolve(import.meta.dirname, `server${extname(import.meta.filename)}`)
const READY_LINE = /Drawbridge is at (http:[^\s"]+)/

/** Several nodes of the service, each a process of this machine, with one Redis and one data folder. */
export class Cluster {
  readonly #print: (line: string) => void
  readonly #nodes: Child[] = []
  #redis: LocalRedis | null = null
  #isStopping = false

  constructor(print: (line: string) => void) {
    this.#print = print
  }

  /**
   * @returns the URLs of the nodes. Node n listens on PORT + n - 1, or on the next free port.
   * @throws where one of them does not start; its own output has been printed by then.
   */
  async start(count: number, config: Config): Promise<readonly string[]> {
    await prepareDataDir(config)
    const redisUrl = config.redis === undefined ? await this.#startRedis() : process.env.REDIS_URL
    const ports = await findPorts(count, config)
    const metrics = await findMetricsPorts(count, config)
    const shared = { REDIS_URL: redisUrl, DATA_DIR: config.dataDir, NODES: describeNodes(ports, config) }
    if (this.#isStopping) return []
    return Promise.all(
      ports.map((port, at) =>
        this.#startNode(at + 1, { ...shared, PORT: String(port), METRICS_PORT: metrics[at] ?? '' })
      )
    )
  }

  async allExited(): Promise<void> {
    await Promise.all(this.#nodes.map(({ exited }) => exited))
  }

  /** Nodes first: they write to Redis until they have exited. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await Promise.all(this.#nodes.map((node) => node.stop(STOP_TIMEOUT_MS)))
    await this.#redis?.stop()
  }

  async #startRedis(): Promise<string> {
    this.#redis = await startLocalRedis()
    const { child, url } = this.#redis
    this.#printOutput(child)
    this.#print(`[redis] ${url}`)
    return url
  }

  #startNode(number: number, env: NodeJS.ProcessEnv): Promise<string> {
    const node = new Child(String(number), process.execPath, [...process.execArgv, SERVER], {
      cwd: resolve(import.meta.dirname, '..'),
      env: { ...process.env, ...env }
    })
    this.#nodes.push(node)
    this.#printOutput(node)
    return new Promise((resolveUrl, reject) => {
      node.onLine((line) => {
        const url = READY_LINE.exec(line)?.[1]
        if (url !== undefined) resolveUrl(url)
      })
      void node.exited.then((reason) => reject(new StartError(number, reason)))
    })
  }

  /** Prints each line of its output with its name in front, and its exit where it was not requested. */
  #printOutput(child: Child): void {
    child.onLine((line) => this.#print(`[${child.name}] ${line}`))
    void child.exited.then((reason) => {
      if (!this.#isStopping) this.#print(`[${child.name}] exited: ${reason}`)
    })
  }
}

/** Likewise for the metrics; none where they are not served. */
async function findMetricsPorts(
  count: number,
  { metricsPort, metricsHost }: Config
): Promise<readonly string[]> {
  if (metricsPort === undefined) return []
  return (await findPorts(count, { port: metricsPort, host: metricsHost })).map(String)
}

/** A port for each node; zero stands for any free port, also for the next node. */
async function findPorts(
  count: number,
  { port: first, host }: Pick<Config, 'port' | 'host'>
): Promise<readonly number[]> {
  const ports: number[] = []
  for (let next = first; ports.length < count; next++) {
    if (first !== 0) next = await freePortFrom(next, host)
    ports.push(first === 0 ? 0 : next)
  }
  return ports
}

/** NODES of each node: their origins, by which the page of one asks another. Empty where the ports are not known yet. */
function describeNodes(ports: readonly number[], { host, port, isProduction }: Config): string {
  if (port === 0 || isProduction) return ''
  return ports.map((each) => new URL(`http://${toConnectable(host)}:${each}`).origin).join(',')
}

/** Nobody can connect to a wildcard address, which stands for all of this machine. */
function toConnectable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return isIPv6(host) ? `[${host === '::' ? '::1' : host}]` : host
}

/** The node itself has printed the cause. */
class StartError extends Error {
  constructor(number: number, reason: string) {
    super(`node ${number} did not start: ${reason}`)
    this.stack = this.message
  }
}
