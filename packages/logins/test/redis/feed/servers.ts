import type { FeedServers } from '@drawbridge/test-support/feed/fault-scenarios'
import { createClients } from '@drawbridge/test-support/feed/create-clients'
import type { Cluster, Redis } from 'ioredis'
import type { FeedReader, RevocationFeed } from '../../../src/index.ts'
import { createRedisFeed, createRedisFeedReader, type RedisFeedOptions } from '../../../src/redis/index.ts'
import { createNaiveFeed } from '@drawbridge/test-support/feed/naive-feed'

export interface FeedSpec extends Pick<
  RedisFeedOptions,
  'mode' | 'replicas' | 'prefix' | 'publishTimeoutMs'
> {
  readonly servers: FeedServers
  readonly isNaive?: boolean
  /** Whether the nodes only read; who revokes logins writes all the same. */
  readonly isReadOnly?: boolean
}

export const MAX_STALENESS_MS = 1000
const PREFIX = 'test'

export interface OpenedFeed<Feed extends FeedReader = FeedReader> {
  readonly feed: Feed
  close(): Promise<void>
}

/** Opens the feed of a node that may write. */
export function openFeed({
  servers,
  isNaive = false,
  isReadOnly: _,
  ...options
}: FeedSpec): OpenedFeed<RevocationFeed> {
  const clients = createClients(servers)
  const [first] = clients
  const redis = clients.length === 1 ? (first as Redis) : (clients as Redis[])
  const feed = isNaive
    ? createNaiveFeed(first as Redis, PREFIX)
    : createRedisFeed({ prefix: PREFIX, ...options, redis, maxStalenessMs: MAX_STALENESS_MS, clockSkewMs: 0 })
  return closing(feed, clients)
}

/** Opens the feed as the nodes of a spec do. */
export function openFeedOfNode(spec: FeedSpec): OpenedFeed {
  if (spec.isReadOnly !== true) return openFeed(spec)
  const { servers, mode, prefix = PREFIX } = spec
  const clients = createClients(servers)
  const redis = clients.length === 1 ? (clients[0] as Redis) : (clients as Redis[])
  const shared = { prefix, maxStalenessMs: MAX_STALENESS_MS, clockSkewMs: 0 }
  return closing(createRedisFeedReader({ redis, ...(mode && { mode }), ...shared }), clients)
}

function closing<Feed extends FeedReader>(
  feed: Feed,
  clients: ReadonlyArray<Redis | Cluster>
): OpenedFeed<Feed> {
  return {
    feed,
    close: async () => {
      await feed.close()
      for (const client of clients) client.disconnect()
    }
  }
}
