import { openRedisKeys, type RedisKeysOptions } from '@drawbridge/options'
import type { Cluster, Redis } from 'ioredis'
import type { SpentTokens } from '../one-time-tokens/spent-tokens.ts'

/** Options of {@link createRedisSpentTokens}. */
export interface RedisSpentTokensOptions extends RedisKeysOptions<Redis | Cluster> {}

/** The store, and its connection. */
export interface RedisSpentTokens extends SpentTokens {
  /** Closes the connection that was opened for the store. */
  close(): void
}

/**
 * Remembers used tokens in Redis, for all nodes together. While Redis does not reply, a call rejects: a token is then not used.
 * A failover may forget the ids of its last moments, as Redis replicates asynchronously.
 *
 * @throws OptionError
 * @example
 * ```ts
 * const spent = createRedisSpentTokens({ redis })
 * const links = createOneTimeTokens({ purpose: 'sign-in-link', secret, spent })
 * ```
 */
export function createRedisSpentTokens(options: RedisSpentTokensOptions): RedisSpentTokens {
  const { client, prefix, waitUntilReady, ttlUntil } = openRedisKeys(
    'redisSpentTokens',
    'spent-tokens',
    options
  )
  return Object.freeze({
    spend: async (id: string, expiresAt: number) => {
      await waitUntilReady()
      const key = `${prefix}:spent-token:${id}`
      return (await client.set(key, '1', 'PX', ttlUntil(expiresAt), 'NX')) === 'OK'
    },
    close: () => client.disconnect()
  })
}
