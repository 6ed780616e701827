import { resolve } from 'node:path'
import { Child } from './child.ts'
import type { Config } from './config.ts'
import { makeDataDir } from './data-dir.ts'
import { freePortFrom } from './free-port.ts'
import { type OwnRedis, startOwnRedis } from './own-redis.ts'

/** Longer than a node takes to end by itself. */
const END_MS = 12_000
const READY = /Drawbridge is at (http:[^\s"]+)/

/** Several nodes of the service as processes of this machine, with one Redis and one data folder. */
export class Cluster {
  readonly #print: (line: string) => void
  readonly #nodes: Child[] = []
  #redis: OwnRedis | null = null
  #isEnding = false

  constructor(print: (line: string) => void) {
    this.#print = print
  }

  /**
   * @returns where the nodes listen, each at PORT and the place that it has, or at the next port that is free.
   * @throws where one of them does not start; what it had to say has been printed by then.
   */
  async start(count: number, config: Config): Promise<readonly string[]> {
    await makeDataDir(config)
    const redisUrl = config.redis === undefined ? await this.#startRedis() : process.env.REDIS_URL
    const urls: Array<Promise<string>> = []
    let port = config.port
    for (let number = 1; number <= count; number++) {
      if (this.#isEnding) break
      // Zero stands for any: the next one is any too.
      if (config.port !== 0) port = await freePortFrom(port, config.host)
      urls.push(this.#startNode(number, port, redisUrl, config))
      if (config.port !== 0) port += 1
    }
    return Promise.all(urls)
  }

  async untilAllGone(): Promise<void> {
    await Promise.all(this.#nodes.map(({ gone }) => gone))
  }

  /** Nodes first, then the Redis that they write to until they are gone. */
  async end(): Promise<void> {
    this.#isEnding = true
    await Promise.all(this.#nodes.map((node) => node.end(END_MS)))
    await this.#redis?.end()
  }

  async #startRedis(): Promise<string> {
    this.#redis = await startOwnRedis()
    const { child, url } = this.#redis
    this.#watch(child)
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
    this.#watch(node)
    return new Promise((resolveUrl, reject) => {
      node.onLine((line) => {
        const url = READY.exec(line)?.[1]
        if (url !== undefined) resolveUrl(url)
      })
      void node.gone.then((how) => reject(new StartError(number, how)))
    })
  }

  /** Its lines, with its name in front; and its end, where nobody asked for that. */
  #watch(child: Child): void {
    child.onLine((line) => this.#print(`[${child.name}] ${line}`))
    void child.gone.then((how) => {
      if (!this.#isEnding) this.#print(`[${child.name}] is gone: ${how}`)
    })
  }
}

/** What went wrong was printed by the node. */
class StartError extends Error {
  constructor(number: number, how: string) {
    super(`node ${number} did not start: ${how}`)
    this.stack = this.message
  }
}
