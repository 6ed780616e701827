import type { EventEmitter } from 'node:events'
import * as v from 'valibot'
import { type AnyClient, duplicateClient } from './duplicate-client.ts'
import { clock, func, objectWithMethods, parseOptions, wholeNumber } from './parse-options.ts'
import { plainError } from './plain-error.ts'
import { safeListener } from './safe-listener.ts'
import { createReadyWait } from './wait-until-ready.ts'

/** Options of a store of short-lived keys in Redis. */
export interface RedisKeysOptions<Client> {
  /** A client of ioredis 5 or 6: single, Sentinel or Cluster. It is duplicated, and not used otherwise. */
  readonly redis: Client
  /** Prefix of all keys. Default `drawbridge`. */
  readonly prefix?: string
  /** How long a call waits for Redis, ms, 10 to 60 000. Default 1000. */
  readonly timeoutMs?: number
  /** ms since the epoch. Default `Date.now`. */
  readonly now?: () => number
  /** Called with errors of the connection. Default: ignored. */
  readonly onError?: (error: unknown) => void
}

/** What a store of short-lived keys works with. */
export interface RedisKeys<Client> {
  /** Without an offline queue: a command is sent once `waitUntilReady` has resolved. */
  readonly client: Client
  readonly prefix: string
  /** Resolves once the client is connected, and rejects where it is not in time. */
  readonly waitUntilReady: () => Promise<unknown>
  /** For how long to keep what is needed until then (ms since the epoch), ms. */
  readonly ttlUntil: (expiresAt: number) => number
}

/** The clocks of the nodes may differ: a key stays for longer than any of them needs it. */
const MARGIN_MS = 60_000

/**
 * Opens the connection of a store of short-lived keys.
 *
 * @param name begins the message of an error.
 * @param purpose names the connection for the operators of the server.
 * @throws OptionError
 */
export function openRedisKeys<Client extends AnyClient & { disconnect(): void }>(
  name: string,
  purpose: string,
  options: RedisKeysOptions<Client>
): RedisKeys<Client> {
  const schema = v.strictObject({
    redis: objectWithMethods<Client>('a client of ioredis', 'duplicate', 'disconnect'),
    prefix: v.optional(v.string('must be a string'), 'drawbridge'),
    timeoutMs: v.optional(wholeNumber(10, 60_000), 1000),
    now: v.optional(clock(), () => Date.now),
    onError: v.optional(func<(error: unknown) => void>())
  })
  const { redis, prefix, timeoutMs, now, onError } = parseOptions(name, schema, options)
  const client = duplicateClient(redis, {
    connectionName: `drawbridge:${purpose}`,
    commandTimeout: timeoutMs
  })
  const listener = safeListener(onError)
  const emitter = client as unknown as EventEmitter & { readonly status: string }
  emitter.on('error', (error: unknown) => listener(plainError(error)))
  return {
    client,
    prefix,
    waitUntilReady: createReadyWait(emitter, timeoutMs),
    ttlUntil: (expiresAt) => Math.max(1, Math.ceil(expiresAt - now())) + MARGIN_MS
  }
}
