import type { SigningKey } from '@drawbridge/token-auth'
import { signJws, createHeader } from '@drawbridge/test-support/forge'
import type { Tokens } from '../build-demo.ts'
import { until } from '@drawbridge/test-support/until'
import type { Canaries } from './canaries.ts'

export interface Request {
  readonly method?: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
}

export interface Response {
  readonly statusCode: number
  readonly setCookies: readonly string[]
  readonly body: string
  /** Status, headers and body as received. */
  readonly text: string
}

export interface Exchange {
  readonly request: Request
  readonly response: Response
  /** The names of canaries that this response issues to their owner. */
  readonly isExpected: (name: string) => boolean
}

export interface Target {
  readonly send: (request: Request) => Promise<Response>
  readonly canaries: Canaries
  readonly person: { readonly username: string; readonly password: string }
  readonly key: SigningKey
  readonly cookieName: string
}

const noResponse = () => false

/**
 * A day of a service: successful and failed sign-ins, both carriers, and requests malformed by mistake or on purpose.
 * Each secret becomes a canary as soon as it is known. @returns all responses.
 */
export class UseAndAbuse {
  readonly exchanges: Exchange[] = []
  /** Whether a 503 is expected. */
  isOutage = false
  readonly #target: Target
  #signIns = 0

  constructor(victim: Target) {
    this.#target = victim
  }

  async run(): Promise<void> {
    await this.#useCookies()
    await this.#useTokens()
    await this.#showBadTokens()
    await this.#requestUnknownPaths()
    await this.#sendOddBodies()
  }

  /** Signs in by cookie and records the credentials. @returns the Cookie header. */
  async signInByCookie(): Promise<string> {
    const { person, cookieName, canaries } = this.#target
    const name = `cookie ${(this.#signIns += 1)}`
    const response = await this.#send(
      { method: 'POST', url: '/session/login', json: person },
      hasPrefix(name)
    )
    for (const line of response.setCookies) {
      const [of = '', value = ''] = (line.split(';', 1)[0] as string).split(/=(.*)/s)
      if (of === cookieName) canaries.addSessionCookie(name, decodeURIComponent(value))
      else canaries.addEncoded(`${name}: ${of}`, value)
    }
    return response.setCookies.map((line) => line.split(';', 1)[0]).join('; ')
  }

  async signInByToken(): Promise<Tokens> {
    const { person } = this.#target
    return this.#requestTokens({ method: 'POST', url: '/token/login', json: person })
  }

  send(request: Request): Promise<Response> {
    return this.#send(request, noResponse)
  }

  async #requestTokens(request: Request): Promise<Tokens> {
    const name = `tokens ${(this.#signIns += 1)}`
    const expected = { family: '' }
    const isExpected = hasPrefix(name)
    const { body, statusCode } = await this.#send(
      request,
      (found) => isExpected(found) || found === expected.family
    )
    if (statusCode !== 200) throw new Error(`${statusCode} ${body}`)
    const tokens = JSON.parse(body) as Tokens
    this.#target.canaries.addAccessToken(`${name}: access token`, tokens.token)
    expected.family = this.#target.canaries.addRefreshToken(`${name}: refresh token`, tokens.refresh_token)
    return tokens
  }

  async #send(request: Request, isExpected: Exchange['isExpected']): Promise<Response> {
    let response = await this.#target.send(request)
    this.exchanges.push({ request, response, isExpected })
    // On a busy machine Redis may be late; a client then retries.
    const isAnswered = async () => {
      if (this.isOutage || response.statusCode !== 503) return true
      response = await this.#target.send(request)
      this.exchanges.push({ request, response, isExpected })
      return false
    }
    await until(isAnswered)
    return response
  }

  async #useCookies(): Promise<void> {
    const { canaries, cookieName, person } = this.#target
    canaries.add('a wrong password', 'canary-of-a-wrong-password')
    for (const url of ['/session/login', '/token/login'])
      await this.send({ method: 'POST', url, json: { ...person, password: 'canary-of-a-wrong-password' } })
    const cookie = await this.signInByCookie()
    const read = (header: string) => this.send({ url: '/session/protected', headers: { cookie: header } })
    await read(cookie)
    await read(cookie)
    canaries.add('a cookie of nobody', 'canary-of-a-cookie')
    await read(`${cookieName}=canary-of-a-cookie`)
    await read(`${cookie}; ${cookieName}=canary-of-a-cookie`)
    await read(cookie.replaceAll('a', 'b'))
    await read(cookie.slice(0, -3))
    await this.send({ url: '/token/protected', headers: { cookie } })
    await this.send({
      method: 'POST',
      url: '/session/logout',
      headers: { cookie, origin: 'https://evil.example' }
    })
    await this.send({ method: 'POST', url: '/session/logout', headers: { cookie } })
    await read(cookie)
  }

  async #useTokens(): Promise<void> {
    const { canaries } = this.#target
    const first = await this.signInByToken()
    const show = (authorization: string) => this.send({ url: '/token/protected', headers: { authorization } })
    const refresh = (refresh_token: string) =>
      ({ method: 'POST', url: '/token/refresh', json: { refresh_token } }) as const
    await show(`Bearer ${first.token}`)
    await show(`Bearer ${first.token}A`)
    await show(`Bearer ${first.token} ${first.token}`)
    await show(`Basic ${Buffer.from(`user:${this.#target.person.password}`).toString('base64')}`)
    await show(`Bearer ${first.refresh_token}`)
    const second = await this.#requestTokens(refresh(first.refresh_token))
    await this.#requestTokens(refresh(second.refresh_token))
    canaries.add('a refresh token of nobody', 'canary-of-a-refresh-token')
    await this.send(refresh('drbr_canary-of-a-refresh-token'))
    await this.send(refresh(`${second.refresh_token}A`))
    await this.send(refresh(first.refresh_token))
    await this.send(refresh(second.refresh_token))
    const last = await this.signInByToken()
    await this.send({
      method: 'POST',
      url: '/token/logout',
      headers: { authorization: `Bearer ${first.token}` }
    })
    await this.send({ method: 'POST', url: '/token/logout', json: { refresh_token: last.refresh_token } })
    await show(`Bearer ${last.token}`)
  }

  /** Tokens for which the JWT library throws errors that quote the token. */
  async #showBadTokens(): Promise<void> {
    const { key, canaries } = this.#target
    canaries.add('what a bad token says', 'canary-of-a-claim')
    const claims = { sub: 'canary-of-a-claim', iat: 1, exp: 2, 'canary-of-a-claim': true }
    const header = createHeader(key)
    for (const [head, payload] of [
      [header, claims],
      [header, { ...claims, nbf: 1e15 }],
      [header, 'canary-of-a-claim'],
      [{ ...header, crit: ['canary-of-a-claim'] }, claims],
      [{ ...header, alg: 'HS256', 'canary-of-a-claim': 1 }, claims],
      [{ ...header, kid: 'canary-of-a-claim' }, claims],
      [{ ...header, typ: 'canary-of-a-claim' }, claims]
    ] as const) {
      const token = signJws(key, head, payload)
      for (const text of [token, token.slice(0, -8)])
        await this.send({ url: '/token/protected', headers: { authorization: `Bearer ${text}` } })
    }
  }

  async #requestUnknownPaths(): Promise<void> {
    this.#target.canaries.add('a token in a query', 'canary-of-a-query')
    for (const path of ['/token/protected', '/session/protected', '/nowhere', '/%zz', '/health/live']) {
      // A secret in a URL may be in the response to that request, and nowhere else.
      await this.#send(
        { url: `${path}?access_token=canary-of-a-query` },
        (name) => name === 'a token in a query'
      )
    }
  }

  async #sendOddBodies(): Promise<void> {
    this.#target.canaries.add('a part of a body', 'canary-of-a-body')
    const { username } = this.#target.person
    for (const url of ['/session/login', '/token/login', '/token/refresh', '/token/logout']) {
      for (const json of [
        { username, password: 1, extra: 'canary-of-a-body' },
        { 'canary-of-a-body': username },
        { username: `canary-of-a-body\0`, password: 'canary-of-a-body' },
        { username: 'a\r\n\u001b[31m{"level":60,"msg":"forged"}', password: 'canary-of-a-body' },
        ['canary-of-a-body'],
        'canary-of-a-body'.repeat(2000)
      ])
        await this.send({ method: 'POST', url, json })
    }
  }
}

const hasPrefix = (prefix: string) => (name: string) => name.startsWith(`${prefix}:`)
