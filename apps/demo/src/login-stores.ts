import { type CredentialsOptions } from '@drawbridge/credentials'
import { createRedisLimiters } from '@drawbridge/credentials/redis'
import { type RevocationFeed, type LoginStore } from '@drawbridge/logins'
import { createRedisFeed, createRedisLoginStore, type FeedEvent } from '@drawbridge/logins/redis'
import { createSqliteLoginStore } from '@drawbridge/logins/sqlite'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { openRedis } from './redis.ts'
import type { RedisUrl } from './redis-url.ts'
import { openSqlite } from './sqlite.ts'

/** Where logins, the feed and the counts of attempts are kept. */
export interface LoginStores {
  readonly store: LoginStore
  /** Absent where the store has one of its own. */
  readonly feed?: RevocationFeed
  /** For the throttle of createCredentials; nothing where attempts are counted in this process. */
  readonly throttle: Pick<Exclude<CredentialsOptions['throttle'], false | undefined>, 'createLimiter'>
  readonly close: () => Promise<void>
}

export type LoginStoresConfig = Pick<
  Config,
  'dataDir' | 'redis' | 'redisTimeoutMs' | 'feedMode' | 'maxStalenessMs'
>

/** Who is told of what no request waits for. */
export interface Listeners {
  readonly onError: (error: unknown) => void
  readonly onWarning: (warning: string) => void
  readonly onFeedEvent: (event: FeedEvent) => void
}

/** Shared by many nodes where REDIS_URL is set, otherwise of this process alone. */
export async function openLoginStores(
  config: LoginStoresConfig,
  retentionSeconds: number,
  listeners: Listeners
): Promise<LoginStores> {
  const { redis, dataDir } = config
  return redis === undefined
    ? openSqliteStores(dataDir)
    : openRedisStores({ ...config, redis }, retentionSeconds, listeners)
}

/** A file of its own: a transaction on users must never stand in the way of a log-out. */
function openSqliteStores(dataDir: string): LoginStores {
  const database = openSqlite(join(dataDir, 'logins.db'))
  return {
    store: createSqliteLoginStore({ database }),
    throttle: {},
    close: async () => void database.close()
  }
}

async function openRedisStores(
  { redis: url, redisTimeoutMs, feedMode, maxStalenessMs }: LoginStoresConfig & { readonly redis: RedisUrl },
  retentionSeconds: number,
  { onError, onWarning, onFeedEvent }: Listeners
): Promise<LoginStores> {
  const redis = await openRedis(url, onWarning)
  const store = createRedisLoginStore({ redis, commandTimeoutMs: redisTimeoutMs, onError })
  const limiters = createRedisLimiters({ redis, onError })
  return {
    store,
    feed: createRedisFeed({
      redis,
      mode: feedMode,
      maxStalenessMs,
      retentionSeconds: Math.max(FEED_RETENTION_SECONDS, retentionSeconds),
      onEvent: onFeedEvent
    }),
    throttle: { createLimiter: limiters.createLimiter },
    close: async () => {
      limiters.close()
      await store.close()
    }
  }
}

const FEED_RETENTION_SECONDS = 3600
