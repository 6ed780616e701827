import type { ClockStepDetector } from '../cache/clock-step-detector.ts'
import type { OnStale, OnStoreDown } from '../cache/outage-policy.ts'
import type { Touches } from '../cache/touches.ts'
import { type InactiveLoginCode, InactiveLoginError } from '../errors.ts'
import type { Login } from '../login/login.ts'
import type { RevocationFeed } from '../revocation/feed.ts'
import { Deadlines } from './deadlines.ts'
import { type ConnectionPrincipal, OpenConnection } from './open-connection.ts'
import { parseSignalOptions, type SignalOptions } from './signal-options.ts'
import {
  connectionEndsAt,
  idleEndsAt,
  isInUse,
  isPastEnd,
  nextUseAt,
  type WatchedLogin,
  watchLogin
} from './watched-login.ts'
import { WorkQueue } from './work-queue.ts'

/** Options of {@link LoginSignals}: those of `createLogins`, and what it works with. */
export interface LoginSignalsOptions {
  readonly feed: Pick<RevocationFeed, 'isFresh' | 'renew' | 'trustEpoch'>
  readonly clockSteps: Pick<ClockStepDetector, 'check'>
  readonly touches: Pick<Touches, 'add'>
  readonly touchIntervalSeconds: number
  readonly retentionSeconds: number
  readonly onStale: OnStale
  readonly onStoreDown: OnStoreDown
  /** Whether this node knows the login to be revoked. */
  readonly isRevoked: (loginId: string) => boolean
  /** Asks the store; null for a login that is not active. Rejects where the store is down. */
  readonly resolve: (loginId: string) => Promise<Login | null>
  /** ms since the epoch, by the clock that all nodes go by. */
  readonly now: () => number
  /** ms on a clock that never goes back. */
  readonly monotonicNow: () => number
}

/** How often a node compares what it knows with its open connections. */
const CHECK_INTERVAL_MS = 100
/** As for a request that finds its node stale. */
const RENEW_TIMEOUT_MS = 50
/** How long a reply of the store counts while the node is stale; and the pause after a question that failed. */
const REPLY_TTL_MS = 1000
/** A store that replies to none of the questions for this long is down. */
const STORE_TIMEOUT_MS = 1000
/** Two batches of the store in Redis. */
const CONCURRENCY = 256

const REVOKED = 'DRAWBRIDGE_LOGIN_REVOKED'
const EXPIRED = 'DRAWBRIDGE_LOGIN_EXPIRED'
const UNCONFIRMED = 'DRAWBRIDGE_LOGIN_UNCONFIRMED'

/**
 * The signals of open connections. A request is checked once, when it arrives; a connection for as long as it is open, by the same
 * rules: a node that is fresh, and has verified the login in the current epoch, aborts when it hears of the revocation. Otherwise it
 * asks the store, and where that is down the policy decides.
 *
 * One timer, one entry for each login, nothing for each connection in the feed, and nothing at all for requests.
 */
export class LoginSignals {
  readonly #options: LoginSignalsOptions
  readonly #watched = new Map<string, WatchedLogin>()
  readonly #deadlines = new Deadlines<WatchedLogin>()
  /** The logins about which the store must be asked. */
  readonly #unconfirmed = new Set<WatchedLogin>()
  readonly #questions: WorkQueue<WatchedLogin>
  #timer: NodeJS.Timeout | undefined
  #connectionCount = 0
  /** The epoch in which this node was fresh last, and when that was, monotonic ms. */
  #trustEpoch = -1
  #freshAt = -Infinity
  /** Monotonic ms: the last check, and for how long this process has run, without the time in which it was stopped or busy. */
  #checkedAt = -Infinity
  #awakeMs = 0
  #isRenewing = false
  #isClosed = false

  constructor(options: LoginSignalsOptions) {
    this.#options = options
    const work = (watched: WatchedLogin) => this.#askStore(watched)
    this.#questions = new WorkQueue({ concurrency: CONCURRENCY, work, monotonicNow: () => this.#awakeMs })
  }

  /** How many connections are open. */
  get size(): number {
    return this.#connectionCount
  }

  /** How many logins they belong to. */
  get loginCount(): number {
    return this.#watched.size
  }

  /** @throws OptionError */
  open(principal: ConnectionPrincipal, input: SignalOptions): AbortSignal {
    const options = parseSignalOptions(input, this.#options.retentionSeconds)
    const connection = new OpenConnection(principal, options, (closed) => this.#remove(closed))
    if (connection.signal.aborted) return connection.signal
    this.#options.clockSteps.check()
    const code = this.#findReason(connection)
    if (code === null) this.#add(connection)
    else connection.abort(new InactiveLoginError(code))
    return connection.signal
  }

  /** To be called for each login that this node learns to be revoked, any number of times. */
  onRevoked(loginId: string): void {
    const watched = this.#watched.get(loginId)
    if (watched !== undefined) this.#abortAll(watched, this.#findEnd(watched))
  }

  /** The store must be asked about all: what was known until now is no longer reliable. */
  confirmAll(): void {
    for (const watched of this.#watched.values()) {
      watched.askedAt = -Infinity
      this.#confirm(watched)
    }
  }

  /** Runs by itself as long as there are connections. */
  check(): void {
    const { clockSteps, feed, now } = this.#options
    clockSteps.check()
    this.#countAwake()
    for (const watched of this.#deadlines.takeDue(now())) this.#update(watched)
    if (feed.isFresh()) this.#checkFresh()
    else void this.#checkStale()
    for (const watched of this.#questions.listOverdue(STORE_TIMEOUT_MS)) this.#applyPolicy(watched)
  }

  /** After a pause replies may be waiting to be read: that time is not the store's. */
  #countAwake(): void {
    const now = this.#options.monotonicNow()
    this.#awakeMs += Math.min(now - this.#checkedAt, 2 * CHECK_INTERVAL_MS)
    this.#checkedAt = now
  }

  /** From now on this node hears of no revocation. */
  close(): void {
    this.#isClosed = true
    for (const watched of this.#watched.values()) this.#abortAll(watched, UNCONFIRMED)
  }

  #findReason({ principal, options }: OpenConnection): InactiveLoginCode | null {
    const { isRevoked, now } = this.#options
    if (this.#isClosed) return UNCONFIRMED
    if (isRevoked(principal.loginId)) return REVOKED
    return now() >= Math.min(principal.expiresAt, options.expiresAt ?? Infinity) ? EXPIRED : null
  }

  #add(connection: OpenConnection): void {
    const { loginId } = connection.principal
    const known = this.#watched.get(loginId)
    const watched = known ?? this.#watch(loginId)
    watched.connections.add(connection)
    this.#connectionCount += 1
    // Not `#update`: a login may have many connections.
    this.#deadlines.setEarlier(watched, this.#deadlineOf(watched, connection))
    // Also because the guard may have verified it before a reset of the feed, and for its limits.
    if (known === undefined) this.#confirm(watched)
  }

  #watch(loginId: string): WatchedLogin {
    const { feed, monotonicNow } = this.#options
    if (this.#timer === undefined) {
      this.#trustEpoch = feed.trustEpoch
      this.#timer = setInterval(() => this.check(), CHECK_INTERVAL_MS).unref()
    }
    const watched = watchLogin(loginId, feed.isFresh() ? monotonicNow() : -Infinity)
    this.#watched.set(loginId, watched)
    return watched
  }

  #remove(connection: OpenConnection): void {
    const watched = this.#watched.get(connection.principal.loginId)
    if (!watched?.connections.delete(connection)) return
    this.#connectionCount -= 1
    if (watched.connections.size === 0) this.#forget(watched)
  }

  #forget(watched: WatchedLogin): void {
    this.#watched.delete(watched.id)
    this.#deadlines.delete(watched)
    this.#unconfirmed.delete(watched)
    this.#questions.delete(watched)
    if (this.#watched.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #abort(connection: OpenConnection, code: InactiveLoginCode): void {
    this.#remove(connection)
    connection.abort(new InactiveLoginError(code))
  }

  #abortAll({ connections }: WatchedLogin, code: InactiveLoginCode): void {
    for (const connection of connections) this.#abort(connection, code)
  }

  /** Why a login is no longer active. */
  #findEnd(watched: WatchedLogin): InactiveLoginCode {
    return isPastEnd(watched, this.#options.now()) ? EXPIRED : REVOKED
  }

  /** Ends what has expired, notes the use, and sets the next deadline. */
  #update(watched: WatchedLogin): void {
    const now = this.#options.now()
    const { connections, login } = watched
    for (const connection of connections)
      if (now >= connectionEndsAt(connection, login)) this.#abort(connection, EXPIRED)
    if (connections.size === 0) return
    const isIdle = now >= idleEndsAt(watched)
    // Another node may have seen the login in use: the store decides.
    if (isIdle) this.#confirm(watched)
    else if (isInUse(watched)) this.#noteUse(watched, now)
    let next = isIdle ? Infinity : idleEndsAt(watched)
    for (const connection of connections) next = Math.min(next, this.#deadlineOf(watched, connection))
    this.#deadlines.set(watched, next)
  }

  #deadlineOf(watched: WatchedLogin, connection: OpenConnection): number {
    const endsAt = connectionEndsAt(connection, watched.login)
    return connection.options.countsAsUse
      ? Math.min(endsAt, nextUseAt(watched, this.#touchIntervalMs))
      : endsAt
  }

  #noteUse(watched: WatchedLogin, now: number): void {
    if (now < nextUseAt(watched, this.#touchIntervalMs)) return
    watched.usedAt = now
    this.#options.touches.add(watched.id, now)
  }

  get #touchIntervalMs(): number {
    return this.#options.touchIntervalSeconds * 1000
  }

  #checkFresh(): void {
    const { feed, monotonicNow } = this.#options
    const isSameEpoch = feed.trustEpoch === this.#trustEpoch
    this.#trustEpoch = feed.trustEpoch
    this.#freshAt = monotonicNow()
    if (!isSameEpoch) this.confirmAll()
    for (const watched of this.#unconfirmed) this.#askIfDue(watched)
  }

  async #checkStale(): Promise<void> {
    if (this.#isRenewing) return
    this.#isRenewing = true
    const isFresh = await this.#options.feed.renew(RENEW_TIMEOUT_MS).catch(() => false)
    this.#isRenewing = false
    // The next check does the rest.
    if (isFresh) return
    for (const watched of this.#watched.values()) this.#confirmStale(watched)
  }

  /** What the store has said counts for a moment. */
  #confirmStale(watched: WatchedLogin): void {
    const { onStale, monotonicNow } = this.#options
    for (const connection of watched.connections)
      if ((connection.options.onStale ?? onStale) === 'fail-closed') this.#abort(connection, UNCONFIRMED)
    if (watched.connections.size > 0 && monotonicNow() - watched.confirmedAt >= REPLY_TTL_MS)
      this.#confirm(watched)
  }

  #confirm(watched: WatchedLogin): void {
    this.#unconfirmed.add(watched)
    this.#askIfDue(watched)
  }

  #askIfDue(watched: WatchedLogin): void {
    const now = this.#options.monotonicNow()
    if (now - watched.askedAt < REPLY_TTL_MS) return
    watched.askedAt = now
    this.#questions.add(watched)
  }

  async #askStore(watched: WatchedLogin): Promise<void> {
    const { feed, resolve, monotonicNow } = this.#options
    const [trustEpoch, asOf] = [feed.trustEpoch, monotonicNow()]
    let login
    try {
      login = await resolve(watched.id)
    } catch {
      return this.#applyPolicy(watched)
    }
    if (login === null) return this.#abortAll(watched, this.#findEnd(watched))
    watched.login = login
    watched.usedAt = Math.max(watched.usedAt, login.lastSeenAt)
    this.#onConfirmed(watched, trustEpoch, asOf)
  }

  #onConfirmed(watched: WatchedLogin, trustEpoch: number, asOf: number): void {
    watched.trustEpoch = trustEpoch
    watched.confirmedAt = Math.max(watched.confirmedAt, asOf)
    // What the store said before a reset of the feed does not count after it.
    if (trustEpoch === this.#options.feed.trustEpoch) this.#unconfirmed.delete(watched)
    else watched.askedAt = -Infinity
    if (this.#watched.get(watched.id) === watched) this.#update(watched)
  }

  /** Where the store is down. */
  #applyPolicy(watched: WatchedLogin): void {
    const { monotonicNow } = this.#options
    const isFromThisEpoch = watched.trustEpoch === this.#trustEpoch
    const confirmedAt = Math.max(watched.confirmedAt, isFromThisEpoch ? this.#freshAt : -Infinity)
    const ageMs = monotonicNow() - confirmedAt
    for (const connection of watched.connections)
      if (ageMs > this.#maxAgeMs(connection)) this.#abort(connection, UNCONFIRMED)
  }

  /** For how long a connection stays open after its login was known to be active; -Infinity for not at all. */
  #maxAgeMs({ options: { onStoreDown = this.#options.onStoreDown } }: OpenConnection): number {
    return onStoreDown === 'fail-closed' ? -Infinity : onStoreDown.serveStaleForSeconds * 1000
  }
}
