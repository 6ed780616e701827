import { resolve } from 'node:path'
import { Child } from './child.ts'
import type { Config } from './config.ts'
import { prepareDataDir } from './data-dir.ts'
import { freePortFrom } from './free-port.ts'
import { type LocalRedis, startLocalRedis } from './local-redis.ts'

/** Longer than a node takes to end by itself. */
const STOP_TIMEOUT_MS = 12_000
const READY_LINE = /Drawbridge is at (http:[^\s"]+)/

/** Several nodes of the service as processes of this machine, with one Redis and one data folder. */
export class Cluster {
  readonly #print: (line: string) => void
  readonly #nodes: Child[] = []
  #redis: LocalRedis | null = null
  #isStopping = false

  constructor(print: (line: string) => void) {
    this.#print = print
  }

  /**
   * @returns where the nodes listen, each at PORT and the place that it has, or at the next port that is free.
   * @throws where one of them does not start; what it had to say has been printed by then.
   */
  async start(count: number, config: Config): Promise<readonly string[]> {
    await prepareDataDir(config)
    const redisUrl = config.redis === undefined ? await this.#startRedis() : process.env.REDIS_URL
    const urls: Array<Promise<string>> = []
    let port = config.port
    for (let number = 1; number <= count; number++) {
      if (this.#isStopping) break
      // Zero stands for any: the next one is any too.
      if (config.port !== 0) port = await freePortFrom(port, config.host)
      urls.push(this.#startNode(number, port, redisUrl, config))
      if (config.port !== 0) port += 1
    }
    return Promise.all(urls)
  }

  async allExited(): Promise<void> {
    await Promise.all(this.#nodes.map(({ exited }) => exited))
  }

  /** Nodes first, then the Redis that they write to until they are gone. */
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

  #startNode(
    number: number,
    port: number,
    redisUrl: string | undefined,
    { dataDir }: Config
  ): Promise<string> {
    const node = new Child(String(number), process.execPath, ['--import', 'tsx', 'src/server.ts'], {
      cwd: resolve(import.meta.dirname, '..'),
      env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, REDIS_URL: redisUrl }
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

  /** Its lines, with its name in front; and its end, where nobody asked for that. */
  #printOutput(child: Child): void {
    child.onLine((line) => this.#print(`[${child.name}] ${line}`))
    void child.exited.then((reason) => {
      if (!this.#isStopping) this.#print(`[${child.name}] is gone: ${reason}`)
    })
  }
}

/** What went wrong was printed by the node. */
class StartError extends Error {
  constructor(number: number, reason: string) {
    super(`node ${number} did not start: ${reason}`)
    this.stack = this.message
  }
}
