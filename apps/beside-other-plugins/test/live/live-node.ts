import { createRedisFeed, createRedisLoginStore, type RedisFeedOptions } from '@drawbridge/logins/redis'
import type { SigningKey } from '@drawbridge/token-auth'
import { createClients } from '@drawbridge/test-support/feed/create-clients'
import type { FeedServers } from '@drawbridge/test-support/feed/fault-scenarios'
import { createNaiveFeed } from '@drawbridge/test-support/feed/naive-feed'
import type { Redis } from 'ioredis'
import { type LiveService, startLiveService } from './live-service.ts'

/*
 * A process that runs one node after the other; SIGSTOP makes the node unresponsive.
 */

export type Command =
  | {
      readonly kind: 'begin'
      /** Of the feed, and of the logins too where these have no server of their own. */
      readonly servers: FeedServers
      readonly loginsPort?: number
      readonly mode?: RedisFeedOptions['mode']
      readonly keys: readonly SigningKey[]
      readonly isNaive: boolean
      readonly beatMs: number
    }
  | { readonly kind: 'end' }

let service: LiveService | null = null

async function run(command: Command): Promise<string> {
  await service?.app.close()
  service = null
  if (command.kind === 'end') return ''
  const { servers, loginsPort, mode = 'single', keys, isNaive, beatMs } = command
  const clients = createClients(servers)
  const [first] = clients as readonly [Redis]
  const [stored] = loginsPort === undefined ? clients : createClients({ ports: [loginsPort] })
  const store = createRedisLoginStore({ redis: stored as Redis })
  const feed = isNaive
    ? createNaiveFeed(first, 'drawbridge')
    : createRedisFeed({ redis: clients.length === 1 ? first : clients, mode })
  service = await startLiveService({ keys, beatMs, logins: { store, feed } })
  return service.url
}

process.on('message', (command: Command) => {
  void run(command).then(
    (url) => process.send?.({ url }),
    (error: unknown) => process.send?.({ error: String(error) })
  )
})
process.on('disconnect', () => process.exit())
