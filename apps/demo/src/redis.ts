import { checkRedis, type RedisClient } from '@drawbridge/logins/redis'
import { Cluster, Redis } from 'ioredis'
import { ConfigError } from './config.ts'
import type { RedisUrl } from './redis-url.ts'

/**
 * The client that store, feed and attempts make theirs from; it never connects itself.
 * @throws ConfigError where logins must not be kept there.
 */
export async function openRedis(url: RedisUrl, onWarning: (sentence: string) => void): Promise<RedisClient> {
  const client = clientOf(url)
  const { problems, warnings } = await checkRedis(client)
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => `REDIS_URL: Redis ${problem}`))
  for (const warning of warnings) onWarning(`REDIS_URL: Redis ${warning}`)
  return client
}

function clientOf(url: RedisUrl): RedisClient {
  const access = accessOf(url)
  switch (url.kind) {
    case 'cluster':
      return new Cluster([...url.nodes], { lazyConnect: true, redisOptions: access })
    case 'sentinel':
      return new Redis({ ...access, lazyConnect: true, sentinels: [...url.sentinels], name: url.name })
    case 'single':
      return new Redis({ ...access, ...serverOf(url), lazyConnect: true })
  }
}

function accessOf({ username, password }: RedisUrl) {
  return { ...(username !== undefined && { username }), ...(password !== undefined && { password }) }
}

function serverOf({ host, port, db, tls }: Extract<RedisUrl, { kind: 'single' }>) {
  return { host, port, db, ...(tls && { tls: { servername: host } }) }
}
