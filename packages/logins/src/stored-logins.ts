import { parseOptions, plainError } from '@drawbridge/options'
import * as v from 'valibot'
import { checkNewLogin } from './login/check-new-login.ts'
import { ClockStepDetector } from './cache/clock-step-detector.ts'
import type { CredentialCache } from './cache/credential-cache.ts'
import { LoginsUnavailableError } from './errors.ts'
import { RevocationList } from './revocation/revocation-list.ts'
import type { RevocationFeed, FeedPosition } from './revocation/feed.ts'
import {
  isLoginId,
  isPending,
  hasUserTag,
  type Login,
  newLoginId,
  type RefreshTokenState
} from './login/login.ts'
import type { LoginsHealth, NewLogin, RevokeUserResult } from './logins.ts'
import type { CarrierLogins } from './carrier-logins.ts'
import type { OnStale, OnStoreDown } from './cache/outage-policy.ts'
import type { LoginStatus, QueryStart, VerifiedCredential } from './cache/verified-credential.ts'
import { CachePolicy } from './cache/cache-policy.ts'
import type { Carrier, ExtendPrincipal, Principal, PrincipalExtension } from './login/principal.ts'
import { type LoginView, toLoginView } from './login/login-view.ts'
import { toPrincipalExtension } from './login/principal-extension.ts'
import { SecretsMonitor } from './secrets-monitor.ts'
import { toJsonObject } from './stores/login-codec.ts'
import type { LoginChange, LoginStore, RotateOutcome } from './stores/login-store.ts'
import type { RotateInput } from './stores/rotation.ts'
import { Touches } from './cache/touches.ts'
import { UnconfirmedRevocations } from './revocation/unconfirmed-revocations.ts'

export interface StoredLoginsOptions {
  readonly store: LoginStore
  readonly feed: RevocationFeed
  readonly touchIntervalSeconds: number
  readonly retentionSeconds: number
  readonly cacheMaxAgeSeconds: number
  readonly cacheMaxEntries: number
  readonly maxLoginsPerUser: number
  readonly onStale: OnStale
  readonly onStoreDown: OnStoreDown
  readonly extendPrincipal?: ExtendPrincipal | undefined
  /** Must not throw. */
  readonly onError: (error: unknown) => void
  readonly clockSkewSeconds: number
  /** ms since the epoch, by the clock that all nodes go by. */
  readonly now: () => number
  readonly monotonicNow: () => number
}

/** A misspelt `except` would end the login that it was to spare. */
const revokeUserOptions = v.strictObject({ except: v.optional(v.string('must be a string')) })

/** How long a request waits that shows a fence, and a log-in for the first look at the feed. */
const POSITION_TIMEOUT_MS = 1000

/** The logins of a store, with what a node knows of them beside it. */
export class StoredLogins implements CarrierLogins {
  readonly #options: StoredLoginsOptions
  readonly #revocationList: RevocationList
  readonly #clockSteps: ClockStepDetector
  readonly #touches: Touches
  readonly #cachePolicy: CachePolicy
  readonly #unconfirmed: UnconfirmedRevocations
  readonly #secrets: SecretsMonitor
  /** Logins of which the feed has taken from this node that they ended. */
  readonly #published: RevocationList

  constructor(options: StoredLoginsOptions) {
    this.#options = options
    this.#revocationList = new RevocationList(options.retentionSeconds, options.monotonicNow)
    this.#clockSteps = new ClockStepDetector({
      ...options,
      isReady: () => options.feed.coveredFrom !== Infinity,
      onStep: () => this.#cachePolicy.clearCaches()
    })
    this.#touches = new Touches({
      store: options.store,
      onInactive: (loginId) => this.#addRevoked(loginId),
      onError: (error) => options.onError(plainError(error))
    })
    this.#cachePolicy = new CachePolicy({
      ...options,
      revocationList: this.#revocationList,
      touches: this.#touches,
      clockSteps: this.#clockSteps
    })
    this.#published = new RevocationList(options.retentionSeconds, options.monotonicNow)
    this.#unconfirmed = new UnconfirmedRevocations({
      store: options.store,
      publish: (loginIds) => this.#publishRevocations(loginIds),
      retentionMs: options.retentionSeconds * 1000
    })
    this.#secrets = new SecretsMonitor(options)
    options.feed.subscribe(
      ({ loginId }) => this.#addRevoked(loginId),
      () => this.#revocationList
    )
  }

  get retentionSeconds(): number {
    return this.#options.retentionSeconds
  }

  get isShared(): boolean {
    return this.#options.feed.isShared
  }

  now(): number {
    return this.#options.now()
  }

  async create(input: NewLogin): Promise<Login> {
    checkNewLogin(input)
    const { feed } = this.#options
    // Until its first look at the feed a node goes by its own clock, which may be wrong.
    if (feed.coveredFrom === Infinity) await feed.renew(POSITION_TIMEOUT_MS)
    this.#clockSteps.check()
    const login = this.#newRecord(input)
    // Before anything is written: a login whose principal cannot be carried would be a 500 at each of its requests.
    if (!isPending(login)) this.toPrincipalExtension(login)
    const evicted = await reach(() => this.#options.store.insert(login, this.#options.maxLoginsPerUser))
    await this.#publishRevocations(evicted)
    return login
  }

  async resolve(loginId: string): Promise<Login | null> {
    const login = await this.#find(loginId)
    return login === null || isPending(login) ? null : login
  }

  async resolvePending(loginId: string): Promise<Login | null> {
    const login = await this.#find(loginId)
    return login !== null && isPending(login) ? login : null
  }

  /** Told to nobody: no node ever served it. */
  async consumePending(loginId: string): Promise<boolean> {
    return (await this.resolvePending(loginId)) !== null && reach(() => this.#options.store.remove(loginId))
  }

  async update(loginId: string, change: LoginChange): Promise<Login | null> {
    const data = toJsonObject(change.data)
    return reach(() => this.#options.store.update(loginId, { data }))
  }

  /** The deny set as in `resolve`: a store that lost its newest writes may have brought an ended login back. */
  async rotate(loginId: string, input: RotateInput): Promise<RotateOutcome> {
    this.#clockSteps.check()
    const outcome = await reach(() => this.#options.store.rotate(loginId, input))
    if (outcome.kind === 'reused') await this.#publishRevocations([loginId])
    else if (this.#revocationList.has(loginId)) return { kind: 'unknown' }
    return outcome
  }

  /**
   * Told to the feed even where the store says it was gone already: a revocation whose second step failed is
   * repeated by its caller, and must not be lost for that. Once it has been taken from this node it is not told
   * again, or whoever keeps the cookie of an ended login could fill the feed with it.
   */
  async revoke(loginId: string, owner?: { readonly userId: string }): Promise<boolean> {
    if (!isLoginId(loginId) || (owner !== undefined && !(await this.#belongsTo(loginId, owner.userId))))
      return false
    const wasActive = await reach(() => this.#options.store.remove(loginId))
    if (wasActive || !this.#published.has(loginId)) await this.#publishRevocations([loginId])
    return wasActive
  }

  async revokeUser(userId: string, options?: { readonly except?: string }): Promise<RevokeUserResult> {
    const { except } = parseOptions('logins.revokeUser', revokeUserOptions, options ?? {})
    const { store } = this.#options
    const active = await reach(() => store.listByUser(userId))
    try {
      const revoked = await reach(() => store.removeByUser(userId, except))
      return { revokedCount: revoked.length, position: await this.#publishRevocations(revoked) }
    } catch (error) {
      this.#unconfirmed.add(active.map(({ id }) => id).filter((id) => id !== except))
      throw error
    }
  }

  async listByUser(userId: string): Promise<readonly LoginView[]> {
    const active = await reach(() => this.#options.store.listByUser(userId))
    return active.filter((login) => !isPending(login)).map(toLoginView)
  }

  localStatus(loginId: string, issuedAt: number): LoginStatus {
    return this.#cachePolicy.localStatus(loginId, issuedAt)
  }

  toPrincipal(login: Login, carrier: Carrier): Principal {
    return Object.freeze({
      ...this.toPrincipalExtension(login),
      userId: login.userId,
      username: login.username,
      loginId: login.id,
      carrier,
      authenticatedAt: login.authenticatedAt,
      expiresAt: login.expiresAt,
      scopes: Object.freeze([...login.scopes])
    })
  }

  toPrincipalExtension(login: Login): PrincipalExtension {
    const { extendPrincipal } = this.#options
    return extendPrincipal === undefined ? {} : toPrincipalExtension(extendPrincipal, login)
  }

  openCache(): CredentialCache {
    return this.#cachePolicy.openCache()
  }

  freshen(...args: Parameters<CarrierLogins['freshen']>): Promise<Principal | undefined> | undefined {
    return this.#cachePolicy.freshen(...args)
  }

  startQuery(): QueryStart {
    return this.#cachePolicy.startQuery()
  }

  remember(
    cache: CredentialCache,
    credential: string,
    verified: VerifiedCredential,
    isUse?: boolean,
    query?: QueryStart
  ): boolean {
    return this.#cachePolicy.remember(cache, credential, verified, isUse, query)
  }

  fallback(...args: Parameters<CarrierLogins['fallback']>): Principal | undefined {
    return this.#cachePolicy.fallback(...args)
  }

  waitForPosition(fence: FeedPosition): Promise<boolean> {
    return this.#options.feed.waitForPosition(fence, POSITION_TIMEOUT_MS)
  }

  compareSecrets(...args: Parameters<CarrierLogins['compareSecrets']>): Promise<boolean> {
    return this.#secrets.compare(...args)
  }

  health(): LoginsHealth {
    const { feed, clockSkewSeconds } = this.#options
    return {
      ...feed.health(),
      isClockRight: Math.abs(feed.clockOffsetMs) <= clockSkewSeconds * 1000,
      trustEpoch: feed.trustEpoch,
      revocationListSize: this.#revocationList.size,
      cacheSize: this.#cachePolicy.cacheSize,
      secretsDiffer: this.#secrets.isDiffering
    }
  }

  flushTouches(): Promise<void> {
    return this.#touches.flush()
  }

  async ping(): Promise<void> {
    await reach(async () => {
      await Promise.all([this.#options.store.ping(), this.#options.feed.ping()])
      const { isClockRight, clockOffsetMs } = this.health()
      if (!isClockRight) throw new Error(`the clock of this node is off by ${clockOffsetMs} ms`)
    })
  }

  async close(): Promise<void> {
    this.#secrets.close()
    this.#unconfirmed.close()
    await this.flushTouches()
    await this.#options.feed.close()
  }

  /** Looked up in the deny set after the store was read: a copy that lags behind may still have it. */
  async #find(loginId: string): Promise<Login | null> {
    this.#clockSteps.check()
    const login = await reach(() => this.#options.store.find(loginId))
    return this.#revocationList.has(loginId) ? null : login
  }

  /** By the tag alone where the record is gone: it may be a revocation that is repeated since nobody was told of it. */
  async #belongsTo(loginId: string, userId: string): Promise<boolean> {
    if (typeof userId !== 'string' || !hasUserTag(loginId, userId)) return false
    const login = await reach(() => this.#options.store.find(loginId))
    return login === null || login.userId === userId
  }

  /** Looks at the clock first: to deny one login is to forget others. */
  #addRevoked(loginId: string): void {
    this.#clockSteps.check()
    this.#revocationList.add(loginId)
  }

  /** Store first, then feed: if the feed's part is lost, who asks the store is still told the truth. */
  async #publishRevocations(loginIds: readonly string[]): Promise<FeedPosition> {
    if (loginIds.length === 0) return ''
    // This node knows already, whatever comes of the telling.
    for (const loginId of loginIds) this.#addRevoked(loginId)
    const position = await reach(() => this.#options.feed.publish(loginIds.map((loginId) => ({ loginId }))))
    for (const loginId of loginIds) this.#published.add(loginId)
    return position
  }

  /** Of a token the store hears at each refresh, and of a session's use that much later. */
  #idleTimeoutFor({ idleTimeoutSeconds, session }: NewLogin): number {
    return idleTimeoutSeconds === 0 || session === undefined
      ? idleTimeoutSeconds
      : idleTimeoutSeconds + this.#options.touchIntervalSeconds
  }

  #newRecord(input: NewLogin): Login {
    const at = this.#options.now()
    return Object.freeze({
      id: newLoginId(input.user.id),
      userId: input.user.id,
      username: input.user.username,
      createdAt: at,
      authenticatedAt: at,
      expiresAt: at + input.absoluteTimeoutSeconds * 1000,
      idleTimeoutSeconds: this.#idleTimeoutFor(input),
      lastSeenAt: at,
      device: input.device,
      session: input.session ?? null,
      refresh: input.refresh === undefined ? null : createRefreshState(input.refresh, at),
      scopes: Object.freeze([...(input.scopes ?? [])]),
      data: Object.freeze({ ...input.data })
    })
  }
}

function createRefreshState(
  { familyHash, hash }: NonNullable<NewLogin['refresh']>,
  at: number
): RefreshTokenState {
  return { familyHash, generation: 0, hash, previousHash: null, sealed: null, rotatedAt: at }
}

/** Takes the question and not its answer: a store of somebody's own may throw before it has a promise. */
async function reach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new LoginsUnavailableError(error)
  }
}
