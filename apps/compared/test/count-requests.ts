import type { Redis } from 'ioredis'
import type { Service } from './start-service.ts'

/** Requests to the stores. A transaction or a script is one, whatever it contains. */
export interface Requests {
  readonly redis: number
  readonly postgres: number
}

interface Command {
  readonly name: string
  readonly source: string
}

/** Every command that a Redis executes, with the connection that sent it. */
export class RedisMonitor {
  readonly #monitor: Redis
  readonly #client: Redis
  #commands: Command[] = []

  private constructor(monitor: Redis, client: Redis) {
    this.#monitor = monitor
    this.#client = client
    const note = (_time: string, [name = '', ...args]: string[], source: string) =>
      this.#commands.push({ name: [name.toLowerCase(), ...args].join(' '), source })
    monitor.on('monitor', note)
  }

  static async start(client: Redis): Promise<RedisMonitor> {
    return new RedisMonitor(await client.monitor(), client)
  }

  stop(): void {
    this.#monitor.disconnect()
  }

  /** Counts what the service sends, without what its feed sends at all times. */
  async count(run: () => Promise<unknown>): Promise<number> {
    await this.#catchUp()
    this.#commands = []
    await run()
    const commands = await this.#catchUp()
    const ignored = await this.#ignoredSources()
    return countRequests(commands.filter(({ source }) => source !== 'lua' && !ignored.has(source)))
  }

  /** Resolves with all commands until now. */
  async #catchUp(): Promise<readonly Command[]> {
    const mark = `mark ${Math.random()}`
    const seen = new Promise<void>((resolve) => {
      const look = (_time: string, args: string[]) => {
        if (args[1] !== mark) return
        this.#monitor.off('monitor', look)
        resolve()
      }
      this.#monitor.on('monitor', look)
    })
    await this.#client.echo(mark)
    await seen
    return this.#commands.filter(({ name }) => !name.startsWith('echo mark'))
  }

  /** The reader of the feed, which waits for entries whatever the load. */
  async #ignoredSources(): Promise<ReadonlySet<string>> {
    const list = (await this.#client.client('LIST')) as string
    const readers = list.split('\n').filter((line) => / name=drawbridge:feed /.test(line))
    return new Set(readers.map((line) => / addr=(\S+)/.exec(line)?.[1] ?? ''))
  }
}

function countRequests(commands: readonly Command[]): number {
  const inTransaction = new Set<string>()
  let count = 0
  for (const { name, source } of commands) {
    if (name === 'multi') inTransaction.add(source)
    else if (name === 'exec') inTransaction.delete(source)
    if (name === 'exec' || !inTransaction.has(source)) count += 1
  }
  return count
}

/** What a service asks of its stores while something runs. */
export async function countStoreRequests(
  { watch }: Service,
  monitor: RedisMonitor,
  run: () => Promise<unknown>
): Promise<Requests> {
  const before = watch.count
  const redis = await monitor.count(run)
  return { redis, postgres: watch.count - before }
}
