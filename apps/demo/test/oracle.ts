import { sendRequest, type RequestOptions, type Response } from './ask.ts'
import type { IssuedCredential } from './login-issuer.ts'

/** A login, and what its client knows about it. Times are of `performance.now()`. */
export interface TrackedLogin {
  readonly minted: IssuedCredential
  readonly carrier: IssuedCredential['carrier']
  /** The headers that the client sends now: it accepts new cookies. */
  headers: Readonly<Record<string, string>>
  /** When the sign-in was sent, and when its response arrived. */
  readonly sentAt: number
  readonly answeredAt: number
  /**
   * `leaving`: a log-out is in flight or got 503; the login may or may not be revoked. `rejected`: its log-out was
   * rejected, which means that there is no such login.
   */
  state: 'in' | 'leaving' | 'out' | 'rejected'
  /** When the response to the log-out arrived. */
  signedOutAt: number
  /** When it was first rejected, though its client never logged out. */
  rejectedAt: number
}

/**
 * Judges each response by what its client could know: an active login is not rejected, and a login is not served when
 * the response to its log-out arrived longer ago than the bound. All by one clock, that of the client, which does not
 * widen the bound: the time from log-out to response and from request to service only adds to it.
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
    const never = { signedOutAt: Infinity, rejectedAt: Infinity }
    return { minted, carrier, headers, sentAt, answeredAt, state: 'in', ...never }
  }

  /**
   * From now on the store may lose logins, so that an active one may be rejected. Check afterwards whether the store
   * has really lost each login with a `rejectedAt`.
   * @param isPermanent whether a login rejected by one node is soon rejected by all.
   */
  expectLoss(isPermanent: boolean): void {
    this.#canLose = true
    this.#isRefusalPermanent = isPermanent
  }

  count(status: number): number {
    return this.statuses.get(status) ?? 0
  }

  /** Number of faults per kind, without the figures in them. */
  summary(): Readonly<Record<string, number>> {
    const kinds: Record<string, number> = {}
    for (const fault of this.faults) {
      const kind = fault.replaceAll(/\d+ ms/g, 'N ms').slice(0, 200)
      kinds[kind] = (kinds[kind] ?? 0) + 1
    }
    return kinds
  }

  /** @returns the status of the response. */
  async guarded(url: string, login: TrackedLogin): Promise<number> {
    const sentAt = performance.now()
    const response = await this.#send(`${url}/${login.carrier}/protected`, { headers: login.headers })
    this.#expectStatus(response, [200, 401, 503], 'a guarded request')
    if (response.status === 200) this.#checkServed(login, sentAt)
    if (response.status === 401 && login.state === 'in')
      this.#recordRejection(login, `rejected by ${login.carrier}`)
    takeCookies(login, response)
    return response.status
  }

  /** @returns whether the log-out is complete. */
  async signOut(url: string, login: TrackedLogin): Promise<boolean> {
    const request = login.state === 'in' ? { headers: login.headers } : signOutAgain(login)
    login.state = 'leaving'
    const response = await this.#send(`${url}/${login.carrier}/logout`, { method: 'POST', ...request })
    this.#expectStatus(response, this.#canLose ? [200, 401, 503] : [200, 503], 'a log-out')
    if (response.status === 503) return false
    if (response.status === 401) this.#recordRejection(login, 'rejected at log-out')
    else login.signedOutAt = performance.now()
    login.state = response.status === 401 ? 'rejected' : 'out'
    return true
  }

  /**
   * Refreshes a login that is not logged out meanwhile.
   * @returns the next refresh token, the same one where it must be retried, or null where there is no such login.
   */
  async refresh(url: string, refreshToken: string, login?: TrackedLogin): Promise<string | null> {
    const json = { refresh_token: refreshToken }
    const response = await this.#send(`${url}/token/refresh`, { method: 'POST', json })
    this.#expectStatus(response, login === undefined ? [200, 503] : [200, 401, 503], 'a refresh')
    if (response.status === 401 && login !== undefined) this.#recordRejection(login, 'rejected at refresh')
    if (response.status === 503) return refreshToken
    return response.status === 200 ? String(response.body.refresh_token) : null
  }

  /** Refreshes with the token of a logged-out login. */
  async refreshRevoked(url: string, { minted: { refreshToken } }: TrackedLogin): Promise<void> {
    const json = { refresh_token: refreshToken }
    const response = await this.#send(`${url}/token/refresh`, { method: 'POST', json })
    this.#expectStatus(response, [401, 503], 'a refresh after the log-out')
  }

  /** @returns whether the node is ready. */
  async ready(url: string): Promise<boolean> {
    const response = await this.#send(`${url}/health/ready`)
    this.#expectStatus(response, [200, 503], 'a readiness probe')
    return response.status === 200
  }

  /** Signs in with the development account. @returns the login, or null after a 503. */
  async signIn(url: string, carrier: IssuedCredential['carrier']): Promise<Response | null> {
    const json = { username: 'user', password: 'pass' }
    const response = await this.#send(`${url}/${carrier}/login`, { method: 'POST', json })
    this.#expectStatus(response, [200, 503], 'a sign-in')
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

  #checkServed({ signedOutAt, rejectedAt }: TrackedLogin, sentAt: number): void {
    const [lateMs, backMs] = [sentAt - signedOutAt, sentAt - rejectedAt]
    if (lateMs > this.#boundMs) this.#addFault(`served ${Math.round(lateMs)} ms after the log-out`)
    if (this.#isRefusalPermanent && backMs > this.#boundMs)
      this.#addFault(`served ${Math.round(backMs)} ms after it was rejected`)
  }

  #recordRejection(login: TrackedLogin, what: string): void {
    login.rejectedAt = Math.min(login.rejectedAt, performance.now())
    if (!this.#canLose) this.#addFault(`an active login was ${what}`)
  }

  #expectStatus({ status, headers, body }: Response, allowed: readonly number[], what: string): void {
    if (!allowed.includes(status)) this.#addFault(`${what} got ${status}: ${JSON.stringify(body)}`)
    if (status === 503 && !/^\d+$/.test(String(headers['retry-after'])))
      this.#addFault('503 without Retry-After')
  }

  #addFault(what: string): void {
    this.faults.push(what)
  }
}

/** Merges cookies as a browser does. */
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

/** By the refresh token: the access token may be rejected by now, where the first attempt has succeeded after all. */
function signOutAgain({ carrier, minted, headers }: TrackedLogin): RequestOptions {
  return carrier === 'token' ? { json: { refresh_token: minted.refreshToken } } : { headers }
}

/**
 * Sends guarded requests until one is rejected; the oracle judges each. @returns for how long it was served after the
 * log-out, ms.
 */
export async function untilRefused(oracle: Oracle, url: string, login: TrackedLogin): Promise<number> {
  const deadline = performance.now() + 10_000
  let servedUntil = login.signedOutAt
  for (;;) {
    const sentAt = performance.now()
    const status = await oracle.guarded(url, login)
    if (status === 401) return servedUntil - login.signedOutAt
    if (status === 200) servedUntil = performance.now()
    if (sentAt > deadline) throw new Error('a revoked login was never rejected')
  }
}

/** Percentiles of the values, as text. */
export function percentiles(lags: readonly number[]): string {
  const sorted = lags.toSorted((a, b) => a - b)
  const at = (p: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? NaN).toFixed(1)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms of ${sorted.length}`
}
