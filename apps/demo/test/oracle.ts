import { ask, type Asked, type Told } from './ask.ts'
import type { Minted } from './mint.ts'

/** A login, and what its client knows of it. */
export interface Known {
  readonly minted: Minted
  readonly carrier: Minted['carrier']
  /** `leaving`: a log-out is under way, or was answered with 503; then it may or may not have ended. */
  state: 'in' | 'leaving' | 'out'
  /** By `performance.now()`: when the log-out had been answered. */
  outAt: number
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

  constructor(boundMs: number) {
    this.#boundMs = boundMs
  }

  know(minted: Minted): Known {
    return { minted, carrier: minted.carrier, state: 'in', outAt: Infinity }
  }

  count(status: number): number {
    return this.statuses.get(status) ?? 0
  }

  /** @returns the status of the answer. */
  async guarded(url: string, login: Known): Promise<number> {
    const sentAt = performance.now()
    const told = await this.#ask(`${url}/${login.carrier}/protected`, { headers: login.minted.headers })
    const lateMs = sentAt - login.outAt
    if (told.status === 200 && lateMs > this.#boundMs)
      this.#fault(`served ${Math.round(lateMs)} ms after the log-out`)
    if (told.status === 401 && login.state === 'in') this.#fault(`a living login refused by ${login.carrier}`)
    this.#allow(told, [200, 401, 503], 'a guarded request')
    return told.status
  }

  /** @returns whether it was answered that the login has ended. */
  async logOut(url: string, login: Known): Promise<boolean> {
    const asked = login.state === 'in' ? { headers: login.minted.headers } : logOutOnceMore(login)
    login.state = 'leaving'
    const told = await this.#ask(`${url}/${login.carrier}/logout`, { method: 'POST', ...asked })
    this.#allow(told, [200, 503], 'a log-out')
    if (told.status !== 200) return false
    login.outAt = performance.now()
    login.state = 'out'
    return true
  }

  /** Of a login that nobody ends meanwhile. @returns the next refresh token, or the same where it is to be tried again. */
  async refresh(url: string, refreshToken: string): Promise<string> {
    const json = { refresh_token: refreshToken }
    const told = await this.#ask(`${url}/token/refresh`, { method: 'POST', json })
    this.#allow(told, [200, 503], 'a refresh')
    return told.status === 200 ? String(told.body.refresh_token) : refreshToken
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

  #allow({ status, headers, body }: Told, allowed: readonly number[], what: string): void {
    if (!allowed.includes(status)) this.#fault(`${what} was answered ${status}: ${JSON.stringify(body)}`)
    if (status === 503 && !/^\d+$/.test(String(headers['retry-after'])))
      this.#fault('503 without Retry-After')
  }

  #fault(what: string): void {
    this.faults.push(what)
  }
}

/** By the refresh token: an access token may be refused by now, where the first attempt has worked after all. */
function logOutOnceMore({ carrier, minted }: Known): Asked {
  return carrier === 'token' ? { json: { refresh_token: minted.refreshToken } } : { headers: minted.headers }
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
