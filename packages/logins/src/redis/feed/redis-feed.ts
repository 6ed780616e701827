import * as v from 'valibot'
import type { RevocationFeed } from '../../revocation/feed.ts'
import type { FeedEvent } from '../../revocation/log/feed-event.ts'
import { clock, func, parseOptions, wholeNumber } from '@drawbridge/options'
import { keyPrefix, redisClient } from '../options.ts'
import type { RedisClient } from '../redis-client.ts'
import { type FeedMode, openLogFeed } from './open-log-feed.ts'

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
  readonly mode?: FeedMode
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

/** The schema of the option `redis` of a feed. */
export const feedClients = v.union(
  [redisClient, v.array(redisClient)],
  'must be a client of ioredis, or three of them'
)

/** The schema of the option `mode` of a feed. */
export const feedMode = v.optional(
  v.picklist(['single', 'quorum', 'fenced'], 'must be "single", "quorum" or "fenced"'),
  'single'
)

const schema = v.strictObject({
  redis: feedClients,
  mode: feedMode,
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
  return openLogFeed({ owner: 'redisFeed', isReadOnly: false, ...parseOptions('redisFeed', schema, input) })
}
