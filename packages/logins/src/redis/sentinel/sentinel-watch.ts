import { duplicateClient } from '@drawbridge/options'
import type { Redis, RedisOptions } from 'ioredis'

/** Where a server listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

interface PrimaryReport extends Address {
  /** Of the failover by which it became the primary: the highest one is the newest. */
  readonly epoch: number
  /** By `performance.now()`. */
  readonly at: number
}

const POLL_INTERVAL_MS = 250
/** How long the sentinels that are slow are waited for once most have answered. */
const STRAGGLER_TIMEOUT_MS = 50
/** What a sentinel said counts for so long: then it is gone, and may have been set up anew. */
const REPORT_TTL_MS = 10_000

/**
 * Which server is the primary, by all sentinels together. A sentinel hears of a failover up to seconds after the one that
 * carried it out, and for about ten seconds nobody tells the replaced primary: who asks one sentinel alone, and then waits for
 * an announcement, may be sent to the old primary and stay there.
 */
export class SentinelWatch {
  readonly #client: Redis
  readonly #onMoved = new Set<() => void>()
  #sentinels: readonly Sentinel[] = []
  #userCount = 0
  #timer: NodeJS.Timeout | undefined
  #primary: PrimaryReport | null = null

  /** @param client of the application, with `sentinels` and `name`; it is never used itself. */
  constructor(client: Redis) {
    this.#client = client
  }

  /** The newest primary that is known; null before a sentinel has answered. */
  get primary(): Address | null {
    return this.#primary
  }

  /** Watches for as long as somebody holds it. */
  acquire(): void {
    if (this.#userCount++ > 0) return
    const endpoints = this.#client.options.sentinels ?? []
    this.#sentinels = endpoints.map((endpoint) => new Sentinel(this.#client, endpoint))
    this.#primary = null
    this.#poll()
  }

  release(): void {
    if (--this.#userCount > 0) return
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
  refresh(timeoutMs: number): Promise<void> {
    const sentinels = this.#sentinels
    return new Promise((resolve, reject) => {
      let [answered, failed, waitsForAll] = [0, 0, true]
      let reason = 'no answer in time'
      const finishIfDecided = () => {
        const hasMajority = answered * 2 > sentinels.length
        const allReplied = answered + failed === sentinels.length
        if (hasMajority && (allReplied || !waitsForAll)) finish(resolve)
        else if (allReplied) finish(() => reject(new Error(`most of the sentinels cannot say: ${reason}`)))
      }
      const finish = (callback: () => void) => {
        clearTimeout(stragglerTimer)
        clearTimeout(deadlineTimer)
        callback()
      }
      const stragglerTimer = setTimeout(() => {
        waitsForAll = false
        finishIfDecided()
      }, STRAGGLER_TIMEOUT_MS)
      const deadlineTimer = setTimeout(() => {
        failed = sentinels.length - answered
        finishIfDecided()
      }, timeoutMs)
      for (const sentinel of sentinels) {
        sentinel.query().then(
          () => {
            answered += 1
            this.#updatePrimary()
            finishIfDecided()
          },
          (error: Error) => {
            failed += 1
            reason = error.message
            finishIfDecided()
          }
        )
      }
    })
  }

  #poll(): void {
    const next = () => {
      if (this.#userCount === 0) return
      this.#timer = setTimeout(() => this.#poll(), POLL_INTERVAL_MS).unref()
    }
    this.refresh(2 * POLL_INTERVAL_MS).then(next, next)
  }

  #updatePrimary(): void {
    const oldest = performance.now() - REPORT_TTL_MS
    const reports = this.#sentinels.flatMap(({ lastReport }) =>
      lastReport !== null && lastReport.at > oldest ? [lastReport] : []
    )
    const [newest] = reports.toSorted((a, b) => b.epoch - a.epoch)
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
  #lastReport: PrimaryReport | null = null

  constructor(client: Redis, endpoint: Partial<Address>) {
    this.#name = client.options.name as string
    this.#client = duplicateClient(client, { ...sentinelOptions(client.options, endpoint) })
    // It is told by what it does not answer.
    this.#client.on('error', () => {})
  }

  get lastReport(): PrimaryReport | null {
    return this.#lastReport
  }

  async query(): Promise<void> {
    const reply = (await this.#client.call('SENTINEL', 'MASTER', this.#name)) as readonly string[]
    const field = (name: string) => reply[reply.indexOf(name) + 1] as string
    const address = { host: field('ip'), port: Number(field('port')) }
    this.#lastReport = {
      ...applyNatMap(address, this.#client.options.natMap),
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
  const target = { sentinels: null, Connector: undefined, name: null, path: undefined, db: 0 }
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
  return Object.assign({ host, port, tls: options.sentinelTLS, ...access }, target, own) as RedisOptions
}

/** The same as ioredis does: an address that is good among the servers may be none for their clients. */
function applyNatMap(address: Address, natMap: RedisOptions['natMap']): Address {
  const key = `${address.host}:${address.port}`
  const found = typeof natMap === 'function' ? natMap(key) : natMap?.[key]
  return found ? { host: found.host, port: found.port } : address
}
