import type { FeedServers } from '@drawbridge/test-support/feed/fault-scenarios'
import { Cluster, Redis } from 'ioredis'
import type { RevocationFeed } from '../../../src/index.ts'
import { createRedisFeed, type RedisFeedOptions } from '../../../src/redis/index.ts'
import { createNaiveFeed } from '@drawbridge/test-support/feed/naive-feed'

export interface FeedSpec extends Pick<
  RedisFeedOptions,
  'mode' | 'replicas' | 'prefix' | 'publishTimeoutMs'
> {
  readonly servers: FeedServers
  readonly isNaive?: boolean
}

export const MAX_STALENESS_MS = 1000
const PREFIX = 'test'

export interface OpenedFeed {
  readonly feed: RevocationFeed
  close(): Promise<void>
}

export function openFeed({ servers, isNaive = false, ...options }: FeedSpec): OpenedFeed {
  const clients = createClients(servers)
  const [first] = clients
  const redis = clients.length === 1 ? (first as Redis) : (clients as Redis[])
  const feed = isNaive
    ? createNaiveFeed(first as Redis, PREFIX)
    : createRedisFeed({ prefix: PREFIX, ...options, redis, maxStalenessMs: MAX_STALENESS_MS, clockSkewMs: 0 })
  return {
    feed,
    close: async () => {
      await feed.close()
      for (const client of clients) client.disconnect()
    }
  }
}

/** Never used themselves, so they need not connect. */
function createClients({ ports = [], sentinels, clusterPorts }: FeedServers): ReadonlyArray<Redis | Cluster> {
  const host = '127.0.0.1'
  if (sentinels !== undefined)
    return [new Redis({ sentinels: [...sentinels], name: 'main', lazyConnect: true })]
  if (clusterPorts !== undefined) {
    return [
      new Cluster(
        clusterPorts.map((port) => ({ host, port })),
        { lazyConnect: true }
      )
    ]
  }
  return ports.map((port) => new Redis({ port, host, lazyConnect: true }))
}
