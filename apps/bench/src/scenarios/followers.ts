import { createHistogram } from 'node:perf_hooks'
import { createLogins, createMemoryLoginStore, type RevocationFeed } from '@drawbridge/logins'
import { createRedisFeed } from '@drawbridge/logins/redis'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import type { Scenario } from '../harness/server.ts'
import { type Pace, publishAll, publishAtPace, publishedAt } from './publish-revocations.ts'

const RETENTION_SECONDS = 900

/** What the nodes of a process have heard since the last `resetHeard`. */
export interface Heard {
  /** Of all nodes together. */
  readonly count: number
  /** From the call of `publish` on, ns. */
  readonly p50: number
  readonly p99: number
  /** How many times a node could not be sure any more that it knows every revocation. */
  readonly staleCount: number
}

/** Nodes without requests, several in a process: all that they do is to follow one feed, and to publish to it. */
export const followers: Scenario = async ({ followers: count = 0, redisUrl = '', prefix = 'followers' }) => {
  const redis = new Redis(redisUrl, { lazyConnect: true })
  const lag = createHistogram()
  let staleCount = 0
  const onStale = () => {
    staleCount += 1
  }
  const feeds = await Promise.all(Array.from({ length: count }, () => startNode(redis, prefix, onStale)))
  for (const feed of feeds)
    feed.subscribe(({ loginId }) =>
      lag.record(Math.max(1, Number(process.hrtime.bigint() - publishedAt(loginId))))
    )
  const url = await Fastify().listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    requests: { method: 'GET', path: '/', place: 'cookie', values: [] },
    methods: {
      resetHeard: async () => {
        lag.reset()
        staleCount = 0
      },
      readHeard: async (): Promise<Heard> => ({
        count: lag.count,
        p50: lag.percentile(50),
        p99: lag.percentile(99),
        staleCount
      }),
      publishAtPace: (pace: Pace) => publishAtPace(feeds, pace),
      publishAll: (amount: number) => publishAll(feeds, amount),
      /** How long one more node takes until it may use its cache, ms: it has read the whole feed by then. */
      startNode: async () => {
        const start = performance.now()
        await startNode(redis, prefix, onStale)
        return performance.now() - start
      }
    }
  }
}

/** Resolves once the node is fresh. */
async function startNode(redis: Redis, prefix: string, onStale: () => void): Promise<RevocationFeed> {
  const feed = createRedisFeed({
    redis,
    prefix,
    retentionSeconds: RETENTION_SECONDS,
    publishTimeoutMs: 10_000,
    onEvent: ({ type }) => {
      if (type === 'stale') onStale()
    }
  })
  // What a node does with each revocation.
  createLogins({ store: createMemoryLoginStore(), feed, retentionSeconds: RETENTION_SECONDS })
  while (!(await feed.renew(1000)));
  return feed
}
