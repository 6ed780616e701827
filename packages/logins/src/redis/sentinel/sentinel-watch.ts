import { duplicateClient } from '@drawbridge/options'
import type { Redis, RedisOptions } from 'ioredis'

/** The address at which a server listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

interface PrimaryReport extends Address {
  /**
   * The configuration epoch: that of the failover by which it became the primary. The highest is the newest.
   */
  readonly epoch: number
  /** By `performance.now()`. */
  readonly at: number
}

const POLL_INTERVAL_MS = 250
/** How long slow sentinels are waited for once most have replied. */
const STRAGGLER_TIMEOUT_MS = 50
/**
 * How long the report of a sentinel counts. A sentinel that is silent for longer is gone, and may have been
 * set up again.
 */
const REPORT_TTL_MS = 10_000

/**
 * Finds the primary by asking all sentinels. A sentinel learns of a failover up to seconds after the one that
 * carried it out, and for about ten seconds the replaced primary does not know. A client that asks one
 * sentinel, and then waits for an announcement, may connect to the old primary and stay there.
 */
export class SentinelWatch {
  readonly #client: Redis
  readonly #onMoved = new Set<() => void>()
  #sentinels: readonly Sentinel[] = []
  #userCount = 0
  #timer: NodeJS.Timeout | undefined
  #primary: PrimaryReport | null = null

  /** @param client of the application, with `sentinels` and `name`. It is never used itself. */
  constructor(client: Redis) {
    this.#client = client
  }

  /** The newest primary that any sentinel has reported; null before the first report. */
  get primary(): Address | null {
    return this.#primary
  }

  /** Polls from the first `acquire` to the last `release`. */
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

  /**
   * Calls `listener` when another server becomes the primary. @returns a function that removes the listener.
   */
  onMoved(listener: () => void): () => void {
    this.#onMoved.add(listener)
    return () => void this.#onMoved.delete(listener)
  }

  /**
   * Asks all sentinels. Rejects where most of them do not reply in time, since they may know of another
   * primary.
   */
  refresh(timeoutMs: number): Promise<void> {
    const sentinels = this.#sentinels
    return new Promise((resolve, reject) => {
      let [answered, failed, waitsForAll] = [0, 0, true]
      let reason = 'no reply in time'
      const finishIfDecided = () => {
        const hasMajority = answered * 2 > sentinels.length
        const allReplied = answered + failed === sentinels.length
        if (hasMajority && (allReplied || !waitsForAll)) finish(resolve)
        else if (allReplied)
          finish(() => reject(new Error(`most of the sentinels cannot be reached: ${reason}`)))
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
    // The watch was released, or acquired again: this reply belongs to the former one.
    if (newest === undefined) return
    const before = this.#primary
    this.#primary = newest
    if (before === null || (before.host === newest.host && before.port === newest.port)) return
    for (const listener of this.#onMoved) listener()
  }
}

/** One sentinel, and its last report. */
class Sentinel {
  readonly #client: Redis
  readonly #name: string
  #lastReport: PrimaryReport | null = null

  constructor(client: Redis, endpoint: Partial<Address>) {
    this.#name = client.options.name as string
    this.#client = duplicateClient(client, { ...sentinelOptions(client.options, endpoint) })
    // A sentinel that is down shows as a missing reply; its connection errors are noise.
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

/**
 * The settings that the application has for its sentinels, and none of those that it has for the server
 * behind them.
 */
function sentinelOptions(options: RedisOptions, { host, port = 26_379 }: Partial<Address>): RedisOptions {
  const target = { sentinels: null, Connector: undefined, name: null, path: undefined, db: 0 }
  const access = { username: options.sentinelUsername, password: options.sentinelPassword }
  const own: RedisOptions = {
    connectionName: 'drawbridge:sentinel',
    protocol: 2,
    keyPrefix: '',
    // A sentinel is never a primary.
    enableReadyCheck: false,
    commandTimeout: 500,
    // A sentinel that hangs accepts connections and never closes one.
    socketTimeout: 1000,
    retryStrategy: (attempt) => Math.min(20 * attempt, 500)
  }
  return Object.assign({ host, port, tls: options.sentinelTLS, ...access }, target, own) as RedisOptions
}

/** As ioredis does: clients may not reach the address by which servers reach each other. */
function applyNatMap(address: Address, natMap: RedisOptions['natMap']): Address {
  const key = `${address.host}:${address.port}`
  const found = typeof natMap === 'function' ? natMap(key) : natMap?.[key]
  return found ? { host: found.host, port: found.port } : address
}
