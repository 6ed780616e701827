import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import {
  createLogins,
  createMemoryFeed,
  createMemoryLoginStore,
  type FeedReader,
  type LoginsOptions
} from '@drawbridge/logins'
import {
  generateSigningKey,
  type SigningKey,
  type TokenAuthOptions,
  tokenAuth,
  type TokenResponse
} from '@drawbridge/token-auth'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { type IntrospectionOption, verifier, type VerifierOptions } from '../src/index.ts'

const PASSWORD = 'correct horse battery staple'
export const ISSUER = 'https://login.example'
export const AUDIENCE = 'https://api.example'
export const CLIENT = { clientId: 'orders', clientSecret: 'a-secret-of-a-client-0123456789-abcdef' }
const START = 1_800_000_000_000

const credentials = createCredentials({
  users: createMemoryUserStore(),
  hashing: { memoryKiB: 1024, passes: 1 }
})
const registered = Promise.all(
  ['ada', 'bob'].map((username) => credentials.register({ username, password: PASSWORD }))
)

/** What a test changes of an issuer and of a service that verifies its tokens. */
export interface HouseOptions {
  readonly keys?: readonly SigningKey[]
  readonly tokens?: Partial<TokenAuthOptions>
  readonly logins?: Partial<LoginsOptions>
  readonly verifier?: Partial<VerifierOptions>
  /** Whether the verifier may ask the issuer. Default false. */
  readonly introspects?: boolean
  /** As which client. Default {@link CLIENT}. */
  readonly client?: Omit<IntrospectionOption, 'url'>
}

/** A feed that a test makes stale. */
export interface FeedState {
  isStale: boolean
}

/** The questions to the issuer. */
export interface Asked {
  count: number
  /** Runs once the issuer knows its response, and before it sends it. */
  beforeResponse?: () => Promise<void>
}

export interface House {
  readonly issuer: FastifyInstance
  readonly issuerUrl: string
  readonly service: FastifyInstance
  readonly clock: { now: number }
  readonly feedState: FeedState
  readonly keys: readonly SigningKey[]
  /** How often the issuer was asked about a token. */
  readonly asked: Asked
  readonly logins: ReturnType<typeof createLogins>
  signIn(username?: string): Promise<TokenResponse>
  signOut(token: string): Promise<void>
  /** GET of a guarded route of the service. */
  read(token: string, url?: string): ReturnType<typeof readAt>
}

const readAt = (app: FastifyInstance, url: string, token: string) =>
  app.inject({ url, headers: { authorization: `Bearer ${token}` } })

/** An issuer on a port of its own, and another service, which verifies the tokens of the issuer. */
export async function makeHouse(t: Test, options: HouseOptions = {}): Promise<House> {
  await registered
  const clock = { now: START }
  const now = () => clock.now
  const feed = createMemoryFeed({ now })
  const keys = options.keys ?? [generateSigningKey()]
  const store = createMemoryLoginStore({ now })
  const logins = createLogins({ store, feed, now, ...options.logins })
  const issuer = Fastify()
  const asked: Asked = { count: 0 }
  issuer.addHook('onSend', async ({ url }) => {
    if (url !== '/token/introspect') return
    asked.count += 1
    await asked.beforeResponse?.()
  })
  await issuer.register(tokenAuth, {
    credentials,
    logins,
    keys,
    issuer: ISSUER,
    audience: AUDIENCE,
    clients: [CLIENT],
    routes: { introspect: true },
    now,
    ...options.tokens
  })
  addRoutes(issuer, issuer.tokenAuth.guard)
  const issuerUrl = await issuer.listen({ port: 0, host: '127.0.0.1' })
  const feedState: FeedState = { isStale: false }
  const service = Fastify()
  const introspection = { url: `${issuerUrl}/token/introspect`, ...(options.client ?? CLIENT) }
  await service.register(verifier, {
    issuer: ISSUER,
    audience: AUDIENCE,
    keys: `${issuerUrl}/.well-known/jwks.json`,
    feed: controlFeed(feed, feedState),
    ...(options.introspects === true && { introspection }),
    now,
    ...options.verifier
  })
  addRoutes(service, service.verifier.guard)
  t.teardown(async () => {
    await service.close()
    await issuer.close()
  })
  // A token is older than the feed unless it is issued later than the clocks may be apart.
  clock.now += 10_000
  const post = (url: string, payload: object, token?: string) =>
    issuer.inject({
      method: 'POST',
      url,
      payload,
      headers: token ? { authorization: `Bearer ${token}` } : {}
    })
  return {
    issuer,
    issuerUrl,
    service,
    clock,
    feedState,
    keys,
    asked,
    logins,
    signIn: async (username = 'ada') =>
      (await post('/token/login', { username, password: PASSWORD })).json<TokenResponse>(),
    signOut: async (token) => void (await post('/token/logout', {}, token)),
    read: (token, url = '/me') => readAt(service, url, token)
  }
}

type AnyGuard = FastifyInstance['verifier']['guard']

function addRoutes(app: FastifyInstance, guard: AnyGuard): void {
  app.get('/me', { onRequest: guard }, async ({ principal }) => principal)
  app.get('/orders', { onRequest: guard({ scopes: ['orders', 'read'] }) }, async ({ principal }) => principal)
  app.get('/recent', { onRequest: guard({ maxAgeSeconds: 60 }) }, async ({ principal }) => principal)
}

/** The same feed, and stale where a test says so. */
function controlFeed(feed: FeedReader, state: FeedState): FeedReader {
  return new Proxy(feed, {
    get: (target, name) => {
      if (name === 'isFresh') return () => !state.isStale
      if (name === 'renew') return async () => !state.isStale
      if (name === 'ping')
        return async () => {
          if (state.isStale) throw new Error('the feed is stale')
        }
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' ? (member as () => unknown).bind(target) : member
    }
  })
}
