import { duplicateClient, plainError } from '@drawbridge/options'
import type { Cluster, Redis, RedisOptions } from 'ioredis'
import { primaryConnector } from './sentinel/primary-connector.ts'
import { SentinelWatch } from './sentinel/sentinel-watch.ts'

/** A client that the application made. It is never used itself, only duplicated with other settings. */
export type RedisClient = Redis | Cluster

function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster
}

/**
 * A duplicate that connects to the same server or servers. Its errors go to `onError`, not to the console.
 */
export function duplicate(
  client: RedisClient,
  options: RedisOptions,
  onError: (error: unknown) => void
): RedisClient {
  const own = isCluster(client)
    ? duplicateClient(client, { ...options })
    : createPersistentClient(client, options)
  own.on('error', (error) => onError(plainError(error)))
  return own
}

/** The duplicates by the client they were made from. Those of a Cluster are its own business. */
const clientsByOriginal = new WeakMap<Redis, Set<Redis>>()

/**
 * Another server has become the primary behind the same name, or this one no longer is the primary, and
 * nobody closes the connections to it. Reconnects each duplicate that is not connected to the server of this
 * `incarnation`; for null, each that is not connected to a primary.
 */
export function reconnectUnlessAt(client: RedisClient, incarnation: string | null): void {
  if (isCluster(client)) return
  for (const own of clientsByOriginal.get(client) ?? []) {
    if (own.status !== 'ready') continue
    const isElsewhere = (info: string) => {
      const server = parseServerInfo(info)
      return !server.isMaster || (incarnation !== null && server.incarnation !== incarnation)
    }
    // A connection that gets no reply reconnects because of that.
    own.info(...INFO_SECTIONS).then(
      (info) => isElsewhere(info) && reconnect(own),
      () => {}
    )
  }
}

/**
 * Drops the connection and makes a new one. A Cluster that is connecting does so already, and would get
 * stuck.
 */
export function reconnect(client: RedisClient): void {
  if (!client.isCluster || client.status === 'ready') client.disconnect(true)
}

/** Redis 7 returns several sections in one call. */
const INFO_SECTIONS = ['server', 'replication'] as unknown as [string]

/**
 * Parses a reply of INFO. Another process has another `run_id`; a master with another history has another
 * `master_replid`. `serverNow`: ms since the epoch.
 */
export function parseServerInfo(info: string): { isMaster: boolean; incarnation: string; serverNow: number } {
  return {
    isMaster: infoField(info, 'role') === 'master',
    incarnation: `${infoField(info, 'run_id')} ${infoField(info, 'master_replid')}`,
    serverNow: Number(infoField(info, 'server_time_usec')) / 1000
  }
}

/** One field of a reply of INFO; empty where it is missing. */
export function infoField(info: string, name: string): string {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
}

const sentinelWatches = new WeakMap<RedisClient, SentinelWatch>()

/** The one watch for all duplicates of this client; null where no sentinels watch its server. */
export function sentinelWatchFor(client: RedisClient): SentinelWatch | null {
  if (isCluster(client) || !client.options.sentinels?.length) return null
  const watch = sentinelWatches.get(client) ?? new SentinelWatch(client)
  sentinelWatches.set(client, watch)
  return watch
}

/**
 * ioredis gives up on a client for good where a connection cannot be made. This one only ends on
 * `disconnect()`.
 */
function createPersistentClient(client: Redis, options: RedisOptions): Redis {
  const watch = sentinelWatchFor(client)
  watch?.acquire()
  const own = duplicateClient(client, {
    ...options,
    ...(watch !== null && { Connector: primaryConnector(watch), enableReadyCheck: true })
  })
  const siblings = clientsByOriginal.get(client) ?? new Set()
  clientsByOriginal.set(client, siblings.add(own))
  const disconnect = own.disconnect.bind(own)
  let isClosed = false
  own.disconnect = (reconnect) => {
    if (reconnect !== true && !isClosed) {
      isClosed = true
      siblings.delete(own)
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

/**
 * Settings for commands that a request waits for. With its defaults ioredis would retry a command for over a
 * minute.
 */
export function storeOptions(commandTimeoutMs: number, client: RedisClient): RedisOptions {
  return {
    connectionName: 'drawbridge:store',
    // Saves work on both sides with many finds at once, and costs some where there is one at a time (bench,
    // `session-guard-redis-cold`). In a Cluster whose slots move, the commands of one pipeline fail together.
    enableAutoPipelining: !isCluster(client),
    // It is a batch already, and the machinery of a pipeline costs more than the command.
    autoPipeliningIgnoredCommands: ['mget'],
    // In a Cluster the first command to a node makes the connection, and later commands have to wait for it.
    enableOfflineQueue: isCluster(client),
    // Without it, all commands would wait behind a pipeline that gets no reply. Longer than our own deadline
    // by more than this process may stall: ioredis checks it before it reads a reply that has arrived
    // meanwhile.
    commandTimeout: commandTimeoutMs + 1000,
    // Where no reply comes for so long the peer may be gone, which TCP takes minutes to detect.
    socketTimeout: Math.max(1000, 4 * commandTimeoutMs)
  }
}

/**
 * Rejects where no reply has come after `ms`. ioredis has no deadline of this kind: a Cluster without any
 * master keeps commands waiting whatever its settings.
 */
export function withTimeout<T>(ms: number, command: string, reply: Promise<T>): Promise<T> {
  return withDeadline(ms, () => new Error(`Redis did not reply to ${command} within ${ms} ms`), reply)
}

/**
 * Rejects with the error of `createError` where no reply has come after `ms`. One promise instead of a race
 * of two, which is cheaper (bench, `session-guard-redis-cold`).
 */
export function withDeadline<T>(ms: number, createError: () => Error, reply: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // After a stall of this process the reply may have arrived unread: what has arrived is read first.
    const timer = setTimeout(() => setImmediate(() => reject(createError())), ms)
    reply.then(
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
