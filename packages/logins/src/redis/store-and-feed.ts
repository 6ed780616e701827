import * as v from 'valibot'
import { parseOptions } from '@drawbridge/options'
import type { RevocationFeed } from '../revocation/feed.ts'
import { createRedisFeed } from './feed/redis-feed.ts'
import { keyPrefix, redisClient } from './options.ts'
import type { RedisClient } from './redis-client.ts'
import { createRedisLoginStore, type RedisLoginStore } from './store/redis-login-store.ts'

/** Options of {@link createRedisStoreAndFeed}. */
export interface RedisStoreAndFeedOptions {
  /** As that of `createRedisLoginStore`. */
  readonly redis: RedisClient
  /** As that of `createRedisLoginStore`; of the feed too, or nodes would hear of other logins than they have. */
  readonly prefix?: string
}

const schema = v.strictObject({ redis: redisClient, prefix: keyPrefix })

/**
 * Creates a store of logins in Redis and the feed that goes with it, with the defaults of both, for `createLogins`.
 *
 * @throws OptionError for an invalid option.
 * @example
 * ```ts
 * const redis = new Redis('redis://localhost', { lazyConnect: true })
 * const logins = createLogins({ ...createRedisStoreAndFeed({ redis }), getClaims })
 * ```
 */
export function createRedisStoreAndFeed(input: RedisStoreAndFeedOptions): {
  readonly store: RedisLoginStore
  readonly feed: RevocationFeed
} {
  const options = parseOptions('redisStoreAndFeed', schema, input)
  return { store: createRedisLoginStore(options), feed: createRedisFeed(options) }
}
