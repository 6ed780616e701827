import { OptionError, safeListener } from '@drawbridge/options'
import { withFeedChannel } from '../../revocation/feed-channel.ts'
import type { FeedEvent } from '../../revocation/log/feed-event.ts'
import { LogFeed } from '../../revocation/log/log-feed.ts'
import type { RedisClient } from '../redis-client.ts'
import { RedisLogDriver } from './redis-log-driver.ts'

/** How a node follows the logs of a feed. */
export type FeedMode = 'single' | 'quorum' | 'fenced'

/** Options of {@link openLogFeed}, parsed. */
export interface OpenLogFeedOptions {
  /** What errors about the options begin with, such as `redisFeed`. */
  readonly owner: string
  readonly redis: RedisClient | readonly RedisClient[]
  readonly mode: FeedMode
  readonly replicas: number
  readonly maxStalenessMs: number
  readonly clockSkewMs: number
  readonly retentionSeconds: number
  readonly publishTimeoutMs: number
  readonly isReadOnly: boolean
  readonly prefix: string
  readonly onEvent?: ((event: FeedEvent) => void) | undefined
  readonly now?: (() => number) | undefined
}

/**
 * The hash tags of the three logs. Their slots, 15495, 3300 and 7365 of 16384, are in different thirds of a
 * Cluster.
 */
const HASH_TAGS = ['a', 'b', 'c']

/** Opens the feed over the logs of one, or three, servers. @throws OptionError for clients that do not fit the mode. */
export function openLogFeed(options: OpenLogFeedOptions): LogFeed {
  const clients = selectClients(options)
  const onEvent = withFeedChannel(safeListener(options.onEvent))
  const drivers = clients.map((redis, log) => {
    return new RedisLogDriver({
      redis,
      keyBase: `${options.prefix}:{${HASH_TAGS[log]}}:`,
      retentionMs: options.retentionSeconds * 1000,
      timeoutMs: Math.min(400, options.publishTimeoutMs),
      isReadOnly: options.isReadOnly,
      onError: (error) => onEvent({ type: 'error', log, error })
    })
  })
  const majority = Math.floor(clients.length / 2) + 1
  return new LogFeed({
    drivers,
    writeQuorum: majority,
    readQuorum: majority,
    maxStalenessMs: options.maxStalenessMs,
    clockSkewMs: options.clockSkewMs,
    publishTimeoutMs: options.publishTimeoutMs,
    retentionMs: options.retentionSeconds * 1000,
    replicas: options.mode === 'fenced' ? options.replicas : 0,
    isReadOnly: options.isReadOnly,
    monotonicNow: () => performance.now(),
    wallNow: options.now ?? Date.now,
    onEvent
  })
}

function selectClients({ owner, redis, mode }: OpenLogFeedOptions): readonly RedisClient[] {
  const clients = Array.isArray(redis) ? (redis as readonly RedisClient[]) : [redis as RedisClient]
  if (mode !== 'quorum' && clients.length === 1) return clients
  if (mode === 'quorum' && clients.length === 3) return clients
  const [one] = clients
  if (mode === 'quorum' && clients.length === 1 && one?.isCluster) return [one, one, one]
  throw new OptionError(
    mode === 'quorum'
      ? `${owner}.redis must be three clients, or one of a Cluster, where ${owner}.mode is "quorum"`
      : `${owner}.redis must be one client where ${owner}.mode is "${mode}", got ${clients.length}`
  )
}
