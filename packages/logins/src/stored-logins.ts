import { parseOptions, plainError } from '@drawbridge/options'
import * as v from 'valibot'
import { checkNewLogin } from './check-new-login.ts'
import { ClockWatch } from './clock-watch.ts'
import type { CredentialCache } from './credential-cache.ts'
import { LoginsUnavailableError } from './errors.ts'
import { DenySet } from './feed/deny-set.ts'
import type { Feed, Fence } from './feed/feed.ts'
import { isLoginId, isPending, isTaggedFor, type Login, newLoginId, type RefreshHandle } from './login.ts'
import type {
  Logins,
  LoginsHealth,
  NewLogin,
  OnStale,
  OnStoreDown,
  RevokedUser,
  Standing,
  Until
} from './logins.ts'
import { NodeKnowledge } from './node-knowledge.ts'
import type { Carrier, ExtendPrincipal, Principal, PrincipalExtension } from './principal.ts'
import { type LoginView, viewOf } from './login-view.ts'
import { readExtension } from './read-extension.ts'
import { SecretsWatch } from './secrets-watch.ts'
import { jsonObject } from './stores/login-codec.ts'
import type { LoginChange, LoginStore, RotateOutcome } from './stores/login-store.ts'
import type { Rotation } from './stores/rotation.ts'
import { Touches } from './touches.ts'
import { UnsureEndings } from './unsure-endings.ts'

export interface StoredLoginsOptions {
  readonly store: LoginStore
  readonly feed: Feed
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
const REACH_MS = 1000

/** The logins of a store, with what a node knows of them beside it. */
export class StoredLogins implements Logins {
  readonly #options: StoredLoginsOptions
  readonly #denied: DenySet
  readonly #clock: ClockWatch
  readonly #touches: Touches
  readonly #knowledge: NodeKnowledge
  readonly #unsure: UnsureEndings
  readonly #secrets: SecretsWatch
  /** Logins of which the feed has taken from this node that they ended. */
  readonly #told: DenySet

  constructor(options: StoredLoginsOptions) {
    this.#options = options
    this.#denied = new DenySet(options.retentionSeconds, options.monotonicNow)
    this.#clock = new ClockWatch({
      ...options,
      hasBegun: () => options.feed.coveredFrom !== Infinity,
      onStep: () => this.#knowledge.forget()
    })
    this.#touches = new Touches({
      store: options.store,
      onEnded: (loginId) => this.#deny(loginId),
      onError: (error) => options.onError(plainError(error))
    })
    this.#knowledge = new NodeKnowledge({
      ...options,
      denied: this.#denied,
      touches: this.#touches,
      clock: this.#clock
    })
    this.#told = new DenySet(options.retentionSeconds, options.monotonicNow)
    this.#unsure = new UnsureEndings({
      store: options.store,
      tell: (loginIds) => this.#tell(loginIds),
      retentionMs: options.retentionSeconds * 1000
    })
    this.#secrets = new SecretsWatch(options)
    options.feed.subscribe(
      ({ loginId }) => this.#deny(loginId),
      () => this.#denied
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
    if (feed.coveredFrom === Infinity) await feed.renew(REACH_MS)
    this.#clock.look()
    const login = this.#newRecord(input)
    // Before anything is written: a login whose principal cannot be carried would be a 500 at each of its requests.
    if (!isPending(login)) this.extensionOf(login)
    const madeRoom = await reach(() => this.#options.store.insert(login, this.#options.maxLoginsPerUser))
    await this.#tell(madeRoom)
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
  async takePending(loginId: string): Promise<boolean> {
    return (await this.resolvePending(loginId)) !== null && reach(() => this.#options.store.remove(loginId))
  }

  async update(loginId: string, change: LoginChange): Promise<Login | null> {
    const data = jsonObject(change.data)
    return reach(() => this.#options.store.update(loginId, { data }))
  }

  /** The deny set as in `resolve`: a store that lost its newest writes may have brought an ended login back. */
  async rotate(loginId: string, rotation: Rotation): Promise<RotateOutcome> {
    this.#clock.look()
    const outcome = await reach(() => this.#options.store.rotate(loginId, rotation))
    if (outcome.kind === 'reused') await this.#tell([loginId])
    else if (this.#denied.has(loginId)) return { kind: 'unknown' }
    return outcome
  }

  /**
   * Told to the feed even where the store says it was gone already: a revocation whose second step failed is
   * repeated by its caller, and must not be lost for that. Once it has been taken from this node it is not told
   * again, or whoever keeps the cookie of an ended login could fill the feed with it.
   */
  async revoke(loginId: string, of?: { readonly userId: string }): Promise<boolean> {
    if (!isLoginId(loginId) || (of !== undefined && !(await this.#isOf(loginId, of.userId)))) return false
    const wasAlive = await reach(() => this.#options.store.remove(loginId))
    if (wasAlive || !this.#told.has(loginId)) await this.#tell([loginId])
    return wasAlive
  }

  async revokeUser(userId: string, options?: { readonly except?: string }): Promise<RevokedUser> {
    const { except } = parseOptions('logins.revokeUser', revokeUserOptions, options ?? {})
    const { store } = this.#options
    const living = await reach(() => store.listByUser(userId))
    try {
      const ended = await reach(() => store.removeByUser(userId, except))
      return { ended: ended.length, fence: await this.#tell(ended) }
    } catch (error) {
      this.#unsure.add(living.map(({ id }) => id).filter((id) => id !== except))
      throw error
    }
  }

  async listByUser(userId: string): Promise<readonly LoginView[]> {
    const living = await reach(() => this.#options.store.listByUser(userId))
    return living.filter((login) => !isPending(login)).map(viewOf)
  }

  standing(loginId: string, issuedAt: number): Standing {
    return this.#knowledge.standing(loginId, issuedAt)
  }

  principalOf(login: Login, carrier: Carrier): Principal {
    return Object.freeze({
      ...this.extensionOf(login),
      userId: login.userId,
      username: login.username,
      loginId: login.id,
      carrier,
      authenticatedAt: login.authenticatedAt,
      expiresAt: login.expiresAt,
      scopes: Object.freeze([...login.scopes])
    })
  }

  extensionOf(login: Login): PrincipalExtension {
    const { extendPrincipal } = this.#options
    return extendPrincipal === undefined ? {} : readExtension(extendPrincipal, login)
  }

  openCache(): CredentialCache {
    return this.#knowledge.openCache()
  }

  remember(
    cache: CredentialCache,
    credential: string,
    principal: Principal,
    until: Until,
    isUse = true
  ): void {
    this.#knowledge.remember(cache, credential, { principal, until }, isUse)
  }

  settle(...asked: Parameters<Logins['settle']>): Promise<Principal | null> {
    return this.#knowledge.settle(...asked)
  }

  reach(fence: Fence): Promise<boolean> {
    return this.#options.feed.reach(fence, REACH_MS)
  }

  compareSecrets(...compared: Parameters<Logins['compareSecrets']>): Promise<boolean> {
    return this.#secrets.compare(...compared)
  }

  health(): LoginsHealth {
    const { feed, clockSkewSeconds } = this.#options
    return {
      ...feed.health(),
      isClockRight: Math.abs(feed.clockOffsetMs) <= clockSkewSeconds * 1000,
      trustEpoch: feed.trustEpoch,
      denySetSize: this.#denied.size,
      cacheSize: this.#knowledge.cacheSize,
      secretsDiffer: this.#secrets.differ
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
    this.#unsure.close()
    await this.flushTouches()
    await this.#options.feed.close()
  }

  /** Looked up in the deny set after the store was read: a copy that lags behind may still have it. */
  async #find(loginId: string): Promise<Login | null> {
    this.#clock.look()
    const login = await reach(() => this.#options.store.find(loginId))
    return this.#denied.has(loginId) ? null : login
  }

  /** By the tag alone where the record is gone: it may be a revocation that is repeated since nobody was told of it. */
  async #isOf(loginId: string, userId: string): Promise<boolean> {
    if (typeof userId !== 'string' || !isTaggedFor(loginId, userId)) return false
    const login = await reach(() => this.#options.store.find(loginId))
    return login === null || login.userId === userId
  }

  /** Looks at the clock first: to deny one login is to forget others. */
  #deny(loginId: string): void {
    this.#clock.look()
    this.#denied.add(loginId)
  }

  /** Store first, then feed: if the feed's part is lost, who asks the store is still told the truth. */
  async #tell(ended: readonly string[]): Promise<Fence> {
    if (ended.length === 0) return ''
    // This node knows already, whatever comes of the telling.
    for (const loginId of ended) this.#deny(loginId)
    const fence = await reach(() => this.#options.feed.publish(ended.map((loginId) => ({ loginId }))))
    for (const loginId of ended) this.#told.add(loginId)
    return fence
  }

  /** Of a token the store hears at each refresh, and of a session's use that much later. */
  #idleSecondsOf({ idleSeconds, session }: NewLogin): number {
    return idleSeconds === 0 || session === undefined
      ? idleSeconds
      : idleSeconds + this.#options.touchIntervalSeconds
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
      idleSeconds: this.#idleSecondsOf(input),
      lastSeenAt: at,
      device: input.device,
      session: input.session ?? null,
      refresh: input.refresh === undefined ? null : firstHandle(input.refresh, at),
      scopes: Object.freeze([...(input.scopes ?? [])]),
      data: Object.freeze({ ...input.data })
    })
  }
}

function firstHandle({ familyHash, hash }: NonNullable<NewLogin['refresh']>, at: number): RefreshHandle {
  return { familyHash, generation: 0, hash, previousHash: null, sealed: null, rotatedAt: at }
}

/** Takes the question and not its answer: a store of somebody's own may throw before it has a promise. */
async function reach<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw new LoginsUnavailableError(error)
  }
}
