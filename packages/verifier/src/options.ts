import type { FeedReader, OnStale, OnStoreDown } from '@drawbridge/logins'
import {
  checkServeStaleFor,
  defaultCacheEntries,
  onStaleOption,
  onStoreDownOption
} from '@drawbridge/logins/carrier'
import {
  clock,
  func,
  objectWithMethods,
  OptionError,
  parseOptions,
  safeListener,
  VALUE_OMITTED,
  wholeNumber
} from '@drawbridge/options'
import { getHeapStatistics } from 'node:v8'
import * as v from 'valibot'
import { authenticateByKey, authenticateBySecret } from './client-authentication.ts'
import type { IntrospectionOptions } from './introspection.ts'
import { type PrivateJwk, readClientKey } from './keys/client-key.ts'
import type { PublicJwk } from './keys/given-keys.ts'

/** How the issuer is asked about a token (RFC 7662). */
export interface IntrospectionOption {
  /** Of `POST /token/introspect` of the issuer. */
  readonly url: string | URL
  /** One of the `clients` of the issuer. */
  readonly clientId: string
  /** Its secret (`client_secret_basic`); this or `clientKey`. */
  readonly clientSecret?: string
  /**
   * Its private key, with a `kid` and an `alg`, as JWK: it signs an assertion for each question (`private_key_jwt`). The issuer has the public
   * half in `keys` of the client.
   */
  readonly clientKey?: PrivateJwk
  /** How long the issuer may take to respond, ms, 100 to 60 000. Default 2000. */
  readonly timeoutMs?: number
}

/** Options of {@link verifier} and {@link createVerifier}. */
export interface VerifierOptions {
  /** `iss` of the tokens: the option `issuer` of the token-auth that makes them. */
  readonly issuer: string
  /** `aud` of the tokens, as `issuer`. */
  readonly audience: string
  /** Where the issuer publishes its keys (`/.well-known/jwks.json`); or the public keys themselves, a JWK Set or a list. */
  readonly keys: string | URL | { readonly keys: readonly PublicJwk[] } | readonly PublicJwk[]
  /** By which log-outs are heard: `createRedisFeedReader`. Closed with the verifier. */
  readonly feed: FeedReader
  /**
   * How the issuer is asked where the feed does not say whether a login is active: while it is stale, about a token that is older
   * than what it covers, and after a change of the user's claims. Default: not at all, and the response is 503.
   */
  readonly introspection?: IntrospectionOption
  /** How far the clocks of issuer, feed and this node may be apart, seconds, 0 to 60. Default 5. */
  readonly clockSkewSeconds?: number
  /**
   * How long a revoked login is remembered, seconds, 10 to 86 400. With `clockSkewSeconds` taken off, the longest life of a token that
   * is accepted. Default 900.
   */
  readonly retentionSeconds?: number
  /** How long a verified token is served before it is verified again, seconds, 1 to `retentionSeconds`. Default 300. */
  readonly cacheMaxAgeSeconds?: number
  /**
   * How many verified tokens the cache holds, 2 to 10 000 000. Default: one per 16 KiB of this process's heap limit, at most
   * 100 000.
   */
  readonly cacheMaxEntries?: number
  /**
   * Keys of a URL are fetched three times within this many seconds, 30 to 86 400, and unknown when they are older. A key that is
   * removed is valid for a third of this where the issuer can be reached, and no longer than this. Default 300.
   */
  readonly keysMaxAgeSeconds?: number
  /** What a node does while its feed is stale: ask the issuer (`ask-store`), or respond with 503. Default `ask-store`. */
  readonly onStale?: OnStale
  /**
   * What a node does when the feed does not say whether a login is active, and the issuer does not either: respond with 503, or
   * serve what was valid lately. Default `fail-closed`.
   */
  readonly onStoreDown?: OnStoreDown
  /** Gets errors that no request is waiting for, such as a failed fetch of the keys. Default: the plugin logs them. */
  readonly onError?: (error: unknown) => void
  /** ms since the epoch, for tests. Default `Date.now`. */
  readonly now?: () => number
  /** ms on a clock that never goes back, for tests. Default: `now` where that is given, else `performance.now`. */
  readonly monotonicNow?: () => number
}

const MAX_SECONDS = 86_400

const name = v.pipe(
  v.string('must be a string'),
  v.check((text) => text !== '' && text.length <= 255 && text.isWellFormed(), 'must have 1 to 255 characters')
)

const clientSecret = v.custom<string>(
  (value) => typeof value === 'string' && value !== '' && value.length <= 255,
  `must be a string of 1 to 255 characters${VALUE_OMITTED}`
)

const url = v.pipe(
  v.custom<string | URL>(
    (value) => toUrl(value) !== null,
    `must be a URL that begins with https: or http:, without a password${VALUE_OMITTED}`
  ),
  v.transform((value) => toUrl(value) as URL)
)

/** Without a name and a password in it: a URL is in logs. */
function toUrl(value: unknown): URL | null {
  if (!(typeof value === 'string' || value instanceof URL) || !URL.canParse(String(value))) return null
  const parsed = new URL(value)
  return /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '' ? parsed : null
}

const schema = v.strictObject({
  issuer: name,
  audience: name,
  // Read by `parseKeys`, whose messages have nothing of a key.
  keys: v.unknown(),
  feed: objectWithMethods<FeedReader>('a FeedReader', 'subscribe', 'subscribeChanges', 'isFresh', 'renew'),
  introspection: v.optional(
    v.strictObject({
      url,
      clientId: name,
      clientSecret: v.optional(clientSecret),
      // Read by `readClientKey`, whose messages have nothing of a key.
      clientKey: v.optional(v.unknown()),
      timeoutMs: v.optional(wholeNumber(100, 60_000), 2000)
    })
  ),
  clockSkewSeconds: v.optional(wholeNumber(0, 60), 5),
  retentionSeconds: v.optional(wholeNumber(10, MAX_SECONDS), 900),
  cacheMaxAgeSeconds: v.optional(wholeNumber(1, MAX_SECONDS), 300),
  cacheMaxEntries: v.optional(wholeNumber(2, 10_000_000), () =>
    defaultCacheEntries(getHeapStatistics().heap_size_limit)
  ),
  keysMaxAgeSeconds: v.optional(wholeNumber(30, MAX_SECONDS), 300),
  onStale: v.optional(onStaleOption, 'ask-store'),
  onStoreDown: v.optional(onStoreDownOption, 'fail-closed'),
  onError: v.optional(func<(error: unknown) => void>()),
  now: v.optional(clock()),
  monotonicNow: v.optional(clock())
})

/** The options, checked and with defaults. */
export interface ParsedOptions extends Readonly<
  Omit<v.InferOutput<typeof schema>, 'keys' | 'introspection' | 'now' | 'monotonicNow' | 'onError'>
> {
  /** Where the keys are, or what they are: not read yet. */
  readonly keys: URL | readonly unknown[]
  readonly introspection: IntrospectionOptions | undefined
  readonly now: () => number
  readonly monotonicNow: () => number
  /** Never throws. */
  readonly onError: (error: unknown) => void
}

/** @throws OptionError */
export function parseVerifierOptions(input: VerifierOptions): ParsedOptions {
  const { keys, introspection, monotonicNow, onError, ...given } = parseOptions('verifier', schema, input)
  const parsed = { ...given, now: given.now ?? Date.now }
  const { cacheMaxAgeSeconds, retentionSeconds } = parsed
  if (cacheMaxAgeSeconds > retentionSeconds)
    throw new OptionError(
      `verifier.cacheMaxAgeSeconds (${cacheMaxAgeSeconds}) must not be above verifier.retentionSeconds (${retentionSeconds})`
    )
  checkServeStaleFor('verifier', parsed.onStoreDown, retentionSeconds)
  return Object.freeze({
    ...parsed,
    keys: parseKeys(keys),
    introspection: introspection && parseIntrospection(introspection, parsed),
    monotonicNow: monotonicNow ?? given.now ?? (() => performance.now()),
    onError: safeListener(onError)
  })
}

function parseIntrospection(
  { url, timeoutMs, ...client }: NonNullable<v.InferOutput<typeof schema>['introspection']>,
  { issuer, now }: Pick<ParsedOptions, 'issuer' | 'now'>
): IntrospectionOptions {
  const { clientId, clientSecret: secret, clientKey } = client
  if ((secret === undefined) === (clientKey === undefined))
    throw new OptionError('verifier.introspection must have a clientSecret or a clientKey, and not both')
  const authenticate =
    secret === undefined
      ? authenticateByKey({ clientId, key: readClientKey(clientKey), audience: issuer, now })
      : authenticateBySecret(clientId, secret)
  return { url, timeoutMs, authenticate }
}

function parseKeys(input: unknown): URL | readonly unknown[] {
  const found = toUrl(input)
  if (found !== null) return found
  const list = Array.isArray(input) ? input : (input as { readonly keys?: unknown } | null | undefined)?.keys
  if (Array.isArray(list)) return list as readonly unknown[]
  throw new OptionError(
    'verifier.keys must be the URL of a JSON Web Key Set, or such a set, or a list of public keys'
  )
}
