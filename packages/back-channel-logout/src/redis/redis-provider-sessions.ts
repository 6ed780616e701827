import {
  createReadyWait,
  duplicateClient,
  func,
  objectWithMethods,
  parseOptions,
  plainError,
  safeListener,
  wholeNumber
} from '@drawbridge/options'
import type { Cluster, Redis } from 'ioredis'
import * as v from 'valibot'
import type { ProviderSessions } from '../sessions/provider-sessions.ts'

/** Options of {@link createRedisProviderSessions}. */
export interface RedisProviderSessionsOptions {
  /** A client of ioredis 5 or 6: single, Sentinel or Cluster. It is duplicated, and not used otherwise. */
  readonly redis: Redis | Cluster
  /** Prefix of all keys. Default `drawbridge`. */
  readonly prefix?: string
  /** How long a call waits for Redis, ms, 10 to 60 000. Default 1000. */
  readonly timeoutMs?: number
  /** ms since the epoch. Default `Date.now`. */
  readonly now?: () => number
  /** Called with errors of the connection. Default: ignored. */
  readonly onError?: (error: unknown) => void
}

const schema = v.strictObject({
  redis: objectWithMethods<Redis | Cluster>('a client of ioredis', 'duplicate', 'defineCommand'),
  prefix: v.optional(v.string('must be a string'), 'drawbridge'),
  timeoutMs: v.optional(wholeNumber(10, 60_000), 1000),
  now: v.optional(func<() => number>(), () => Date.now),
  onError: v.optional(func<(error: unknown) => void>())
})

/** The clocks of the nodes may differ: what is noted stays for longer than any of them needs it. */
const MARGIN_MS = 60_000

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
  const { redis, prefix, timeoutMs, now, onError } = parseOptions('redisProviderSessions', schema, options)
  const client = duplicateClient(redis, {
    connectionName: 'drawbridge:provider-sessions',
    commandTimeout: timeoutMs
  })
  client.defineCommand('linkProviderSession', { numberOfKeys: 1, lua: LINK })
  const linking = client as unknown as LinkingClient
  const listener = safeListener(onError)
  client.on('error', (error: unknown) => listener(plainError(error)))
  const waitUntilReady = createReadyWait(client, timeoutMs)
  const ttlUntil = (expiresAt: number) => Math.max(1, Math.ceil(expiresAt - now())) + MARGIN_MS
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
