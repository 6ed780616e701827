import { getHeapStatistics } from 'node:v8'
import * as v from 'valibot'
import { clock, OptionError, safeListener } from '@drawbridge/options'
import type { RevocationFeed } from './revocation/feed.ts'
import { createMemoryFeed } from './revocation/memory-feed.ts'
import type { Logins } from './logins.ts'
import { func, objectWithMethods, parseOptions, wholeNumber } from '@drawbridge/options'
import {
  checkServeStaleFor,
  type OnStale,
  onStaleOption,
  type OnStoreDown,
  onStoreDownOption
} from './cache/outage-policy.ts'
import type { LoginEvent } from './events/login-event.ts'
import type { Claims, GetClaims, OwnMembers } from './login/claims.ts'
import { createPublishEvent } from './events/login-events.ts'
import { StoredLogins } from './stored-logins.ts'
import type { FeedClocks, LoginStore } from './stores/login-store.ts'
import { traceStore } from './stores/trace-store.ts'

/** Options of {@link createLogins}. */
export interface LoginsOptions<Returned extends Claims = Claims> {
  /** Where login records are stored: the source of truth. */
  readonly store: LoginStore
  /**
   * How revocations reach the other nodes. Default: the store's own feed where it has one (SQLite), otherwise
   * a feed for one process. A store that is shared and has none (Redis) needs one: `createRedisFeed`.
   */
  readonly feed?: RevocationFeed
  /** `lastSeenAt` is written at most once per this many seconds, 1 to 3600. Default 60. */
  readonly touchIntervalSeconds?: number
  /**
   * How long a revoked login is remembered, seconds, 10 to 86 400. No credential may be valid without the
   * store for longer than this, and the plugins reject such options at boot. Default 900.
   */
  readonly retentionSeconds?: number
  /**
   * How long a verified credential is served before the store is asked again, seconds, 1 to 86 400; at most
   * `retentionSeconds`. Default 300.
   */
  readonly cacheMaxAgeSeconds?: number
  /**
   * How many verified credentials the cache of each carrier holds, 2 to 10 000 000. Default: one per 16 KiB
   * of this process's heap limit, at most 100 000.
   */
  readonly cacheMaxEntries?: number
  /**
   * Active logins a user may have, 1 to 10 000; one more revokes the oldest (ASVS 5.0 7.1.2). Default 100.
   */
  readonly maxLoginsPerUser?: number
  /**
   * Active keys (personal access tokens) a user may have beside these, 1 to 10 000; one more is refused, and revokes nothing.
   * Default 50.
   */
  readonly maxKeysPerUser?: number
  /**
   * Gives the scopes of a login's user, and the service's own members of the principal: from a table, if need be. Asked at a
   * sign-in, a refresh and an exchange, and whenever the store is asked about a credential; never for one that is cached.
   * A must where the service declares members on `Principal` that are not optional.
   *
   * What it gives is JSON, and copied. Where it fails, or rejects, the response is 503, a sign-in leaves no login and a
   * refresh uses up no token; an error with a `statusCode` is sent as it is.
   */
  readonly getClaims?: GetClaims<Returned>
  /** How long `getClaims` may take, ms, 10 to 60 000. Default 5000. */
  readonly claimsTimeoutMs?: number
  /**
   * What a node does while it is not fresh: ask the store for each request, or respond with 503. Default
   * `ask-store`.
   */
  readonly onStale?: OnStale
  /**
   * What a node does when the store is unreachable: respond with 503, or serve stale credentials for a while,
   * which must be at least 60 seconds less than `retentionSeconds`. Default `fail-closed`.
   */
  readonly onStoreDown?: OnStoreDown
  /**
   * How far the clock of this node may differ from that of the feed's server, seconds, 0 to 60; beyond that,
   * `ping` rejects. Limits use the server's clock in any case. Default 5.
   */
  readonly clockSkewSeconds?: number
  /**
   * Whether responses that revoke logins say how soon every node rejects them: `Drawbridge-Effective-Within` is `effectiveWithinMs`
   * of the logins. Default false.
   */
  readonly effectiveWithinHeader?: boolean
  /**
   * Whether the applications that use these logins close them: when the last one has stopped. False where the logins are used
   * beyond that, by a worker of the same process or by one test after the other; then call `logins.close()`. Default true.
   */
  readonly closeWithApp?: boolean
  /**
   * Gets the events of these logins, frozen and without secrets: what {@link loginsChannel} has of all logins of the process. Called
   * where it happens, and not waited for; what it throws is ignored. Default: none.
   */
  readonly onEvent?: (event: LoginEvent) => unknown
  /** What events call this node: 1 to 255 characters. Default: none. */
  readonly nodeName?: string
  /** Gets errors that no request is waiting for, such as a failed touch. Default: ignored. */
  readonly onError?: (error: unknown) => void
  /** ms since the epoch, for tests; give the store the same clock. Default `Date.now`. */
  readonly now?: () => number
  /**
   * ms on a clock that never goes back, for tests. Default: `now` where that is given, else
   * `performance.now`.
   */
  readonly monotonicNow?: () => number
}

/** Whoever declares a member that every principal has must say where it comes from. */
export type PromisedClaims = {} extends OwnMembers ? object : { readonly getClaims: unknown }

const MAX_TIMER_SECONDS = 86_400
const MAX_NODE_NAME_LENGTH = 255
const NODE_NAME_RULE = `must be a string of 1 to ${MAX_NODE_NAME_LENGTH} characters`

const schema = v.strictObject({
  store: objectWithMethods<LoginStore>(
    'a LoginStore',
    'insert',
    'find',
    'touch',
    'rotate',
    'carry',
    'remove'
  ),
  feed: v.optional(
    objectWithMethods<RevocationFeed>(
      'a RevocationFeed',
      'publish',
      'publishChanges',
      'subscribe',
      'subscribeChanges',
      'isFresh'
    )
  ),
  touchIntervalSeconds: v.optional(wholeNumber(1, 3600), 60),
  retentionSeconds: v.optional(wholeNumber(10, MAX_TIMER_SECONDS), 900),
  cacheMaxAgeSeconds: v.optional(wholeNumber(1, MAX_TIMER_SECONDS), 300),
  cacheMaxEntries: v.optional(wholeNumber(2, 10_000_000), () =>
    defaultCacheEntries(getHeapStatistics().heap_size_limit)
  ),
  maxLoginsPerUser: v.optional(wholeNumber(1, 10_000), 100),
  maxKeysPerUser: v.optional(wholeNumber(1, 10_000), 50),
  onStale: v.optional(onStaleOption, 'ask-store'),
  onStoreDown: v.optional(onStoreDownOption, 'fail-closed'),
  clockSkewSeconds: v.optional(wholeNumber(0, 60), 5),
  effectiveWithinHeader: v.optional(v.boolean('must be true or false'), false),
  closeWithApp: v.optional(v.boolean('must be true or false'), true),
  getClaims: v.optional(func<GetClaims>()),
  claimsTimeoutMs: v.optional(wholeNumber(10, 60_000), 5000),
  onEvent: v.optional(func<(event: LoginEvent) => unknown>()),
  nodeName: v.optional(
    v.pipe(
      v.string(NODE_NAME_RULE),
      v.minLength(1, NODE_NAME_RULE),
      v.maxLength(MAX_NODE_NAME_LENGTH, NODE_NAME_RULE)
    )
  ),
  onError: v.optional(func<(error: unknown) => void>()),
  now: v.optional(clock()),
  monotonicNow: v.optional(clock())
})

const BYTES_PER_ENTRY = 1024
const HEAP_FRACTION = 16
const MAX_DEFAULT_ENTRIES = 100_000

/**
 * The default of `cacheMaxEntries`. A cache of the usual size could exhaust a small heap.
 * @param heapLimit bytes.
 */
export function defaultCacheEntries(heapLimit: number): number {
  return Math.min(MAX_DEFAULT_ENTRIES, Math.max(2, Math.floor(heapLimit / HEAP_FRACTION / BYTES_PER_ENTRY)))
}

/**
 * Creates the login service over a store. Each process creates one and gives it to its carriers, which close it with their
 * application.
 *
 * @throws OptionError for an invalid option, and for a shared store without a shared feed.
 * @typeParam Returned what `getClaims` gives: the members that the service declares on `Principal`, and no other.
 * @example
 * ```ts
 * const logins = createLogins({ store: createMemoryLoginStore() })
 * await app.register(sessionAuth, { logins, credentials, secret })
 * ```
 */
export function createLogins<Returned extends Claims = Claims>(
  input: LoginsOptions<Returned> & PromisedClaims
): Logins {
  const options = parseOptions('logins', schema, input)
  if (options.cacheMaxAgeSeconds > options.retentionSeconds) {
    throw new OptionError(
      `logins.cacheMaxAgeSeconds (${options.cacheMaxAgeSeconds}) must not be above logins.retentionSeconds (${options.retentionSeconds})`
    )
  }
  checkServeStaleFor('logins', options.onStoreDown, options.retentionSeconds)
  const clocks = createClocks(options)
  const feed = selectFeed(options, clocks)
  if (feed.retentionSeconds < options.retentionSeconds) {
    throw new OptionError(
      `logins.retentionSeconds (${options.retentionSeconds}) must not be above that of logins.feed (${feed.retentionSeconds})`
    )
  }
  if (options.effectiveWithinHeader && !Number.isFinite(feed.maxStalenessMs))
    throw new OptionError(
      'logins.effectiveWithinHeader needs a feed with maxStalenessMs, its staleness bound'
    )
  // Not by the clock of this node where there is one that all nodes use: a login that is made here is checked
  // by others.
  const now = () => clocks.now() + feed.clockOffsetMs
  const { monotonicNow } = clocks
  const onError = safeListener(options.onError)
  const publishEvent = createPublishEvent({ ...options, now })
  const store = traceStore(options.store)
  return new StoredLogins({ ...options, store, feed, now, monotonicNow, onError, publishEvent })
}

type ParsedOptions = Readonly<v.InferOutput<typeof schema>>

function createClocks({ now, monotonicNow }: ParsedOptions): FeedClocks {
  return { now: now ?? Date.now, monotonicNow: monotonicNow ?? now ?? (() => performance.now()) }
}

/**
 * Without a shared feed a node would go on to serve what another node has revoked, for minutes and without
 * any sign of it.
 */
function selectFeed({ store, feed }: ParsedOptions, clocks: FeedClocks): RevocationFeed {
  if (feed?.isShared) return feed
  if (store.openFeed !== undefined) {
    if (feed === undefined) return store.openFeed(clocks)
    throw new OptionError(
      'logins.feed must be left out or be shared: the store has a feed of its own, for several processes'
    )
  }
  // Compared with `true`, since any member of a wrapped store may be a function.
  if (store.isShared === true) {
    throw new OptionError(
      'logins.feed must be shared by all nodes, as logins.store is: createRedisFeed({ redis }) of @drawbridge/logins/redis'
    )
  }
  return feed ?? createMemoryFeed({ now: clocks.now, store })
}
