import { ownClient } from '@drawbridge/options'
import type { Redis, RedisOptions } from 'ioredis'

/** Where a server listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

interface Told extends Address {
  /** Of the failover by which it became the primary: the highest one is the newest. */
  readonly epoch: number
  /** By `performance.now()`. */
  readonly at: number
}

const LOOK_EVERY_MS = 250
/** How long the sentinels that are slow are waited for once most have answered. */
const PATIENCE_MS = 50
/** What a sentinel said counts for so long: then it is gone, and may have been set up anew. */
const COUNTS_FOR_MS = 10_000

/**
 * Which server is the primary, by all sentinels together. A sentinel hears of a failover up to seconds after the one that
 * carried it out, and for about ten seconds nobody tells the replaced primary: who asks one sentinel alone, and then waits for
 * an announcement, may be sent to the old primary and stay there.
 */
export class SentinelWatch {
  readonly #client: Redis
  readonly #onMoved = new Set<() => void>()
  #sentinels: readonly Sentinel[] = []
  #holders = 0
  #timer: NodeJS.Timeout | undefined
  #primary: Told | null = null

  /** @param client of the application, with `sentinels` and `name`; it is never used itself. */
  constructor(client: Redis) {
    this.#client = client
  }

  /** The newest primary that is known; null before a sentinel has answered. */
  get primary(): Address | null {
    return this.#primary
  }

  /** Watches for as long as somebody holds it. */
  hold(): void {
    if (this.#holders++ > 0) return
    const endpoints = this.#client.options.sentinels ?? []
    this.#sentinels = endpoints.map((endpoint) => new Sentinel(this.#client, endpoint))
    this.#primary = null
    this.#lookOn()
  }

  release(): void {
    if (--this.#holders > 0) return
    clearTimeout(this.#timer)
    for (const sentinel of this.#sentinels) sentinel.close()
    this.#sentinels = []
  }

  /** @returns what takes the listener off again. */
  onMoved(listener: () => void): () => void {
    this.#onMoved.add(listener)
    return () => void this.#onMoved.delete(listener)
  }

  /** Asks all sentinels. Rejects where most of them do not answer in time: there may be a primary that they know of. */
  look(withinMs: number): Promise<void> {
    const sentinels = this.#sentinels
    return new Promise((resolve, reject) => {
      let [answered, failed, isPatient] = [0, 0, true]
      let reason = 'no answer in time'
      const settle = () => {
        const areMost = answered * 2 > sentinels.length
        const isOver = answered + failed === sentinels.length
        if (areMost && (isOver || !isPatient)) end(resolve)
        else if (isOver) end(() => reject(new Error(`most of the sentinels cannot say: ${reason}`)))
      }
      const end = (how: () => void) => {
        clearTimeout(patience)
        clearTimeout(deadline)
        how()
      }
      const patience = setTimeout(() => {
        isPatient = false
        settle()
      }, PATIENCE_MS)
      const deadline = setTimeout(() => {
        failed = sentinels.length - answered
        settle()
      }, withinMs)
      for (const sentinel of sentinels) {
        sentinel.ask().then(
          () => {
            answered += 1
            this.#judge()
            settle()
          },
          (error: Error) => {
            failed += 1
            reason = error.message
            settle()
          }
        )
      }
    })
  }

  #lookOn(): void {
    const next = () => {
      if (this.#holders === 0) return
      this.#timer = setTimeout(() => this.#lookOn(), LOOK_EVERY_MS).unref()
    }
    this.look(2 * LOOK_EVERY_MS).then(next, next)
  }

  #judge(): void {
    const since = performance.now() - COUNTS_FOR_MS
    const told = this.#sentinels.flatMap(({ told }) => (told !== null && told.at > since ? [told] : []))
    const [newest] = told.toSorted((a, b) => b.epoch - a.epoch)
    // Nobody watches any more, or anew: the answer is one to the former watch.
    if (newest === undefined) return
    const before = this.#primary
    this.#primary = newest
    if (before === null || (before.host === newest.host && before.port === newest.port)) return
    for (const listener of this.#onMoved) listener()
  }
}

/** One sentinel, and what it said last. */
class Sentinel {
  readonly #client: Redis
  readonly #name: string
  #told: Told | null = null

  constructor(client: Redis, endpoint: Partial<Address>) {
    this.#name = client.options.name as string
    this.#client = ownClient(client, { ...sentinelOptions(client.options, endpoint) })
    // It is told by what it does not answer.
    this.#client.on('error', () => {})
  }

  get told(): Told | null {
    return this.#told
  }

  async ask(): Promise<void> {
    const reply = (await this.#client.call('SENTINEL', 'MASTER', this.#name)) as readonly string[]
    const field = (name: string) => reply[reply.indexOf(name) + 1] as string
    const address = { host: field('ip'), port: Number(field('port')) }
    this.#told = {
      ...mapped(address, this.#client.options.natMap),
      epoch: Number(field('config-epoch')),
      at: performance.now()
    }
  }

  close(): void {
    this.#client.disconnect()
  }
}

/** What the application has set for its sentinels, and nothing of what it has set for the server behind them. */
function sentinelOptions(options: RedisOptions, { host, port = 26_379 }: Partial<Address>): RedisOptions {
  const of = { sentinels: null, Connector: undefined, name: null, path: undefined, db: 0 }
  const access = { username: options.sentinelUsername, password: options.sentinelPassword }
  const own: RedisOptions = {
    connectionName: 'drawbridge:sentinel',
    protocol: 2,
    keyPrefix: '',
    // A sentinel is no primary of anything.
    enableReadyCheck: false,
    commandTimeout: 500,
    // A sentinel that hangs takes connections and never closes one.
    socketTimeout: 1000,
    retryStrategy: (attempt) => Math.min(20 * attempt, 500)
  }
  return Object.assign({ host, port, tls: options.sentinelTLS, ...access }, of, own) as RedisOptions
}

/** The same as ioredis does: an address that is good among the servers may be none for their clients. */
function mapped(address: Address, natMap: RedisOptions['natMap']): Address {
  const key = `${address.host}:${address.port}`
  const found = typeof natMap === 'function' ? natMap(key) : natMap?.[key]
  return found ? { host: found.host, port: found.port } : address
}
