import { Cluster, Redis } from 'ioredis'
import type { FeedServers } from './fault-scenarios.ts'

const HOST = '127.0.0.1'

/** The clients of a feed, one for each of its servers where these are no group. A feed duplicates them, so none connects. */
export function createClients({
  ports = [],
  sentinels,
  clusterPorts
}: FeedServers): ReadonlyArray<Redis | Cluster> {
  if (sentinels !== undefined)
    return [new Redis({ sentinels: [...sentinels], name: 'main', lazyConnect: true })]
  if (clusterPorts !== undefined) {
    const nodes = clusterPorts.map((port) => ({ host: HOST, port }))
    return [new Cluster(nodes, { lazyConnect: true })]
  }
  return ports.map((port) => new Redis({ port, host: HOST, lazyConnect: true }))
}
