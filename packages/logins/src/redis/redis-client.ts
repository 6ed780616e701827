import { duplicateClient, plainError } from '@drawbridge/options'
import type { Cluster, Redis, RedisOptions } from 'ioredis'
import { primaryConnector } from './sentinel/primary-connector.ts'
import { SentinelWatch } from './sentinel/sentinel-watch.ts'

/** A client of the application's; never used itself, only duplicated with settings of ours. */
export type RedisClient = Redis | Cluster

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
    ? duplicateClient(client, { ...options })
    : createPersistentClient(client, options)
  own.on('error', (error) => onError(plainError(error)))
  return own
}

/** By the client of the application: the connections of ours that are made from it. Those of a Cluster are told by it. */
const clientsByOriginal = new WeakMap<Redis, Set<Redis>>()

/**
 * Behind one name another server has become the primary, or this one is none any more, and nobody cuts the connections to it:
 * each of ours that is not with the server of this incarnation is made anew. Null: with a primary at all.
 */
export function reconnectUnlessAt(client: RedisClient, incarnation: string | null): void {
  if (isCluster(client)) return
  for (const own of clientsByOriginal.get(client) ?? []) {
    if (own.status !== 'ready') continue
    const isElsewhere = (info: string) => {
      const server = parseServerInfo(info)
      return !server.isMaster || (incarnation !== null && server.incarnation !== incarnation)
    }
    // One that cannot answer is told by that.
    own.info(...INFO_SECTIONS).then(
      (info) => isElsewhere(info) && reconnect(own),
      () => {}
    )
  }
}

/** A Cluster that is connecting is at it already, and would get stuck by being told to. */
export function reconnect(client: RedisClient): void {
  if (!client.isCluster || client.status === 'ready') client.disconnect(true)
}

/** Redis 7 gives several in one call. */
const INFO_SECTIONS = ['server', 'replication'] as unknown as [string]

/** Another process has another `run_id`; a master by another history has another `master_replid`. */
export function parseServerInfo(info: string): { isMaster: boolean; incarnation: string; serverNow: number } {
  return {
    isMaster: infoField(info, 'role') === 'master',
    incarnation: `${infoField(info, 'run_id')} ${infoField(info, 'master_replid')}`,
    serverNow: Number(infoField(info, 'server_time_usec')) / 1000
  }
}

/** Of a reply of INFO; empty where it is not there. */
export function infoField(info: string, name: string): string {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
}

const sentinelWatches = new WeakMap<RedisClient, SentinelWatch>()

/** One for all that is made from this client; null where no sentinels watch what it connects to. */
export function sentinelWatchFor(client: RedisClient): SentinelWatch | null {
  if (isCluster(client) || !client.options.sentinels?.length) return null
  const watch = sentinelWatches.get(client) ?? new SentinelWatch(client)
  sentinelWatches.set(client, watch)
  return watch
}

/** ioredis gives a client up for good where making a connection fails. This one ends when it is told to, and not before. */
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

/** Settings for commands that a request waits for. ioredis would otherwise hold a command for over a minute. */
export function storeOptions(commandTimeoutMs: number, client: RedisClient): RedisOptions {
  return {
    connectionName: 'drawbridge:store',
    // Bench, `session-guard-redis-cold`, 20 finds at once: 9.0 µs of the node and 1.6 of Redis each, not 11.4 and 5.7;
    // one at a time it costs more: 53.5 µs of the node and not 39.2.
    // In a Cluster whose slots move, what is in one pipeline fails together.
    enableAutoPipelining: !isCluster(client),
    // In a Cluster the first command to a node makes the connection, and those after it have to wait for that.
    enableOfflineQueue: isCluster(client),
    // Without it, all would wait behind a pipeline that is never answered. Later than our own deadline by more than this
    // process may stall: unlike that one it is looked at before the answer that came meanwhile is read.
    commandTimeout: commandTimeoutMs + 1000,
    // Where no answer comes for so long there may be no one at the other end, which TCP takes minutes to find out.
    socketTimeout: Math.max(1000, 4 * commandTimeoutMs)
  }
}

/** A deadline of our own: a Cluster whose masters are all gone keeps commands waiting whatever its settings. */
export function withTimeout<T>(ms: number, command: string, reply: Promise<T>): Promise<T> {
  return withDeadline(ms, () => new Error(`Redis did not answer ${command} within ${ms} ms`), reply)
}

/**
 * Rejects with what `late` makes where `answer` has not come after so many ms. One promise and no race of two (bench,
 * `session-guard-redis-cold`, without Redis: 0.19 µs and not 0.57).
 */
export function withDeadline<T>(ms: number, createError: () => Error, reply: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // After a stall of this process the answer may be here and unread: what has come is read first.
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
