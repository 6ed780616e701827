import * as v from 'valibot'
import { withFeedChannel } from '../../revocation/feed-channel.ts'
import type { RevocationFeed } from '../../revocation/feed.ts'
import type { FeedEvent } from '../../revocation/log/feed-event.ts'
import { LogFeed } from '../../revocation/log/log-feed.ts'
import { clock, func, OptionError, parseOptions, safeListener, wholeNumber } from '@drawbridge/options'
import { keyPrefix, redisClient } from '../options.ts'
import type { RedisClient } from '../redis-client.ts'
import { RedisLogDriver } from './redis-log-driver.ts'

/** Options of {@link createRedisFeed}. */
export interface RedisFeedOptions {
  /**
   * A client of ioredis 5 or 6: single, Sentinel or Cluster; or three of them, one for each log of the mode
   * `quorum`. They are duplicated and otherwise left alone.
   */
  readonly redis: RedisClient | readonly RedisClient[]
  /**
   * `single`: one log. `quorum`: three logs on three servers (three clients, or three shards of one Cluster),
   * any one of which may fail, be wiped or lag. `fenced`: one log with replicas; a server that was replaced
   * without knowing it is not trusted. Default `single`.
   */
  readonly mode?: 'single' | 'quorum' | 'fenced'
  /** For `fenced`: how many replicas must have an entry, 1 to 5. Default 1. */
  readonly replicas?: number
  /**
   * The staleness bound: every node rejects a login this long after its revocation was confirmed, at the
   * latest, ms, 100 to 60 000. Default 1000.
   */
  readonly maxStalenessMs?: number
  /** How far the clocks of nodes and servers may differ, ms, 0 to 60 000. Default 1000. */
  readonly clockSkewMs?: number
  /**
   * How long entries are stored, seconds, 10 to 604 800; not below `retentionSeconds` of createLogins.
   * Default 3600.
   */
  readonly retentionSeconds?: number
  /** How long a publish tries before it rejects, ms, 100 to 60 000. Default 1000. */
  readonly publishTimeoutMs?: number
  /** What all keys begin with: 1 to 64 characters without braces or spaces. Default `drawbridge`. */
  readonly prefix?: string

  /** Gets what happens in the feed; so does {@link feedChannel}. */
  readonly onEvent?: (event: FeedEvent) => void
  /** ms since the epoch. Default `Date.now`. */
  readonly now?: () => number
}

const schema = v.strictObject({
  redis: v.union([redisClient, v.array(redisClient)], 'must be a client of ioredis, or three of them'),
  mode: v.optional(
    v.picklist(['single', 'quorum', 'fenced'], 'must be "single", "quorum" or "fenced"'),
    'single'
  ),
  replicas: v.optional(wholeNumber(1, 5), 1),
  maxStalenessMs: v.optional(wholeNumber(100, 60_000), 1000),
  clockSkewMs: v.optional(wholeNumber(0, 60_000), 1000),
  retentionSeconds: v.optional(wholeNumber(10, 604_800), 3600),
  publishTimeoutMs: v.optional(wholeNumber(100, 60_000), 1000),
  prefix: keyPrefix,
  onEvent: v.optional(func<(event: FeedEvent) => void>()),
  now: v.optional(clock())
})

/**
 * The hash tags of the three logs. Their slots, 15495, 3300 and 7365 of 16384, are in different thirds of a
 * Cluster.
 */
const HASH_TAGS = ['a', 'b', 'c']

/**
 * Creates the feed by which revocations reach every node of a service that shares a Redis.
 *
 * @throws OptionError for an invalid option.
 * @example
 * ```ts
 * const logins = createLogins({
 *   store: createRedisLoginStore({ redis }),
 *   feed: createRedisFeed({ redis })
 * })
 * ```
 */
export function createRedisFeed(input: RedisFeedOptions): RevocationFeed {
  const options = parseOptions('redisFeed', schema, input)
  const clients = selectClients(options.redis, options.mode)
  const onEvent = withFeedChannel(safeListener(options.onEvent))
  const drivers = clients.map((redis, log) => {
    return new RedisLogDriver({
      redis,
      keyBase: `${options.prefix}:{${HASH_TAGS[log]}}:`,
      retentionMs: options.retentionSeconds * 1000,
      timeoutMs: Math.min(400, options.publishTimeoutMs),
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
    monotonicNow: () => performance.now(),
    wallNow: options.now ?? Date.now,
    onEvent
  })
}

function selectClients(
  redis: RedisClient | readonly RedisClient[],
  mode: 'single' | 'quorum' | 'fenced'
): readonly RedisClient[] {
  const clients = Array.isArray(redis) ? (redis as readonly RedisClient[]) : [redis as RedisClient]
  if (mode !== 'quorum' && clients.length === 1) return clients
  if (mode === 'quorum' && clients.length === 3) return clients
  const [one] = clients
  if (mode === 'quorum' && clients.length === 1 && one?.isCluster) return [one, one, one]
  throw new OptionError(
    mode === 'quorum'
      ? 'redisFeed.redis must be three clients, or one of a Cluster, where redisFeed.mode is "quorum"'
      : `redisFeed.redis must be one client where redisFeed.mode is "${mode}", got ${clients.length}`
  )
}
