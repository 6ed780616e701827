import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore, type LoginsOptions, type LoginStore } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { spy, type Spy } from '@drawbridge/test-support/spies/spy'
import Fastify, {
  type FastifyInstance,
  type FastifyServerOptions,
  type LightMyRequestResponse
} from 'fastify'
import {
  generateSigningKey,
  type SigningKey,
  type TokenResponse,
  tokenAuth,
  type TokenAuthOptions
} from '../src/index.ts'

export const PASSWORD = 'correct horse battery staple'
export const START = 1_800_000_000_000

export interface Clock {
  now: number
}

const credentials = createCredentials({
  users: createMemoryUserStore(),
  hashing: { memoryKiB: 1024, passes: 1 }
})
const registered = Promise.all(
  ['ada', 'bob'].map((username) => credentials.register({ username, password: PASSWORD }))
)

export interface AppOptions {
  readonly clock?: Clock
  readonly storeSpy?: Spy<LoginStore>
  readonly keys?: readonly SigningKey[]
  readonly tokens?: Partial<TokenAuthOptions>
  readonly logins?: Partial<LoginsOptions>
  readonly server?: FastifyServerOptions
  /** Before the plugin is there. */
  readonly before?: (app: FastifyInstance) => Promise<void> | void
}

export interface TestApp {
  readonly app: FastifyInstance
  readonly clock: Clock
  readonly logins: CarrierLogins
  readonly storeSpy: Spy<LoginStore>
  readonly keys: readonly SigningKey[]
  signIn(username?: string): Promise<TokenResponse>
  /** GET of a guarded route. */
  read(token: string | undefined): Promise<LightMyRequestResponse>
  refresh(token: unknown): Promise<LightMyRequestResponse>
  signOut(presented: { token?: string; refresh?: string }): Promise<LightMyRequestResponse>
}

/** A node of a service: give two of them one store, clock and feed and they are two nodes. */
export async function makeApp(options: AppOptions = {}): Promise<TestApp> {
  await registered
  const clock = options.clock ?? { now: START }
  const now = () => clock.now
  const storeSpy = options.storeSpy ?? spy(createMemoryLoginStore({ now }))
  const keys = options.keys ?? [generateSigningKey()]
  const logins = createLogins({ store: storeSpy.store, now, ...options.logins }) as CarrierLogins
  const app = Fastify(options.server)
  await options.before?.(app)
  await app.register(tokenAuth, { credentials, logins, keys, now, ...options.tokens })
  app.get('/me', { onRequest: app.tokenAuth.guard }, async ({ principal }) => principal)
  app.get(
    '/admin',
    { onRequest: app.tokenAuth.guard({ scopes: ['read', 'admin'] }) },
    async ({ principal }) => principal
  )
  return { app, clock, logins, storeSpy, keys, ...createClient(app) }
}

function createClient(app: FastifyInstance): Pick<TestApp, 'signIn' | 'read' | 'refresh' | 'signOut'> {
  const post = (url: string, payload?: object, token?: string) =>
    app.inject({ method: 'POST', url, ...(payload && { payload }), headers: bearer(token) })
  return {
    signIn: async (username = 'ada') => {
      const response = await post('/token/login', { username, password: PASSWORD })
      if (response.statusCode !== 200)
        throw new Error(`the response to the sign-in was ${response.statusCode}: ${response.body}`)
      return response.json<TokenResponse>()
    },
    read: (token) => app.inject({ url: '/me', headers: bearer(token) }),
    refresh: (token) => post('/token/refresh', { refresh_token: token }),
    signOut: ({ token, refresh }) =>
      post('/token/logout', refresh === undefined ? undefined : { refresh_token: refresh }, token)
  }
}

export function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}

/** What an access token says, unverified. */
export function decodeClaims(token: string): Record<string, unknown> {
  return decodePart(token, 1)
}

export function decodeHeader(token: string): Record<string, unknown> {
  return decodePart(token, 0)
}

function decodePart(token: string, at: number): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[at] as string, 'base64url').toString()) as Record<
    string,
    unknown
  >
}
