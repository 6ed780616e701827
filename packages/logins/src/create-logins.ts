import * as v from 'valibot'
import { CredentialCache, type Remembered } from './credential-cache.ts'
import { LoginsUnavailableError, OptionError } from './errors.ts'
import { DenySet } from './feed/deny-set.ts'
import type { Feed } from './feed/feed.ts'
import { createMemoryFeed } from './feed/memory-feed.ts'
import { type Device, type Login, newLoginId, type RefreshHandle, type SessionHandle } from './login.ts'
import { aFunction, instanceWith, parseOptions, wholeNumber } from './options.ts'
import type { Carrier, ExtendPrincipal, Principal, PrincipalExtension } from './principal.ts'
import type { LoginChange, LoginStore, RotateOutcome } from './stores/login-store.ts'
import type { Rotation } from './stores/rotation.ts'
import { Touches } from './touches.ts'

export interface LoginsOptions {
  /** The truth. */
  readonly store: LoginStore
  /** How revocations reach the other nodes. Default: the in-process feed, for a service of one process. */
  readonly feed?: Feed
  /** `lastSeenAt` is written at most once in this many seconds, 1 to 3600. Default 60. */
  readonly touchIntervalSeconds?: number
  /**
   * How long an ended login is remembered, seconds, 10 to 86400. No credential may be good by itself for longer
   * than this, and the plugins refuse to boot where one is. Default 900.
   */
  readonly retentionSeconds?: number
  /** How long a verified credential is served before the store is asked again, seconds, 1 to 86400. Default 300. */
  readonly cacheMaxAgeSeconds?: number
  /** How many verified credentials each carrier's cache holds. Default 100 000, of under 1 KiB each. */
  readonly cacheMaxEntries?: number
  /** Living logins a user may have; one more ends the oldest (ASVS 5.0 7.1.2). Default 100. */
  readonly maxLoginsPerUser?: number
  /** What a service adds to each principal. */
  readonly extendPrincipal?: ExtendPrincipal
  /** Told of faults that no request is waiting for, such as a failed touch. Default: nobody. */
  readonly onError?: (error: unknown) => void
  /** ms since the epoch. */
  readonly now?: () => number
}

export interface NewLogin {
  readonly user: { readonly id: string; readonly username: string }
  readonly device: Device
  readonly idleSeconds: number
  readonly absoluteSeconds: number
  readonly session?: SessionHandle
  /** The hash of the first refresh token's secret, base64url SHA-256. */
  readonly refreshHash?: string
  readonly scopes?: readonly string[]
}

/** What a node knows of a login without asking the store. */
export type Standing = 'alive' | 'ended' | 'unknown'

/**
 * What is alive. Verbs reject with {@link LoginsUnavailableError} when the store or the feed is down, and with
 * nothing else.
 */
export interface Logins {
  readonly retentionSeconds: number
  create(login: NewLogin): Promise<Login>
  /** Asks the store. Null when the login has ended, expired or never was. */
  resolve(loginId: string): Promise<Login | null>
  update(loginId: string, change: LoginChange): Promise<Login | null>
  /** Rotates a refresh token; a reused one has ended the login, everywhere, when this resolves. */
  rotate(loginId: string, rotation: Rotation): Promise<RotateOutcome>
  /** Ends a login: store first, then feed; resolves when both are done. @returns whether it was alive. */
  revoke(loginId: string): Promise<boolean>
  /** Ends all logins of a user, but one. @returns how many. */
  revokeUser(userId: string, options?: { readonly except?: string }): Promise<number>
  /** The living logins of a user, the newest first. */
  listByUser(userId: string): Promise<readonly Login[]>
  /** No I/O. What this node knows of a login by whose credential, issued then (ms), it could be served. */
  standing(loginId: string, issuedAt: number): Standing
  principalOf(login: Login, carrier: Carrier): Principal
  /** What `extendPrincipal` adds, for a token to carry. */
  extensionOf(login: Login): PrincipalExtension
  /** A cache of verified credentials; each carrier has its own, so that none is taken for the other's. */
  openCache(): CredentialCache
  /** Remembers a verified credential until the login ends or the cache's age is reached, whichever is first. */
  remember(cache: CredentialCache, credential: string, principal: Principal, until: Until): void
  /** Writes what is known of use; called on close. */
  flushTouches(): Promise<void>
  /** Resolves when store and feed answer. */
  ping(): Promise<void>
  /** Flushes, then closes the feed. The store's connection is closed by who opened it. */
  close(): Promise<void>
}

export interface Until {
  /** ms since the epoch: when the credential or its login expires. */
  readonly expiresAt: number
  /** ms since the epoch: when the store last knew the login to be in use. Absent: use need not be told. */
  readonly lastSeenAt?: number
}

const MAX_TIMER_SECONDS = 86_400

const schema = v.strictObject({
  store: instanceWith<LoginStore>('a LoginStore', 'insert', 'find', 'touch', 'rotate', 'remove'),
  feed: v.optional(instanceWith<Feed>('a Feed', 'publish', 'subscribe', 'isFresh')),
  touchIntervalSeconds: v.optional(wholeNumber(1, 3600), 60),
  retentionSeconds: v.optional(wholeNumber(10, MAX_TIMER_SECONDS), 900),
  cacheMaxAgeSeconds: v.optional(wholeNumber(1, MAX_TIMER_SECONDS), 300),
  cacheMaxEntries: v.optional(wholeNumber(2, 10_000_000), 100_000),
  maxLoginsPerUser: v.optional(wholeNumber(1, 10_000), 100),
  extendPrincipal: v.optional(aFunction<ExtendPrincipal>()),
  onError: v.optional(aFunction<(error: unknown) => void>()),
  now: v.optional(aFunction<() => number>())
})

export function createLogins(input: LoginsOptions): Logins {
  const options = parseOptions('logins', schema, input)
  if (options.cacheMaxAgeSeconds > options.retentionSeconds) {
    throw new OptionError(
      `logins.cacheMaxAgeSeconds (${options.cacheMaxAgeSeconds}) must not be above logins.retentionSeconds (${options.retentionSeconds})`
    )
  }
  const now = options.now ?? Date.now
  return new StoredLogins({ ...options, now, feed: options.feed ?? createMemoryFeed({ now }) })
}

type Parsed = v.InferOutput<typeof schema> & { readonly feed: Feed; readonly now: () => number }

class StoredLogins implements Logins {
  readonly #options: Parsed
  readonly #denied: DenySet
  readonly #touches: Touches

  constructor(options: Parsed) {
    this.#options = options
    this.#denied = new DenySet(options.retentionSeconds, options.now)
    this.#touches = new Touches({
      store: options.store,
      onEnded: (loginId) => this.#denied.add(loginId),
      onError: (error) => options.onError?.(error)
    })
    options.feed.subscribe(({ loginId }) => this.#denied.add(loginId))
  }

  get retentionSeconds(): number {
    return this.#options.retentionSeconds
  }

  async create(input: NewLogin): Promise<Login> {
    const login = this.#newRecord(input)
    const madeRoom = await reach(() => this.#options.store.insert(login, this.#options.maxLoginsPerUser))
    await this.#tell(madeRoom)
    return login
  }

  resolve(loginId: string): Promise<Login | null> {
    return reach(() => this.#options.store.find(loginId))
  }

  update(loginId: string, change: LoginChange): Promise<Login | null> {
    return reach(() => this.#options.store.update(loginId, change))
  }

  async rotate(loginId: string, rotation: Rotation): Promise<RotateOutcome> {
    const outcome = await reach(() => this.#options.store.rotate(loginId, rotation))
    if (outcome.kind === 'reused') await this.#tell([loginId])
    return outcome
  }

  /**
   * Told to the feed even where the store says it was gone already: a revocation whose second step failed is
   * repeated by its caller, and must not be lost for that.
   */
  async revoke(loginId: string): Promise<boolean> {
    const wasAlive = await reach(() => this.#options.store.remove(loginId))
    await this.#tell([loginId])
    return wasAlive
  }

  async revokeUser(userId: string, { except }: { readonly except?: string } = {}): Promise<number> {
    const ended = await reach(() => this.#options.store.removeByUser(userId, except))
    await this.#tell(ended)
    return ended.length
  }

  listByUser(userId: string): Promise<readonly Login[]> {
    return reach(() => this.#options.store.listByUser(userId))
  }

  standing(loginId: string, issuedAt: number): Standing {
    if (this.#denied.has(loginId)) return 'ended'
    const { feed } = this.#options
    return feed.isFresh() && issuedAt >= feed.coveredFrom ? 'alive' : 'unknown'
  }

  principalOf(login: Login, carrier: Carrier): Principal {
    return Object.freeze({
      ...this.extensionOf(login),
      userId: login.userId,
      username: login.username,
      loginId: login.id,
      carrier,
      authenticatedAt: login.authenticatedAt,
      scopes: Object.freeze([...login.scopes])
    })
  }

  extensionOf(login: Login): PrincipalExtension {
    return this.#options.extendPrincipal?.(login) ?? {}
  }

  openCache(): CredentialCache {
    const { feed, touchIntervalSeconds, cacheMaxEntries, now } = this.#options
    const touchIntervalMs = touchIntervalSeconds * 1000
    return new CredentialCache(
      cacheMaxEntries,
      {
        isFresh: () => feed.isFresh(),
        isDenied: (loginId) => this.#denied.has(loginId),
        seen: (entry, at) => {
          if (at - entry.touchedAt < touchIntervalMs) return
          entry.touchedAt = at
          this.#touches.add(entry.principal.loginId, at)
        }
      },
      now
    )
  }

  remember(cache: CredentialCache, credential: string, principal: Principal, until: Until): void {
    // A revocation may have arrived while the store was read: what was read is then out of date.
    if (this.#denied.has(principal.loginId)) return
    const { now, cacheMaxAgeSeconds } = this.#options
    const entry: Remembered = {
      principal,
      expiresAt: Math.min(until.expiresAt, now() + cacheMaxAgeSeconds * 1000),
      touchedAt: until.lastSeenAt ?? Infinity
    }
    cache.set(credential, entry)
  }

  flushTouches(): Promise<void> {
    return this.#touches.flush()
  }

  async ping(): Promise<void> {
    await reach(() => Promise.all([this.#options.store.ping(), this.#options.feed.ping()]))
  }

  async close(): Promise<void> {
    await this.flushTouches()
    await this.#options.feed.close()
  }

  /** Store first, then feed: if the feed's part is lost, who asks the store is still told the truth. */
  async #tell(ended: readonly string[]): Promise<void> {
    if (ended.length === 0) return
    // This node knows already, whatever comes of the telling.
    for (const loginId of ended) this.#denied.add(loginId)
    await reach(() => this.#options.feed.publish(ended.map((loginId) => ({ loginId }))))
  }

  #newRecord(input: NewLogin): Login {
    const at = this.#options.now()
    return Object.freeze({
      id: newLoginId(input.user.id),
      userId: input.user.id,
      username: input.user.username,
      createdAt: at,
      authenticatedAt: at,
      expiresAt: at + input.absoluteSeconds * 1000,
      idleSeconds: input.idleSeconds === 0 ? 0 : input.idleSeconds + this.#options.touchIntervalSeconds,
      lastSeenAt: at,
      device: input.device,
      session: input.session ?? null,
      refresh: input.refreshHash === undefined ? null : firstHandle(input.refreshHash, at),
      scopes: Object.freeze([...(input.scopes ?? [])]),
      data: Object.freeze({})
    })
  }
}

function firstHandle(hash: string, at: number): RefreshHandle {
  return { generation: 0, hash, previousHash: null, sealed: null, rotatedAt: at }
}

/** Takes the question and not its answer: a store of somebody's own may throw before it has a promise. */
async function reach<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw new LoginsUnavailableError(error)
  }
}
