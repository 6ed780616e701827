import { ask, type Asked, type Told } from './ask.ts'
import type { Minted } from './mint.ts'

/** A login, and what its client knows of it. Moments are by `performance.now()`. */
export interface Known {
  readonly minted: Minted
  readonly carrier: Minted['carrier']
  /** What the client sends now: it takes the cookies that it is given. */
  headers: Readonly<Record<string, string>>
  /** When the log-in was sent, and when it had been answered. */
  readonly askedAt: number
  readonly knownAt: number
  /**
   * `leaving`: a log-out is under way, or was answered with 503; then it may or may not have ended. `refused`: so was its
   * log-out, which says that there is no such login.
   */
  state: 'in' | 'leaving' | 'out' | 'refused'
  /** When the log-out had been answered. */
  outAt: number
  /** When it was first answered that there is no such login, though its client never logged out. */
  refusedAt: number
}

/**
 * Judges each answer by what its client could know: a login is not refused that lives, nor served when its log-out had been
 * answered longer ago than the bound. All by one clock, that of the client, which makes the bound no
 * wider: between the log-out and its answer, and between a request and its being served, there is more time and not less.
 */
export class Oracle {
  readonly faults: string[] = []
  readonly statuses = new Map<number, number>()
  readonly #boundMs: number
  #canLose = false
  #isRefusedForGood = true

  constructor(boundMs: number) {
    this.#boundMs = boundMs
  }

  know(minted: Minted, askedAt = performance.now()): Known {
    const { carrier, headers } = minted
    const knownAt = performance.now()
    const never = { outAt: Infinity, refusedAt: Infinity }
    return { minted, carrier, headers, askedAt, knownAt, state: 'in', ...never }
  }

  /**
   * From now on the store may lose logins, so a living one may be refused. Whether the store has really lost it is to be
   * asked afterwards, of every login with a `refusedAt`.
   * @param isForGood whether what one node has refused is soon refused by all.
   */
  expectLoss(isForGood: boolean): void {
    this.#canLose = true
    this.#isRefusedForGood = isForGood
  }

  count(status: number): number {
    return this.statuses.get(status) ?? 0
  }

  /** How often what was found, without the figures in it. */
  summary(): Readonly<Record<string, number>> {
    const kinds: Record<string, number> = {}
    for (const fault of this.faults) {
      const kind = fault.replaceAll(/\d+ ms/g, 'N ms').slice(0, 200)
      kinds[kind] = (kinds[kind] ?? 0) + 1
    }
    return kinds
  }

  /** @returns the status of the answer. */
  async guarded(url: string, login: Known): Promise<number> {
    const sentAt = performance.now()
    const told = await this.#ask(`${url}/${login.carrier}/protected`, { headers: login.headers })
    this.#allow(told, [200, 401, 503], 'a guarded request')
    if (told.status === 200) this.#judgeServed(login, sentAt)
    if (told.status === 401 && login.state === 'in') this.#refused(login, `refused by ${login.carrier}`)
    takeCookies(login, told)
    return told.status
  }

  /** @returns whether there is nothing left to end. */
  async logOut(url: string, login: Known): Promise<boolean> {
    const asked = login.state === 'in' ? { headers: login.headers } : logOutOnceMore(login)
    login.state = 'leaving'
    const told = await this.#ask(`${url}/${login.carrier}/logout`, { method: 'POST', ...asked })
    this.#allow(told, this.#canLose ? [200, 401, 503] : [200, 503], 'a log-out')
    if (told.status === 503) return false
    if (told.status === 401) this.#refused(login, 'refused to log out')
    else login.outAt = performance.now()
    login.state = told.status === 401 ? 'refused' : 'out'
    return true
  }

  /**
   * Of a login that nobody ends meanwhile.
   * @returns the next refresh token, or the same where it is to be tried again, or null where there is no such login.
   */
  async refresh(url: string, refreshToken: string, login?: Known): Promise<string | null> {
    const json = { refresh_token: refreshToken }
    const told = await this.#ask(`${url}/token/refresh`, { method: 'POST', json })
    this.#allow(told, login === undefined ? [200, 503] : [200, 401, 503], 'a refresh')
    if (told.status === 401 && login !== undefined) this.#refused(login, 'refused to refresh')
    if (told.status === 503) return refreshToken
    return told.status === 200 ? String(told.body.refresh_token) : null
  }

  /** By the refresh token of a login that has ended. */
  async refreshEnded(url: string, { minted: { refreshToken } }: Known): Promise<void> {
    const json = { refresh_token: refreshToken }
    const told = await this.#ask(`${url}/token/refresh`, { method: 'POST', json })
    this.#allow(told, [401, 503], 'a refresh after the log-out')
  }

  /** @returns whether the node says that it can do its work. */
  async ready(url: string): Promise<boolean> {
    const told = await this.#ask(`${url}/health/ready`)
    this.#allow(told, [200, 503], 'a look at the readiness')
    return told.status === 200
  }

  /** By the account of development. @returns what the log-in gave, or null. */
  async logIn(url: string, carrier: Minted['carrier']): Promise<Told | null> {
    const json = { username: 'user', password: 'pass' }
    const told = await this.#ask(`${url}/${carrier}/login`, { method: 'POST', json })
    this.#allow(told, [200, 503], 'a log-in')
    return told.status === 200 ? told : null
  }

  async #ask(...asked: Parameters<typeof ask>): Promise<Told> {
    const told = await ask(...asked).catch((error: Error) => {
      this.#fault(error.message)
      return { status: 0, headers: {}, body: {} }
    })
    this.statuses.set(told.status, this.count(told.status) + 1)
    return told
  }

  #judgeServed({ outAt, refusedAt }: Known, sentAt: number): void {
    const [lateMs, backMs] = [sentAt - outAt, sentAt - refusedAt]
    if (lateMs > this.#boundMs) this.#fault(`served ${Math.round(lateMs)} ms after the log-out`)
    if (this.#isRefusedForGood && backMs > this.#boundMs)
      this.#fault(`served ${Math.round(backMs)} ms after it was refused`)
  }

  #refused(login: Known, what: string): void {
    login.refusedAt = Math.min(login.refusedAt, performance.now())
    if (!this.#canLose) this.#fault(`a living login ${what}`)
  }

  #allow({ status, headers, body }: Told, allowed: readonly number[], what: string): void {
    if (!allowed.includes(status)) this.#fault(`${what} was answered ${status}: ${JSON.stringify(body)}`)
    if (status === 503 && !/^\d+$/.test(String(headers['retry-after'])))
      this.#fault('503 without Retry-After')
  }

  #fault(what: string): void {
    this.faults.push(what)
  }
}

/** As a browser does. */
function takeCookies(login: Known, { headers }: Told): void {
  const given = [headers['set-cookie'] ?? []].flat()
  if (given.length === 0) return
  const jar = new Map([...(login.headers.cookie ?? '').split('; '), ...given].map(nameAndValue))
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  login.headers = { ...login.headers, cookie }
}

function nameAndValue(line: string): [string, string] {
  const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? []
  return [name, value]
}

/** By the refresh token: an access token may be refused by now, where the first attempt has worked after all. */
function logOutOnceMore({ carrier, minted, headers }: Known): Asked {
  return carrier === 'token' ? { json: { refresh_token: minted.refreshToken } } : { headers }
}

/** Asks until it is refused, and each time lets the oracle judge. @returns until when it was served after the log-out, ms. */
export async function untilRefused(oracle: Oracle, url: string, login: Known): Promise<number> {
  const deadline = performance.now() + 10_000
  let servedUntil = login.outAt
  for (;;) {
    const sentAt = performance.now()
    const status = await oracle.guarded(url, login)
    if (status === 401) return servedUntil - login.outAt
    if (status === 200) servedUntil = performance.now()
    if (sentAt > deadline) throw new Error('an ended login was never refused')
  }
}

/** The p-th percentile of some, in words. */
export function percentiles(lags: readonly number[]): string {
  const sorted = lags.toSorted((a, b) => a - b)
  const at = (p: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? NaN).toFixed(1)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms of ${sorted.length}`
}
