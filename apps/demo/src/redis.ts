import { checkRedis, type RedisClient } from '@drawbridge/logins/redis'
import { Cluster, Redis } from 'ioredis'
import { isIP } from 'node:net'
import { ConfigError } from './config.ts'
import type { RedisUrl } from './redis-url.ts'

/**
 * The client that store, feed and limiters duplicate; it never connects itself.
 * @throws ConfigError where this Redis must not be used for logins.
 */
export async function openRedis(url: RedisUrl, onWarning: (sentence: string) => void): Promise<RedisClient> {
  const client = createClient(url)
  const { problems, warnings } = await checkRedis(client)
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => `REDIS_URL: Redis ${problem}`))
  for (const warning of warnings) onWarning(`REDIS_URL: Redis ${warning}`)
  return client
}

/** A client that connects at its first command. */
export function createClient(url: RedisUrl): RedisClient {
  switch (url.kind) {
    case 'cluster':
      return new Cluster([...url.nodes], { lazyConnect: true, redisOptions: connectionOptions(url) })
    case 'sentinel': {
      const tls = url.tls && { sentinelTLS: {}, enableTLSForSentinelMode: true }
      const { sentinels, name, db } = url
      return new Redis({
        ...connectionOptions(url),
        ...tls,
        lazyConnect: true,
        sentinels: [...sentinels],
        name,
        db
      })
    }
    case 'single': {
      const { host, port, db } = url
      return new Redis({ ...connectionOptions(url, host), host, port, db, lazyConnect: true })
    }
  }
}

/** @param host that the certificate must name, where all connections go to one host. */
function connectionOptions({ username, password, family, tls }: RedisUrl, host = '') {
  // An address is no server name (RFC 6066 section 3); the certificate is checked against it all the same.
  const servername = isIP(host) === 0 && host !== '' && { servername: host }
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(family !== undefined && { family }),
    ...(tls && { tls: { ...servername } })
  }
}
