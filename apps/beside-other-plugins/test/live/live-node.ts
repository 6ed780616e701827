import { createRedisFeed, createRedisLoginStore } from '@drawbridge/logins/redis'
import type { SigningKey } from '@drawbridge/token-auth'
import { createNaiveFeed } from '@drawbridge/test-support/feed/naive-feed'
import { Redis } from 'ioredis'
import { type LiveService, startLiveService } from './live-service.ts'

/*
 * A process that runs one node after the other; SIGSTOP makes the node unresponsive.
 */

export type Command =
  | {
      readonly kind: 'begin'
      readonly redisPort: number
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
  const { redisPort, keys, isNaive, beatMs } = command
  const redis = new Redis({ port: redisPort, host: '127.0.0.1', lazyConnect: true })
  const store = createRedisLoginStore({ redis })
  const feed = isNaive ? createNaiveFeed(redis, 'drawbridge') : createRedisFeed({ redis })
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
