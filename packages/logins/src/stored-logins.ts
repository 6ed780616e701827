import { plainError } from '@drawbridge/options'
import { StoredAdoptions } from './adoption/stored-adoptions.ts'
import { CachePolicy, type CachePolicyOptions } from './cache/cache-policy.ts'
import { ClockStepDetector } from './cache/clock-step-detector.ts'
import type { CredentialCache } from './cache/credential-cache.ts'
import { Touches } from './cache/touches.ts'
import type { LoginStatus, QueryStart } from './cache/verified-credential.ts'
import type { CarrierLogins, NewKeyLogin } from './carrier-logins.ts'
import { wrapOutage } from './errors.ts'
import { describeLogin } from './events/describe-login.ts'
import { Expiries } from './events/expiries.ts'
import type { PublishEvent } from './events/login-events.ts'
import { checkRenamedUser } from './login/check-new-login.ts'
import { isPending, type Login } from './login/login.ts'
import { type LoginView, toLoginView } from './login/login-view.ts'
import { LoginMaker } from './login/login-maker.ts'
import { type GetClaims, type LoginClaims, type LoginWithClaims, readClaims } from './login/claims.ts'
import { createPrincipal } from './login/create-principal.ts'
import type { Carrier, Principal } from './login/principal.ts'
import type {
  LoginsHealth,
  NewLogin,
  RefreshClaimsResult,
  RevokeUserOptions,
  RevokeUserResult
} from './logins.ts'
import type { FeedPosition } from './revocation/feed.ts'
import type { RevokeOptions } from './revocation/revocation-cause.ts'
import { Revocations, type RevocationsOptions } from './revocation/revocations.ts'
import { Revoker } from './revocation/revoker.ts'
import { UserChanges } from './revocation/user-changes.ts'
import { SecretsMonitor } from './secrets-monitor.ts'
import { LoginSignals } from './signals/login-signals.ts'
import type { ConnectionPrincipal } from './signals/open-connection.ts'
import type { SignalOptions } from './signals/signal-options.ts'
import { toJsonObject } from './stores/login-codec.ts'
import type { CarryInput } from './stores/carry.ts'
import type { LoginChange } from './stores/login-change.ts'
import type { CarryOutcome, LoginStore, RotateOutcome } from './stores/login-store.ts'
import type { RotateInput } from './stores/rotation.ts'

/** Options of {@link StoredLogins}: those of `createLogins`, parsed. */
export interface StoredLoginsOptions
  extends
    Omit<RevocationsOptions, 'clockSteps' | 'onRevoked'>,
    Omit<CachePolicyOptions, 'feed' | 'revocationList' | 'changes' | 'touches' | 'clockSteps' | 'onExpired'> {
  readonly store: LoginStore
  readonly maxLoginsPerUser: number
  readonly maxKeysPerUser: number
  readonly getClaims?: GetClaims | undefined
  readonly claimsTimeoutMs: number
  /** Must not throw. */
  readonly onError: (error: unknown) => void
  readonly clockSkewSeconds: number
  readonly closeWithApp: boolean
  readonly effectiveWithinHeader: boolean
  readonly publishEvent: PublishEvent
}

/** How long a request with a feed position waits, and a sign-in for the first read of the feed. */
const POSITION_TIMEOUT_MS = 1000

/** The logins of a store, and what this node knows of them without it. */
export class StoredLogins implements CarrierLogins {
  readonly #options: StoredLoginsOptions
  readonly #revocations: Revocations
  readonly #changes: UserChanges
  readonly #clockSteps: ClockStepDetector
  readonly #touches: Touches
  readonly #cachePolicy: CachePolicy
  readonly #signals: LoginSignals
  readonly #secrets: SecretsMonitor
  readonly #revoker: Revoker
  readonly #maker: LoginMaker
  readonly #expiries: Expiries
  readonly adoptions: StoredAdoptions | undefined
  #closed: Promise<void> | undefined

  constructor(options: StoredLoginsOptions) {
    this.#options = options
    this.#clockSteps = new ClockStepDetector({
      ...options,
      isReady: () => options.feed.coveredFrom !== Infinity,
      onStep: () => this.#onClockStep()
    })
    this.#revocations = new Revocations({
      ...options,
      clockSteps: this.#clockSteps,
      onRevoked: (loginId) => this.#signals.onRevoked(loginId)
    })
    this.#changes = new UserChanges({
      ...options,
      clockSteps: this.#clockSteps,
      onHeard: (prefixes) => this.#cachePolicy.forgetByPrefix(prefixes)
    })
    this.#touches = new Touches({
      store: options.store,
      onInactive: (loginId) => this.#revocations.add(loginId),
      onError: (error) => options.onError(plainError(error))
    })
    this.#expiries = new Expiries({ ...options, isRevoked: (loginId) => this.#revocations.list.has(loginId) })
    this.#cachePolicy = new CachePolicy({
      ...options,
      onExpired: (entry) => this.#expiries.add(entry),
      revocationList: this.#revocations.list,
      changes: this.#changes,
      touches: this.#touches,
      clockSteps: this.#clockSteps
    })
    this.#signals = new LoginSignals({
      ...options,
      clockSteps: this.#clockSteps,
      touches: this.#touches,
      isRevoked: (loginId) => this.#revocations.list.has(loginId),
      resolve: (loginId) => this.resolve(loginId)
    })
    this.#secrets = new SecretsMonitor(options)
    this.adoptions = this.#openAdoptions()
    this.#revoker = new Revoker({
      store: options.store,
      revocations: this.#revocations,
      adoptions: this.adoptions,
      publishEvent: options.publishEvent
    })
    this.#maker = new LoginMaker({
      ...options,
      revoker: this.#revoker,
      waitForClock: () => this.#waitForClock(),
      readClaims: (login) => this.#readClaims(login)
    })
  }

  get retentionSeconds(): number {
    return this.#options.retentionSeconds
  }

  get publishEvent(): PublishEvent {
    return this.#options.publishEvent
  }

  get isShared(): boolean {
    return this.#options.feed.isShared
  }

  get effectiveWithinHeader(): boolean {
    return this.#options.effectiveWithinHeader
  }

  get effectiveWithinMs(): number {
    const { feed, onStoreDown } = this.#options
    const staleMs = onStoreDown === 'fail-closed' ? 0 : onStoreDown.serveStaleForSeconds * 1000
    return Math.max(feed.maxStalenessMs, staleMs)
  }

  now(): number {
    return this.#options.now()
  }

  async create(input: NewLogin): Promise<Login> {
    return (await this.#maker.create(input)).login
  }

  async createWithClaims(input: NewLogin): Promise<LoginWithClaims> {
    const { login, claims } = await this.#maker.create(input)
    return { ...login, claims }
  }

  createKey(input: NewKeyLogin): Promise<LoginWithClaims | null> {
    return this.#maker.createKey(input)
  }

  async resolve(loginId: string): Promise<Login | null> {
    const login = await this.#find(loginId)
    return login === null || isPending(login) ? null : login
  }

  async resolvePending(loginId: string): Promise<Login | null> {
    const login = await this.#find(loginId)
    return login !== null && isPending(login) ? login : null
  }

  /** Not published: no node has served it. */
  async consumePending(loginId: string): Promise<boolean> {
    if ((await this.resolvePending(loginId)) === null) return false
    return (await wrapOutage(() => this.#options.store.remove(loginId))) !== null
  }

  async update(loginId: string, change: Required<Pick<LoginChange, 'data'>>): Promise<Login | null> {
    const data = toJsonObject(change.data)
    return wrapOutage(() => this.#options.store.update(loginId, { data }))
  }

  /** The revocation list is asked as in `resolve`. */
  async reauthenticate(
    loginId: string,
    { session, refresh, dropOther = false }: Pick<LoginChange, 'session' | 'refresh' | 'dropOther'>
  ): Promise<Login | null> {
    this.#clockSteps.check()
    const credential = { ...(session && { session }), ...(refresh && { refresh }) }
    const change = { authenticatedAt: Math.floor(this.now()), ...credential, dropOther }
    const login = await wrapOutage(() => this.#options.store.update(loginId, change))
    if (login === null) return null
    // An access token alone has no credential in the store that is replaced.
    const carrier = session === undefined ? 'token' : 'session'
    this.#options.publishEvent(() => ({ type: 'login-reauthenticated', ...describeLogin(login, carrier) }))
    await this.#changes.publish(login.userId)
    return this.#revocations.list.has(loginId) ? null : login
  }

  async rotate(loginId: string, input: RotateInput): Promise<RotateOutcome> {
    const outcome = await this.#revokeReused(loginId, () => this.#options.store.rotate(loginId, input))
    if (outcome.kind === 'rotated' || outcome.kind === 'repeated') {
      const type = outcome.kind === 'rotated' ? 'login-refreshed' : 'refresh-repeated'
      this.#options.publishEvent(() => ({ type, ...describeLogin(outcome.login, 'token') }))
    }
    return outcome
  }

  carry(loginId: string, input: CarryInput): Promise<CarryOutcome> {
    return this.#revokeReused(loginId, () => this.#options.store.carry(loginId, input))
  }

  revoke(loginId: string, options?: RevokeOptions): Promise<boolean> {
    return this.#revoker.revoke(loginId, options)
  }

  revokeUser(userId: string, options?: RevokeUserOptions): Promise<RevokeUserResult> {
    return this.#revoker.revokeUser(userId, options)
  }

  async refreshClaims(userId: string): Promise<RefreshClaimsResult> {
    if (typeof userId !== 'string' || userId === '') throw new TypeError('userId must be a string, not empty')
    return { position: await this.#changes.publish(userId) }
  }

  /** The store first: a node that asks it because of the change must find the new name. */
  async renameUser(userId: string, username: string): Promise<RefreshClaimsResult> {
    checkRenamedUser({ id: userId, username })
    const { store, retentionSeconds } = this.#options
    await wrapOutage(() => store.renameUser(userId, username, retentionSeconds))
    return { position: await this.#changes.publish(userId) }
  }

  async listByUser(userId: string): Promise<readonly LoginView[]> {
    const active = await wrapOutage(() => this.#options.store.listByUser(userId))
    const now = this.now()
    return active.filter((login) => !isPending(login)).map((login) => toLoginView(login, now))
  }

  signalOf(principal: ConnectionPrincipal, options: SignalOptions): AbortSignal {
    return this.#signals.open(principal, options)
  }

  localStatus(loginId: string, issuedAt: number): LoginStatus {
    return this.#cachePolicy.localStatus(loginId, issuedAt)
  }

  withClaims(login: Login): LoginWithClaims | Promise<LoginWithClaims> {
    const claims = this.#readClaims(login)
    return claims instanceof Promise
      ? claims.then((read) => ({ ...login, claims: read }))
      : { ...login, claims }
  }

  toPrincipal(login: LoginWithClaims, carrier: Carrier): Principal {
    return createPrincipal(login, carrier)
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

  remember(...args: Parameters<CarrierLogins['remember']>): boolean {
    return this.#cachePolicy.remember(...args)
  }

  fallback(...args: Parameters<CarrierLogins['fallback']>): Principal | undefined {
    return this.#cachePolicy.fallback(...args)
  }

  waitForPosition(position: FeedPosition): Promise<boolean> {
    return this.#options.feed.waitForPosition(position, POSITION_TIMEOUT_MS)
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
      revocationListSize: this.#revocations.list.size,
      cacheSize: this.#cachePolicy.cacheSize,
      cacheLookups: this.#cachePolicy.countLookups(),
      storeAsks: this.#cachePolicy.countStoreAsks(),
      openConnections: this.#signals.size,
      secretsDiffer: this.#secrets.isDiffering
    }
  }

  flushTouches(): Promise<void> {
    return this.#touches.flush()
  }

  ping(): Promise<void> {
    return wrapOutage(async () => {
      await Promise.all([this.#options.store.ping(), this.#options.feed.ping()])
      const { isClockRight, clockOffsetMs } = this.health()
      if (!isClockRight) throw new Error(`the clock of this node is off by ${clockOffsetMs} ms`)
    })
  }

  get closeWithApp(): boolean {
    return this.#options.closeWithApp
  }

  get isClosed(): boolean {
    return this.#closed !== undefined
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    const { feed, store } = this.#options
    this.#secrets.close()
    this.#signals.close()
    this.#revocations.close()
    await this.flushTouches()
    try {
      await feed.close()
    } finally {
      await store.close?.()
    }
  }

  #onClockStep(): void {
    this.#cachePolicy.clearCaches()
    this.#signals.confirmAll()
  }

  #openAdoptions(): StoredAdoptions | undefined {
    const { store, ...options } = this.#options
    if (store.adoptions === undefined) return undefined
    return new StoredAdoptions({
      ...options,
      store: store.adoptions,
      revocations: this.#revocations,
      clockSteps: this.#clockSteps,
      waitForClock: () => this.#waitForClock(),
      readClaims: (login) => this.#readClaims(login)
    })
  }

  /** Until its first read of the feed a node goes by its own clock, which may be wrong. */
  async #waitForClock(): Promise<void> {
    const { feed } = this.#options
    if (feed.coveredFrom === Infinity) await feed.renew(POSITION_TIMEOUT_MS)
    this.#clockSteps.check()
  }

  #readClaims(login: Login): LoginClaims | Promise<LoginClaims> {
    const { getClaims, claimsTimeoutMs } = this.#options
    return readClaims(getClaims, login, this.now(), claimsTimeoutMs)
  }

  /**
   * The revocation list is asked before the store, which a revoked credential costs nothing then, and after it: a replica that
   * lags behind may still have a login that was revoked meanwhile.
   */
  async #find(loginId: string): Promise<Login | null> {
    this.#clockSteps.check()
    if (this.#revocations.list.has(loginId)) return null
    const login = await wrapOutage(() => this.#options.store.find(loginId))
    if (login === null) this.#expiries.confirm(loginId)
    else this.#expiries.dismiss(loginId)
    return this.#revocations.list.has(loginId) ? null : login
  }

  /** The revocation list is asked as in `resolve`: a store that lost its newest writes may have a revoked login again. */
  async #revokeReused<Outcome extends RotateOutcome | CarryOutcome>(
    loginId: string,
    askStore: () => Promise<Outcome>
  ): Promise<Outcome | { readonly kind: 'unknown' }> {
    this.#clockSteps.check()
    const outcome = await this.#revoker.revokeReused(loginId, askStore)
    const isRevoked = outcome.kind !== 'reused' && this.#revocations.list.has(loginId)
    return isRevoked ? { kind: 'unknown' } : outcome
  }
}
