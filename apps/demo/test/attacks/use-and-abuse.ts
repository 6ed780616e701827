import type { SigningKey } from '@drawbridge/token-auth'
import { forge, headerFor } from '../../../../packages/token-auth/test/forge.ts'
import type { Tokens } from '../build-demo.ts'
import { until } from '../until.ts'
import type { Canaries } from './canaries.ts'

export interface Request {
  readonly method?: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
}

export interface Answer {
  readonly statusCode: number
  readonly setCookies: readonly string[]
  readonly body: string
  /** Status, headers and body, as they went over the wire. */
  readonly text: string
}

export interface Said {
  readonly request: Request
  readonly answer: Answer
  /** The names of canaries that this answer gives to who is to have them. */
  readonly isDue: (name: string) => boolean
}

export interface Victim {
  readonly ask: (request: Request) => Promise<Answer>
  readonly canaries: Canaries
  readonly person: { readonly username: string; readonly password: string }
  readonly key: SigningKey
  readonly cookieName: string
}

const nothing = () => false

/**
 * A day of a service: log-ins that hold and that do not, both carriers, and whatever is sent by mistake or with
 * intent. What is secret is a canary from when it is known. @returns all that was answered.
 */
export class UseAndAbuse {
  readonly said: Said[] = []
  /** Whether a 503 is what is waited for. */
  isOutage = false
  readonly #victim: Victim
  #logIns = 0

  constructor(victim: Victim) {
    this.#victim = victim
  }

  async run(): Promise<void> {
    await this.#useCookies()
    await this.#useTokens()
    await this.#showBadTokens()
    await this.#askForNothing()
    await this.#sendOddBodies()
  }

  /** Logs in by cookie, and keeps what it is given. @returns the Cookie header. */
  async logInByCookie(): Promise<string> {
    const { person, cookieName, canaries } = this.#victim
    const name = `cookie ${(this.#logIns += 1)}`
    const answer = await this.#ask({ method: 'POST', url: '/session/login', json: person }, isOf(name))
    for (const line of answer.setCookies) {
      const [of = '', value = ''] = (line.split(';', 1)[0] as string).split(/=(.*)/s)
      if (of === cookieName) canaries.addHandle(name, decodeURIComponent(value))
      else canaries.addEncoded(`${name}: ${of}`, value)
    }
    return answer.setCookies.map((line) => line.split(';', 1)[0]).join('; ')
  }

  async logInByToken(): Promise<Tokens> {
    const { person } = this.#victim
    return this.#askForTokens({ method: 'POST', url: '/token/login', json: person })
  }

  ask(request: Request): Promise<Answer> {
    return this.#ask(request, nothing)
  }

  async #askForTokens(request: Request): Promise<Tokens> {
    const name = `tokens ${(this.#logIns += 1)}`
    const due = { family: '' }
    const isDue = isOf(name)
    const { body, statusCode } = await this.#ask(request, (found) => isDue(found) || found === due.family)
    if (statusCode !== 200) throw new Error(`${statusCode} ${body}`)
    const tokens = JSON.parse(body) as Tokens
    this.#victim.canaries.addAccessToken(`${name}: access token`, tokens.token)
    due.family = this.#victim.canaries.addRefreshToken(`${name}: refresh token`, tokens.refresh_token)
    return tokens
  }

  async #ask(request: Request, isDue: Said['isDue']): Promise<Answer> {
    let answer = await this.#victim.ask(request)
    this.said.push({ request, answer, isDue })
    // A Redis of a busy machine may be late; a client then asks again.
    const isAnswered = async () => {
      if (this.isOutage || answer.statusCode !== 503) return true
      answer = await this.#victim.ask(request)
      this.said.push({ request, answer, isDue })
      return false
    }
    await until(isAnswered)
    return answer
  }

  async #useCookies(): Promise<void> {
    const { canaries, cookieName, person } = this.#victim
    canaries.add('a wrong password', 'canary-of-a-wrong-password')
    for (const url of ['/session/login', '/token/login'])
      await this.ask({ method: 'POST', url, json: { ...person, password: 'canary-of-a-wrong-password' } })
    const cookie = await this.logInByCookie()
    const read = (header: string) => this.ask({ url: '/session/protected', headers: { cookie: header } })
    await read(cookie)
    await read(cookie)
    canaries.add('a cookie of nobody', 'canary-of-a-cookie')
    await read(`${cookieName}=canary-of-a-cookie`)
    await read(`${cookie}; ${cookieName}=canary-of-a-cookie`)
    await read(cookie.replaceAll('a', 'b'))
    await read(cookie.slice(0, -3))
    await this.ask({ url: '/token/protected', headers: { cookie } })
    await this.ask({
      method: 'POST',
      url: '/session/logout',
      headers: { cookie, origin: 'https://evil.example' }
    })
    await this.ask({ method: 'POST', url: '/session/logout', headers: { cookie } })
    await read(cookie)
  }

  async #useTokens(): Promise<void> {
    const { canaries } = this.#victim
    const first = await this.logInByToken()
    const show = (authorization: string) => this.ask({ url: '/token/protected', headers: { authorization } })
    const refresh = (refresh_token: string) =>
      ({ method: 'POST', url: '/token/refresh', json: { refresh_token } }) as const
    await show(`Bearer ${first.token}`)
    await show(`Bearer ${first.token}A`)
    await show(`Bearer ${first.token} ${first.token}`)
    await show(`Basic ${Buffer.from(`user:${this.#victim.person.password}`).toString('base64')}`)
    await show(`Bearer ${first.refresh_token}`)
    const second = await this.#askForTokens(refresh(first.refresh_token))
    await this.#askForTokens(refresh(second.refresh_token))
    canaries.add('a refresh token of nobody', 'canary-of-a-refresh-token')
    await this.ask(refresh('drbr_canary-of-a-refresh-token'))
    await this.ask(refresh(`${second.refresh_token}A`))
    await this.ask(refresh(first.refresh_token))
    await this.ask(refresh(second.refresh_token))
    const last = await this.logInByToken()
    await this.ask({
      method: 'POST',
      url: '/token/logout',
      headers: { authorization: `Bearer ${first.token}` }
    })
    await this.ask({ method: 'POST', url: '/token/logout', json: { refresh_token: last.refresh_token } })
    await show(`Bearer ${last.token}`)
  }

  /** What the library below makes errors of, with what the token says in them. */
  async #showBadTokens(): Promise<void> {
    const { key, canaries } = this.#victim
    canaries.add('what a bad token says', 'canary-of-a-claim')
    const claims = { sub: 'canary-of-a-claim', iat: 1, exp: 2, 'canary-of-a-claim': true }
    const header = headerFor(key)
    for (const [head, payload] of [
      [header, claims],
      [header, { ...claims, nbf: 1e15 }],
      [header, 'canary-of-a-claim'],
      [{ ...header, crit: ['canary-of-a-claim'] }, claims],
      [{ ...header, alg: 'HS256', 'canary-of-a-claim': 1 }, claims],
      [{ ...header, kid: 'canary-of-a-claim' }, claims],
      [{ ...header, typ: 'canary-of-a-claim' }, claims]
    ] as const) {
      const token = forge(key, head, payload)
      for (const text of [token, token.slice(0, -8)])
        await this.ask({ url: '/token/protected', headers: { authorization: `Bearer ${text}` } })
    }
  }

  async #askForNothing(): Promise<void> {
    this.#victim.canaries.add('a token in a query', 'canary-of-a-query')
    for (const path of ['/token/protected', '/session/protected', '/nowhere', '/%zz', '/health/live']) {
      // Who writes a secret into an address may find the address in the answer, and nobody else does.
      await this.#ask(
        { url: `${path}?access_token=canary-of-a-query` },
        (name) => name === 'a token in a query'
      )
    }
  }

  async #sendOddBodies(): Promise<void> {
    this.#victim.canaries.add('a part of a body', 'canary-of-a-body')
    const { username } = this.#victim.person
    for (const url of ['/session/login', '/token/login', '/token/refresh', '/token/logout']) {
      for (const json of [
        { username, password: 1, extra: 'canary-of-a-body' },
        { 'canary-of-a-body': username },
        { username: `canary-of-a-body\0`, password: 'canary-of-a-body' },
        { username: 'a\r\n\u001b[31m{"level":60,"msg":"forged"}', password: 'canary-of-a-body' },
        ['canary-of-a-body'],
        'canary-of-a-body'.repeat(2000)
      ])
        await this.ask({ method: 'POST', url, json })
    }
  }
}

const isOf = (prefix: string) => (name: string) => name.startsWith(`${prefix}:`)
