import { clock, func, parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import type { FeedReader } from '../../revocation/feed.ts'
import type { FeedEvent } from '../../revocation/log/feed-event.ts'
import { keyPrefix } from '../options.ts'
import { openLogFeed } from './open-log-feed.ts'
import { feedClients, feedMode, type RedisFeedOptions } from './redis-feed.ts'

/** Options of {@link createRedisFeedReader}: the mode and the prefix must be those of the feed that is read. */
export type RedisFeedReaderOptions = Pick<
  RedisFeedOptions,
  'redis' | 'mode' | 'maxStalenessMs' | 'clockSkewMs' | 'prefix' | 'onEvent' | 'now'
>

const schema = v.strictObject({
  redis: feedClients,
  mode: feedMode,
  maxStalenessMs: v.optional(wholeNumber(100, 60_000), 1000),
  clockSkewMs: v.optional(wholeNumber(0, 60_000), 1000),
  prefix: keyPrefix,
  onEvent: v.optional(func<(event: FeedEvent) => void>()),
  now: v.optional(clock())
})

/** That of nodes that write: no more is needed to tell whether the beats are confirmed. */
const WRITER = { replicas: 1, publishTimeoutMs: 1000, retentionSeconds: Infinity }

/**
 * Opens the feed of another service to read it, with a Redis user that may not write. Until a node of that service has
 * started the log, and again after its server has restarted, the reader is not fresh.
 *
 * @throws OptionError for an invalid option.
 * @example
 * ```ts
 * const redis = new Redis('redis://orders:password@localhost', { lazyConnect: true })
 * const feed = createRedisFeedReader({ redis })
 * ```
 */
export function createRedisFeedReader(input: RedisFeedReaderOptions): FeedReader {
  const options = parseOptions('redisFeedReader', schema, input)
  return openLogFeed({ owner: 'redisFeedReader', isReadOnly: true, ...WRITER, ...options })
}
