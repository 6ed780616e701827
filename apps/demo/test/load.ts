import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type LoginIssuer, credentialFrom } from './login-issuer.ts'
import { type TrackedLogin, Oracle } from './oracle.ts'
import { until } from '@drawbridge/test-support/until'

export interface LoadOptions {
  readonly urls: readonly string[]
  readonly mint: LoginIssuer
  readonly boundMs: number
}

/** Uses one refresh token after the other. */
export interface Refresher {
  readonly login: TrackedLogin
  /** Null where it was rejected. */
  token: string | null
}

const carriers = ['session', 'token'] as const
const STAYING_COUNT = 10
const LEAVING_COUNT = 80
const CONCURRENCY = 20
/** Share of requests with a login that has just been revoked. */
const REVOKED_SHARE = 0.4
const RECENT_COUNT = 20
const RECOVERY_TIMEOUT_MS = 10_000

/** Clients that use a service in every way, on each of its nodes: requests, sign-ins, log-outs, refreshes. */
export class Load {
  readonly oracle: Oracle
  readonly urls: readonly string[]
  readonly revoked: TrackedLogin[] = []
  readonly refreshers: Refresher[] = []
  readonly #mint: LoginIssuer
  /** Logins that are never logged out. */
  readonly #staying: TrackedLogin[] = []
  /** Logins that are logged out sooner or later. */
  readonly #leaving: TrackedLogin[] = []
  #toRevoke: TrackedLogin[] = []
  readonly #stopped = new AbortController()
  #workers: ReadonlyArray<Promise<void>> = []

  private constructor({ urls, mint, boundMs }: LoadOptions) {
    this.oracle = new Oracle(boundMs)
    setMaxListeners(0, this.#stopped.signal)
    this.urls = urls
    this.#mint = mint
  }

  static async start(options: LoadOptions): Promise<Load> {
    const load = new Load(options)
    for (const carrier of carriers) {
      load.#staying.push(...(await load.#signInMany(carrier, STAYING_COUNT)))
      load.#leaving.push(...(await load.#signInMany(carrier, LEAVING_COUNT)))
    }
    load.#toRevoke = load.#leaving.toSorted(() => Math.random() - 0.5)
    const refreshing = await load.#signInMany('token', options.urls.length)
    load.#staying.push(...refreshing)
    for (const login of refreshing) load.refreshers.push({ login, token: login.minted.refreshToken })
    // Each node has its own clients: a stopped node does not block requests to the others.
    load.#workers = options.urls.flatMap((url, at) => load.#startClients(url, at))
    return load
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await Promise.all(this.#workers)
  }

  /** Logins whose clients have not logged out. */
  get active(): readonly TrackedLogin[] {
    return [...this.#staying, ...this.#leaving.filter(({ state }) => state === 'in' || state === 'rejected')]
  }

  /** Resolves once every node has served many requests and some more log-outs have succeeded. */
  async runOn(): Promise<void> {
    const [served, revoked] = [this.oracle.count(200), this.revoked.length]
    await until(() => this.oracle.count(200) > served + 150 && this.revoked.length > revoked + 5)
  }

  /** Resolves once every node is ready again, accepts sign-ins and serves every login in the store. */
  async untilServed(): Promise<void> {
    await Promise.all(this.urls.map((url) => until(() => this.oracle.ready(url), RECOVERY_TIMEOUT_MS)))
    for (const url of this.urls) {
      for (const carrier of carriers) await until(() => this.#canSignIn(url, carrier), RECOVERY_TIMEOUT_MS)
    }
    const [stored] = await this.partitionByStored(this.#staying)
    await Promise.all(this.urls.map((url) => this.untilAll(200, url, stored)))
  }

  /** Resolves once a node responds to all of them with this status. */
  async untilAll(status: number, url: string, logins: readonly TrackedLogin[]): Promise<void> {
    const isSo = async () => {
      const statuses = await Promise.all(logins.map((login) => this.oracle.guarded(url, login)))
      return statuses.every((found) => found === status)
    }
    await until(isSo, RECOVERY_TIMEOUT_MS).catch((cause: unknown) => {
      const found = JSON.stringify(this.oracle.summary())
      throw new Error(`${logins.length} logins do not all get ${status}; wrong: ${found}`, { cause })
    })
  }

  /** The logins in the store, and the others. */
  async partitionByStored(
    logins: readonly TrackedLogin[]
  ): Promise<[kept: TrackedLogin[], lost: TrackedLogin[]]> {
    const isStored = await Promise.all(logins.map(({ minted }) => this.#mint.isStored(minted)))
    return [logins.filter((_, at) => isStored[at]), logins.filter((_, at) => !isStored[at])]
  }

  async #signInMany(carrier: (typeof carriers)[number], count: number): Promise<TrackedLogin[]> {
    const one = async () => this.oracle.track(await this.#mint.signIn(carrier))
    const made: TrackedLogin[] = []
    while (made.length < count) {
      const some = Math.min(CONCURRENCY, count - made.length)
      made.push(...(await Promise.all(Array.from({ length: some }, one))))
    }
    return made
  }

  #startClients(url: string, at: number): Array<Promise<void>> {
    return [
      this.#repeat(6, () => this.oracle.guarded(url, this.#anyLogin())),
      this.#repeat(6, () => this.oracle.guarded(url, this.#anyLogin())),
      this.#repeat(80, () => this.#revokeOne(url)),
      this.#repeat(500, () => this.#signInAndLeave(url)),
      this.#repeat(50, () => this.#refresh(url, at)),
      this.#repeat(100, () => this.oracle.ready(url))
    ]
  }

  async #repeat(pauseMs: number, work: () => Promise<unknown>): Promise<void> {
    const { signal } = this.#stopped
    while (!signal.aborted) {
      await work()
      await sleep(pauseMs, undefined, { signal }).catch(() => {})
    }
  }

  #anyLogin(): TrackedLogin {
    if (this.revoked.length > 0 && Math.random() < REVOKED_SHARE) {
      return pickOne(Math.random() < 0.5 ? this.revoked.slice(-RECENT_COUNT) : this.revoked)
    }
    return pickOne(Math.random() < 0.5 ? this.#staying : this.#leaving)
  }

  /** A log-out that got 503 is tried again. */
  async #revokeOne(url: string): Promise<void> {
    const login = this.#toRevoke.pop()
    if (login === undefined) return
    if (!(await this.oracle.signOut(url, login))) this.#toRevoke.push(login)
    else if (login.state === 'out') this.revoked.push(login)
  }

  async #canSignIn(url: string, carrier: (typeof carriers)[number]): Promise<boolean> {
    const login = await this.#signIn(url, carrier)
    if (login !== null) this.#staying.push(login)
    return login !== null
  }

  /** Of the logins created meanwhile, some are logged out and some are not. */
  async #signInAndLeave(url: string): Promise<void> {
    const login = await this.#signIn(url, pickOne(carriers))
    if (login === null) return
    if (Math.random() < 0.5) return void this.#staying.push(login)
    this.#leaving.push(login)
    this.#toRevoke.unshift(login)
  }

  async #signIn(url: string, carrier: (typeof carriers)[number]): Promise<TrackedLogin | null> {
    const sentAt = performance.now()
    const response = await this.oracle.signIn(url, carrier)
    if (response === null) return null
    return this.oracle.track(credentialFrom(carrier, response.headers['set-cookie'], response.body), sentAt)
  }

  /** Tries the same token again after a 503. */
  async #refresh(url: string, at: number): Promise<void> {
    const one = this.refreshers[at]
    if (one?.token) one.token = await this.oracle.refresh(url, one.token, one.login)
  }
}

function pickOne<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)] as T
}
