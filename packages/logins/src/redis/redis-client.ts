import type { Cluster, ClusterOptions, Redis, RedisOptions } from 'ioredis'
import { primaryConnector } from './primary-connector.ts'
import { SentinelWatch } from './sentinel-watch.ts'

/** A client of the application's; never used itself, only duplicated with settings of ours. */
export type RedisClient = Redis | Cluster

/**
 * What must be so on each connection of ours, whatever the application's client is set to: replies in the shapes that
 * are read here, always from the master, since what a replica says may be older than a revocation.
 */
const PINNED: RedisOptions = {
  lazyConnect: false,
  monitor: false,
  readOnly: false,
  stringNumbers: false,
  // A server that hangs takes connections and never closes one.
  disconnectTimeout: 250
}

function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster
}

/** A client of our own to the same server or servers. Its errors are told to `onError`, not to the console. */
export function duplicate(
  client: RedisClient,
  options: RedisOptions,
  onError: (error: unknown) => void
): RedisClient {
  const own = isCluster(client)
    ? client.duplicate([], clusterOptions(client, { ...PINNED, ...options }) as never)
    : lasting(client, { ...PINNED, ...options })
  own.on('error', onError)
  return own
}

const watches = new WeakMap<RedisClient, SentinelWatch>()

/** One for all that is made from this client; null where no sentinels watch what it connects to. */
export function watchOf(client: RedisClient): SentinelWatch | null {
  if (isCluster(client) || !client.options.sentinels?.length) return null
  const watch = watches.get(client) ?? new SentinelWatch(client)
  watches.set(client, watch)
  return watch
}

/** ioredis gives a client up for good where making a connection fails. This one ends when it is told to, and not before. */
function lasting(client: Redis, options: RedisOptions): Redis {
  const watch = watchOf(client)
  watch?.hold()
  const own = client.duplicate(
    watch === null ? options : { ...options, Connector: primaryConnector(watch), enableReadyCheck: true }
  )
  const disconnect = own.disconnect.bind(own)
  let isClosed = false
  own.disconnect = (reconnect) => {
    if (reconnect !== true && !isClosed) {
      isClosed = true
      watch?.release()
    }
    disconnect(reconnect)
  }
  const connectAgain = () => {
    if (!isClosed) own.connect().catch(() => {})
  }
  own.on('end', () => setTimeout(connectAgain, 50))
  return own
}

function clusterOptions(client: Cluster, options: RedisOptions): ClusterOptions {
  const { enableOfflineQueue = false, enableAutoPipelining = false, ...redisOptions } = options
  const settings: ClusterOptions = {
    lazyConnect: false,
    scaleReads: 'master',
    enableOfflineQueue,
    enableAutoPipelining,
    slotsRefreshTimeout: 1000,
    clusterRetryStrategy: (attempt) => Math.min(50 * attempt, 500),
    // With a delay, what was under way when a connection closed is sent again, though it may have been done.
    retryDelayOnFailover: 0,
    redisOptions: { ...client.options.redisOptions, ...redisOptions }
  }
  // A node that is lost is left to the next look at the slots. The type does not have the null that is the default.
  return Object.assign(settings, { clusterNodeRetryStrategy: null })
}

/** Settings for commands that a request waits for. ioredis would otherwise hold a command for over a minute. */
export function storeOptions(commandTimeoutMs: number, client: RedisClient): RedisOptions {
  return {
    connectionName: 'drawbridge:store',
    protocol: 3,
    replyMapping: 'legacy',
    // Bench, `session-guard-redis-cold`, 20 finds at once: 9.0 µs of the node and 1.6 of Redis each, not 11.4 and 5.7;
    // one at a time it costs more: 53.5 µs of the node and not 39.2.
    // In a Cluster whose slots move, what is in one pipeline fails together.
    enableAutoPipelining: !isCluster(client),
    // In a Cluster the first command to a node makes the connection, and those after it have to wait for that.
    enableOfflineQueue: isCluster(client),
    // Nothing is sent twice: a second `removeByUser` would say that it ended nobody.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // Without it, all would wait behind a pipeline that is never answered. Later than our own deadline by more than this
    // process may stall: unlike that one it is looked at before the answer that came meanwhile is read.
    commandTimeout: commandTimeoutMs + 1000,
    connectTimeout: 500,
    // Where no answer comes for so long there may be no one at the other end, which TCP takes minutes to find out.
    socketTimeout: Math.max(1000, 4 * commandTimeoutMs),
    retryStrategy: (attempt) => Math.min(20 * 2 ** Math.min(attempt - 1, 6), 1000) + Math.random() * 50,
    reconnectOnError: (error) => /^(READONLY|LOADING|MASTERDOWN)/.test(error.message)
  }
}

/** A deadline of our own: a Cluster whose masters are all gone keeps commands waiting whatever its settings. */
export function within<T>(ms: number, what: string, answer: Promise<T>): Promise<T> {
  return before(ms, () => new Error(`Redis did not answer ${what} within ${ms} ms`), answer)
}

/**
 * Rejects with what `late` makes where `answer` has not come after so many ms. One promise and no race of two (bench,
 * `session-guard-redis-cold`, without Redis: 0.19 µs and not 0.57).
 */
export function before<T>(ms: number, late: () => Error, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // After a stall of this process the answer may be here and unread: what has come is read first.
    const timer = setTimeout(() => setImmediate(() => reject(late())), ms)
    answer.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      }
    )
  })
}
