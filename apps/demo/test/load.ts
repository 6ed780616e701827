import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Mint, mintedBy } from './mint.ts'
import { type Known, Oracle } from './oracle.ts'
import { until } from './until.ts'

export interface LoadOptions {
  readonly urls: readonly string[]
  readonly mint: Mint
  readonly boundMs: number
}

/** Shows one refresh token after the other. */
export interface Refresher {
  readonly login: Known
  /** Null where it was refused. */
  token: string | null
}

const carriers = ['session', 'token'] as const
const LIVING = 10
const LEAVING = 80
const AT_ONCE = 20
/** Of all requests so many show a login that has just been ended. */
const SHARE_OF_ENDED = 0.4
const JUST_ENDED = 20
const RECOVERY_MS = 10_000

/** Clients of a service that use it in every way: requests, log-ins, log-outs, refreshes, on each of its nodes. */
export class Load {
  readonly oracle: Oracle
  readonly urls: readonly string[]
  readonly ended: Known[] = []
  readonly refreshers: Refresher[] = []
  readonly #mint: Mint
  /** Of those that nobody ends. */
  readonly #living: Known[] = []
  /** Of those that somebody ends, now or later. */
  readonly #leaving: Known[] = []
  #toEnd: Known[] = []
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
      load.#living.push(...(await load.#make(carrier, LIVING)))
      load.#leaving.push(...(await load.#make(carrier, LEAVING)))
    }
    load.#toEnd = load.#leaving.toSorted(() => Math.random() - 0.5)
    const refreshing = await load.#make('token', options.urls.length)
    load.#living.push(...refreshing)
    for (const login of refreshing) load.refreshers.push({ login, token: login.minted.refreshToken })
    // Each node has its own clients: one that is stopped keeps nobody from asking the others.
    load.#workers = options.urls.flatMap((url, at) => load.#clientsOf(url, at))
    return load
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await Promise.all(this.#workers)
  }

  /** Those whose clients have not logged out. */
  get living(): readonly Known[] {
    return [...this.#living, ...this.#leaving.filter(({ state }) => state === 'in' || state === 'refused')]
  }

  /** Until every node has served many, and some log-outs more have been answered. */
  async goOn(): Promise<void> {
    const [served, ended] = [this.oracle.count(200), this.ended.length]
    await until(() => this.oracle.count(200) > served + 150 && this.ended.length > ended + 5)
  }

  /** Until every node is ready again, takes log-ins and serves every login that the store has. */
  async untilServed(): Promise<void> {
    await Promise.all(this.urls.map((url) => until(() => this.oracle.ready(url), RECOVERY_MS)))
    for (const url of this.urls) {
      for (const carrier of carriers) await until(() => this.#comesIn(url, carrier), RECOVERY_MS)
    }
    const [kept] = await this.kept(this.#living)
    await Promise.all(this.urls.map((url) => this.untilAll(200, url, kept)))
  }

  /** Until a node gives all of them this answer. */
  async untilAll(status: number, url: string, logins: readonly Known[]): Promise<void> {
    const isSo = async () => {
      const statuses = await Promise.all(logins.map((login) => this.oracle.guarded(url, login)))
      return statuses.every((found) => found === status)
    }
    await until(isSo, RECOVERY_MS).catch((cause: unknown) => {
      const found = JSON.stringify(this.oracle.summary())
      throw new Error(`${logins.length} logins are not all answered ${status}; wrong: ${found}`, { cause })
    })
  }

  /** Those that the store has, and the others. */
  async kept(logins: readonly Known[]): Promise<[kept: Known[], lost: Known[]]> {
    const isKept = await Promise.all(logins.map(({ minted }) => this.#mint.isKept(minted)))
    return [logins.filter((_, at) => isKept[at]), logins.filter((_, at) => !isKept[at])]
  }

  async #make(carrier: (typeof carriers)[number], count: number): Promise<Known[]> {
    const one = async () => this.oracle.know(await this.#mint.logIn(carrier))
    const made: Known[] = []
    while (made.length < count) {
      const some = Math.min(AT_ONCE, count - made.length)
      made.push(...(await Promise.all(Array.from({ length: some }, one))))
    }
    return made
  }

  #clientsOf(url: string, at: number): Array<Promise<void>> {
    return [
      this.#repeat(6, () => this.oracle.guarded(url, this.#anyLogin())),
      this.#repeat(6, () => this.oracle.guarded(url, this.#anyLogin())),
      this.#repeat(80, () => this.#endOne(url)),
      this.#repeat(500, () => this.#comeAndGo(url)),
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

  #anyLogin(): Known {
    if (this.ended.length > 0 && Math.random() < SHARE_OF_ENDED) {
      return oneOf(Math.random() < 0.5 ? this.ended.slice(-JUST_ENDED) : this.ended)
    }
    return oneOf(Math.random() < 0.5 ? this.#living : this.#leaving)
  }

  /** Whoever is answered 503 logs out once more. */
  async #endOne(url: string): Promise<void> {
    const login = this.#toEnd.pop()
    if (login === undefined) return
    if (!(await this.oracle.logOut(url, login))) this.#toEnd.push(login)
    else if (login.state === 'out') this.ended.push(login)
  }

  async #comesIn(url: string, carrier: (typeof carriers)[number]): Promise<boolean> {
    const login = await this.#logIn(url, carrier)
    if (login !== null) this.#living.push(login)
    return login !== null
  }

  /** Of those who come meanwhile, some stay and some leave. */
  async #comeAndGo(url: string): Promise<void> {
    const login = await this.#logIn(url, oneOf(carriers))
    if (login === null) return
    if (Math.random() < 0.5) return void this.#living.push(login)
    this.#leaving.push(login)
    this.#toEnd.unshift(login)
  }

  async #logIn(url: string, carrier: (typeof carriers)[number]): Promise<Known | null> {
    const askedAt = performance.now()
    const told = await this.oracle.logIn(url, carrier)
    if (told === null) return null
    return this.oracle.know(mintedBy(carrier, told.headers['set-cookie'], told.body), askedAt)
  }

  /** Shows the same token again when the answer was 503. */
  async #refresh(url: string, at: number): Promise<void> {
    const one = this.refreshers[at]
    if (one?.token) one.token = await this.oracle.refresh(url, one.token, one.login)
  }
}

function oneOf<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)] as T
}
