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

/** Where logins, revocations and counts of attempts are stored. */
export interface LoginStores {
  readonly store: LoginStore
  /** Absent where `createLogins` makes one in this process. */
  readonly feed?: RevocationFeed
  /** The `throttle` option of createCredentials; empty where attempts are counted in this process. */
  readonly throttle: Pick<Exclude<CredentialsOptions['throttle'], false | undefined>, 'limiters'>
  /** Closes what the stores do not close themselves, after them. */
  readonly close: () => Promise<void>
}

export type LoginStoresConfig = Pick<
  Config,
  'dataDir' | 'redis' | 'redisTimeoutMs' | 'feedMode' | 'maxStalenessMs'
>

/** Listeners for what happens in the background. */
export interface Listeners {
  readonly onError: (error: unknown) => void
  readonly onWarning: (warning: string) => void
  readonly onFeedEvent: (event: FeedEvent) => void
}

/** Shared by all nodes where REDIS_URL is set, otherwise local to this process. */
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

/** A file of its own: a transaction on users must never delay a log-out. */
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
  return {
    store,
    feed: createRedisFeed({
      redis,
      mode: feedMode,
      maxStalenessMs,
      retentionSeconds: Math.max(FEED_RETENTION_SECONDS, retentionSeconds),
      onEvent: onFeedEvent
    }),
    throttle: { limiters: createRedisLimiters({ redis, onError }) },
    close: async () => {}
  }
}

const FEED_RETENTION_SECONDS = 3600
