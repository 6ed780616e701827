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
import type { SpentTokens } from '../one-time-tokens/spent-tokens.ts'

/** Options of {@link createRedisSpentTokens}. */
export interface RedisSpentTokensOptions {
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

/** The store, and its connection. */
export interface RedisSpentTokens extends SpentTokens {
  /** Closes the connection that was opened for the store. */
  close(): void
}

const schema = v.strictObject({
  redis: objectWithMethods<Redis | Cluster>('a client of ioredis', 'duplicate', 'defineCommand'),
  prefix: v.optional(v.string('must be a string'), 'drawbridge'),
  timeoutMs: v.optional(wholeNumber(10, 60_000), 1000),
  now: v.optional(func<() => number>(), () => Date.now),
  onError: v.optional(func<(error: unknown) => void>())
})

/** The clocks of the nodes may differ: an id is remembered for longer than any of them accepts its token. */
const MARGIN_MS = 60_000

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
  const { redis, prefix, timeoutMs, now, onError } = parseOptions('redisSpentTokens', schema, options)
  const client = duplicateClient(redis, {
    connectionName: 'drawbridge:spent-tokens',
    commandTimeout: timeoutMs
  })
  const listener = safeListener(onError)
  client.on('error', (error: unknown) => listener(plainError(error)))
  const waitUntilReady = createReadyWait(client, timeoutMs)
  return Object.freeze({
    spend: async (id: string, expiresAt: number) => {
      await waitUntilReady()
      const ttlMs = Math.max(1, Math.ceil(expiresAt - now())) + MARGIN_MS
      return (await client.set(`${prefix}:spent-token:${id}`, '1', 'PX', ttlMs, 'NX')) === 'OK'
    },
    close: () => client.disconnect()
  })
}
