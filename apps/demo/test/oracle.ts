import { sendRequest, type RequestOptions, type Response } from './ask.ts'
import type { IssuedCredential } from './login-issuer.ts'

/** A login, and what its client knows of it. Moments are by `performance.now()`. */
export interface TrackedLogin {
  readonly minted: IssuedCredential
  readonly carrier: IssuedCredential['carrier']
  /** What the client sends now: it takes the cookies that it is given. */
  headers: Readonly<Record<string, string>>
  /** When the log-in was sent, and when it had been answered. */
  readonly sentAt: number
  readonly answeredAt: number
  /**
   * `leaving`: a log-out is under way, or was answered with 503; then it may or may not have ended. `refused`: so was its
   * log-out, which says that there is no such login.
   */
  state: 'in' | 'leaving' | 'out' | 'refused'
  /** When the log-out had been answered. */
  signedOutAt: number
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
  #isRefusalPermanent = true

  constructor(boundMs: number) {
    this.#boundMs = boundMs
  }

  track(minted: IssuedCredential, sentAt = performance.now()): TrackedLogin {
    const { carrier, headers } = minted
    const answeredAt = performance.now()
    const never = { signedOutAt: Infinity, refusedAt: Infinity }
    return { minted, carrier, headers, sentAt, answeredAt, state: 'in', ...never }
  }

  /**
   * From now on the store may lose logins, so a living one may be refused. Whether the store has really lost it is to be
   * asked afterwards, of every login with a `refusedAt`.
   * @param isPermanent whether what one node has refused is soon refused by all.
   */
  expectLoss(isPermanent: boolean): void {
    this.#canLose = true
    this.#isRefusalPermanent = isPermanent
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
  async guarded(url: string, login: TrackedLogin): Promise<number> {
    const sentAt = performance.now()
    const response = await this.#send(`${url}/${login.carrier}/protected`, { headers: login.headers })
    this.#expectStatus(response, [200, 401, 503], 'a guarded request')
    if (response.status === 200) this.#checkServed(login, sentAt)
    if (response.status === 401 && login.state === 'in')
      this.#recordRefusal(login, `refused by ${login.carrier}`)
    takeCookies(login, response)
    return response.status
  }

  /** @returns whether there is nothing left to end. */
  async signOut(url: string, login: TrackedLogin): Promise<boolean> {
    const request = login.state === 'in' ? { headers: login.headers } : signOutAgain(login)
    login.state = 'leaving'
    const response = await this.#send(`${url}/${login.carrier}/logout`, { method: 'POST', ...request })
    this.#expectStatus(response, this.#canLose ? [200, 401, 503] : [200, 503], 'a log-out')
    if (response.status === 503) return false
    if (response.status === 401) this.#recordRefusal(login, 'refused to log out')
    else login.signedOutAt = performance.now()
    login.state = response.status === 401 ? 'refused' : 'out'
    return true
  }

  /**
   * Of a login that nobody ends meanwhile.
   * @returns the next refresh token, or the same where it is to be tried again, or null where there is no such login.
   */
  async refresh(url: string, refreshToken: string, login?: TrackedLogin): Promise<string | null> {
    const json = { refresh_token: refreshToken }
    const response = await this.#send(`${url}/token/refresh`, { method: 'POST', json })
    this.#expectStatus(response, login === undefined ? [200, 503] : [200, 401, 503], 'a refresh')
    if (response.status === 401 && login !== undefined) this.#recordRefusal(login, 'refused to refresh')
    if (response.status === 503) return refreshToken
    return response.status === 200 ? String(response.body.refresh_token) : null
  }

  /** By the refresh token of a login that has ended. */
  async refreshRevoked(url: string, { minted: { refreshToken } }: TrackedLogin): Promise<void> {
    const json = { refresh_token: refreshToken }
    const response = await this.#send(`${url}/token/refresh`, { method: 'POST', json })
    this.#expectStatus(response, [401, 503], 'a refresh after the log-out')
  }

  /** @returns whether the node says that it can do its work. */
  async ready(url: string): Promise<boolean> {
    const response = await this.#send(`${url}/health/ready`)
    this.#expectStatus(response, [200, 503], 'a look at the readiness')
    return response.status === 200
  }

  /** By the account of development. @returns what the log-in gave, or null. */
  async signIn(url: string, carrier: IssuedCredential['carrier']): Promise<Response | null> {
    const json = { username: 'user', password: 'pass' }
    const response = await this.#send(`${url}/${carrier}/login`, { method: 'POST', json })
    this.#expectStatus(response, [200, 503], 'a log-in')
    return response.status === 200 ? response : null
  }

  async #send(...request: Parameters<typeof sendRequest>): Promise<Response> {
    const response = await sendRequest(...request).catch((error: Error) => {
      this.#addFault(error.message)
      return { status: 0, headers: {}, body: {} }
    })
    this.statuses.set(response.status, this.count(response.status) + 1)
    return response
  }

  #checkServed({ signedOutAt, refusedAt }: TrackedLogin, sentAt: number): void {
    const [lateMs, backMs] = [sentAt - signedOutAt, sentAt - refusedAt]
    if (lateMs > this.#boundMs) this.#addFault(`served ${Math.round(lateMs)} ms after the log-out`)
    if (this.#isRefusalPermanent && backMs > this.#boundMs)
      this.#addFault(`served ${Math.round(backMs)} ms after it was refused`)
  }

  #recordRefusal(login: TrackedLogin, what: string): void {
    login.refusedAt = Math.min(login.refusedAt, performance.now())
    if (!this.#canLose) this.#addFault(`a living login ${what}`)
  }

  #expectStatus({ status, headers, body }: Response, allowed: readonly number[], what: string): void {
    if (!allowed.includes(status)) this.#addFault(`${what} was answered ${status}: ${JSON.stringify(body)}`)
    if (status === 503 && !/^\d+$/.test(String(headers['retry-after'])))
      this.#addFault('503 without Retry-After')
  }

  #addFault(what: string): void {
    this.faults.push(what)
  }
}

/** As a browser does. */
function takeCookies(login: TrackedLogin, { headers }: Response): void {
  const given = [headers['set-cookie'] ?? []].flat()
  if (given.length === 0) return
  const jar = new Map([...(login.headers.cookie ?? '').split('; '), ...given].map(parseCookie))
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  login.headers = { ...login.headers, cookie }
}

function parseCookie(line: string): [string, string] {
  const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? []
  return [name, value]
}

/** By the refresh token: an access token may be refused by now, where the first attempt has worked after all. */
function signOutAgain({ carrier, minted, headers }: TrackedLogin): RequestOptions {
  return carrier === 'token' ? { json: { refresh_token: minted.refreshToken } } : { headers }
}

/** Asks until it is refused, and each time lets the oracle judge. @returns until when it was served after the log-out, ms. */
export async function untilRefused(oracle: Oracle, url: string, login: TrackedLogin): Promise<number> {
  const deadline = performance.now() + 10_000
  let servedUntil = login.signedOutAt
  for (;;) {
    const sentAt = performance.now()
    const status = await oracle.guarded(url, login)
    if (status === 401) return servedUntil - login.signedOutAt
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
