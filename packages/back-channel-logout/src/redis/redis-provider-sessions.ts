import { openRedisKeys, type RedisKeysOptions } from '@drawbridge/options'
import type { Cluster, Redis } from 'ioredis'
import type { ProviderSessions } from '../sessions/provider-sessions.ts'

/** Options of {@link createRedisProviderSessions}. */
export interface RedisProviderSessionsOptions extends RedisKeysOptions<Redis | Cluster> {}

/** The key stays for as long as the login of a session that expires last. */
const LINK = `
redis.call('SADD', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 1`

interface LinkingClient {
  linkProviderSession(key: string, loginId: string, ttlMs: number): Promise<number>
}

/**
 * In Redis, for all nodes together. Each key is for itself, so that a Cluster may have it anywhere.
 *
 * @throws OptionError
 * @example
 * ```ts
 * const sessions = createRedisProviderSessions({ redis })
 * ```
 */
export function createRedisProviderSessions(options: RedisProviderSessionsOptions): ProviderSessions {
  const { client, prefix, waitUntilReady, ttlUntil } = openRedisKeys(
    'redisProviderSessions',
    'provider-sessions',
    options
  )
  client.defineCommand('linkProviderSession', { numberOfKeys: 1, lua: LINK })
  const linking = client as unknown as LinkingClient
  const sessionKey = (session: string) => `${prefix}:provider-session:${session}`
  const tokenKey = (token: string) => `${prefix}:logout-token:${token}`
  return Object.freeze<ProviderSessions>({
    isShared: true,
    link: async (session, loginId, expiresAt) => {
      await waitUntilReady()
      await linking.linkProviderSession(sessionKey(session), loginId, ttlUntil(expiresAt))
    },
    find: async (session) => {
      await waitUntilReady()
      return client.smembers(sessionKey(session))
    },
    accept: async (token, expiresAt) => {
      await waitUntilReady()
      await client.set(tokenKey(token), '1', 'PX', ttlUntil(expiresAt))
    },
    wasAccepted: async (token) => {
      await waitUntilReady()
      return (await client.exists(tokenKey(token))) === 1
    },
    close: () => client.disconnect()
  })
}
