import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore, type LoginsOptions, type LoginStore } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { type SessionAuthOptions, sessionAuth } from '@drawbridge/session-auth'
import { spy, type Spy } from '@drawbridge/test-support/spies/spy'
import {
  generateSigningKey,
  type SigningKey,
  tokenAuth,
  type TokenAuthOptions,
  type TokenResponse
} from '@drawbridge/token-auth'
import Fastify, {
  type FastifyInstance,
  type FastifyServerOptions,
  type InjectOptions,
  type LightMyRequestResponse
} from 'fastify'
import { bridge, type BridgeOptions } from '../src/index.ts'

const SECRET = 'a root secret for tests, 0123456789'
const PASSWORD = 'correct horse battery staple'
const START = 1_800_000_000_000

export interface Clock {
  now: number
}

/** What a client presents. */
export interface Presented {
  /** As in a Cookie header. */
  readonly cookie?: string
  readonly token?: string
}

export interface AppOptions {
  readonly clock?: Clock
  readonly store?: LoginStore
  readonly keys?: readonly SigningKey[]
  readonly bridge?: BridgeOptions
  readonly session?: Partial<SessionAuthOptions>
  readonly tokens?: Partial<TokenAuthOptions>
  readonly logins?: Partial<LoginsOptions>
  readonly server?: FastifyServerOptions
  /** Once the bridge is registered. */
  readonly routes?: (app: FastifyInstance) => Promise<void> | void
}

export interface TestApp {
  readonly app: FastifyInstance
  readonly clock: Clock
  readonly logins: CarrierLogins
  readonly storeSpy: Spy<LoginStore>
  readonly keys: readonly SigningKey[]
  /** @returns all cookies, as a Cookie header. */
  signInByCookie(username?: string, presented?: Presented): Promise<string>
  signInByToken(username?: string): Promise<TokenResponse>
  /** `GET /me`, or another request. */
  send(presented: Presented, options?: InjectOptions): Promise<LightMyRequestResponse>
  post(presented: Presented, url: string, payload?: object): Promise<LightMyRequestResponse>
}

const credentials = createCredentials({
  users: createMemoryUserStore(),
  hashing: { memoryKiB: 1024, passes: 1 }
})
const registered = Promise.all(
  ['ada', 'bob'].map((username) => credentials.register({ username, password: PASSWORD }))
)

export const BOTH = ['session-for-token', 'token-for-session'] as const

/** A node of a service: give two of them one store, clock, keys and feed and they are two nodes. */
export async function makeApp(options: AppOptions = {}): Promise<TestApp> {
  await registered
  const clock = options.clock ?? { now: START }
  const now = () => clock.now
  const storeSpy = spy(options.store ?? createMemoryLoginStore({ now }))
  const keys = options.keys ?? [generateSigningKey()]
  const logins = createLogins({ store: storeSpy.store, now, ...options.logins }) as CarrierLogins
  const app = Fastify(options.server)
  await app.register(sessionAuth, { credentials, logins, secret: SECRET, now, ...options.session })
  await app.register(tokenAuth, { credentials, logins, secret: SECRET, keys, now, ...options.tokens })
  await app.register(bridge, { exchange: BOTH, ...options.bridge })
  const me = async ({ principal }: { principal: unknown }) => principal
  app.route({ method: ['GET', 'POST'], url: '/me', onRequest: app.bridge.guard, handler: me })
  app.get('/session/me', { onRequest: app.sessionAuth.guard }, me)
  app.get('/token/me', { onRequest: app.tokenAuth.guard }, me)
  await options.routes?.(app)
  await app.ready()
  return { app, clock, logins, storeSpy, keys, ...createClient(app) }
}

function createClient(
  app: FastifyInstance
): Pick<TestApp, 'signInByCookie' | 'signInByToken' | 'send' | 'post'> {
  const send = ({ cookie, token }: Presented, { headers, ...options }: InjectOptions = {}) =>
    app.inject({
      url: '/me',
      ...options,
      headers: {
        ...(cookie !== undefined && { cookie }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers
      }
    })
  const post = (presented: Presented, url: string, payload?: object) =>
    send(presented, { method: 'POST', url, ...(payload && { payload }) })
  const signIn = async (url: string, username: string, presented: Presented) => {
    const response = await post(presented, url, { username, password: PASSWORD })
    if (response.statusCode === 200) return response
    throw new Error(`the response to the sign-in was ${response.statusCode}: ${response.body}`)
  }
  return {
    send,
    post,
    signInByCookie: async (username = 'ada', presented = {}) =>
      cookiesFrom(await signIn('/session/login', username, presented)),
    signInByToken: async (username = 'ada') =>
      (await signIn('/token/login', username, {})).json<TokenResponse>()
  }
}

/** The Set-Cookie fields of a response. */
export function setCookies(response: LightMyRequestResponse): readonly string[] {
  return [response.headers['set-cookie'] ?? []].flat()
}

/** What a browser would send back. */
export function cookiesFrom(response: LightMyRequestResponse): string {
  return setCookies(response)
    .map((line) => line.split(';', 1)[0])
    .join('; ')
}

/** The code of an error response. */
export function codeOf(response: LightMyRequestResponse): string {
  return response.json<{ code: string }>().code
}

/** What an access token says, unverified. */
export function decodeClaims(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as Record<
    string,
    unknown
  >
}
