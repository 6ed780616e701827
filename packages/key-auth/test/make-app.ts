import { bridge, type BridgeOptions } from '@drawbridge/bridge'
import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore, type LoginsOptions, type LoginStore } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { sessionAuth } from '@drawbridge/session-auth'
import { spy, type Spy } from '@drawbridge/test-support/spies/spy'
import { generateSigningKey, tokenAuth, type TokenResponse } from '@drawbridge/token-auth'
import Fastify, {
  type FastifyInstance,
  type FastifyServerOptions,
  type InjectOptions,
  type LightMyRequestResponse
} from 'fastify'
import { type CreatedKey, keyAuth, type KeyAuthOptions, type NewKeyInput } from '../src/index.ts'

export const SECRET = 'a root secret for tests, 0123456789'
export const PASSWORD = 'correct horse battery staple'
export const START = 1_800_000_000_000
export const HOUR_MS = 3_600_000

/** What a client presents. */
export interface Presented {
  /** As in a Cookie header. */
  readonly cookie?: string
  /** An access token or a key. */
  readonly token?: string
}

export interface AppOptions {
  readonly clock?: { now: number }
  readonly storeSpy?: Spy<LoginStore>
  readonly keys?: Partial<KeyAuthOptions>
  readonly logins?: Partial<LoginsOptions>
  readonly bridge?: BridgeOptions
  readonly server?: FastifyServerOptions
  /** Once the plugins are registered. */
  readonly routes?: (app: FastifyInstance) => Promise<void> | void
}

const credentials = createCredentials({
  users: createMemoryUserStore(),
  hashing: { memoryKiB: 1024, passes: 1 }
})
const registered = Promise.all(
  ['ada', 'bob'].map((username) => credentials.register({ username, password: PASSWORD }))
)

/** Every user has these. */
const SCOPES = ['read', 'write', 'admin']

/** A node of a service with all carriers: give two of them one store, clock and feed and they are two nodes. */
export async function makeApp(options: AppOptions = {}) {
  await registered
  const clock = options.clock ?? { now: START }
  const now = () => clock.now
  const storeSpy = options.storeSpy ?? spy(createMemoryLoginStore({ now }))
  const logins = createLogins({
    store: storeSpy.store,
    now,
    getClaims: () => ({ scopes: SCOPES }),
    ...options.logins
  }) as CarrierLogins
  const app = Fastify(options.server)
  await app.register(sessionAuth, { credentials, logins, secret: SECRET, now })
  await app.register(tokenAuth, { credentials, logins, secret: SECRET, keys: [generateSigningKey()], now })
  await app.register(keyAuth, { logins, secret: SECRET, ...options.keys })
  await app.register(bridge, { exchange: ['session-for-token', 'token-for-session'], ...options.bridge })
  const me = async ({ principal }: { principal: unknown }) => principal
  app.get('/key/me', { onRequest: app.keyAuth.guard }, me)
  app.get('/token/me', { onRequest: app.tokenAuth.guard }, me)
  app.route({ method: ['GET', 'POST'], url: '/me', onRequest: app.bridge.guard, handler: me })
  app.get('/admin', { onRequest: app.bridge.guard({ scopes: ['admin'] }) }, me)
  app.post('/keys', { onRequest: app.bridge.guard }, (request) =>
    app.keyAuth.create(request, request.body as NewKeyInput)
  )
  await options.routes?.(app)
  await app.ready()
  return { app, clock, logins, storeSpy, ...createClient(app, now) }
}

function createClient(app: FastifyInstance, now: () => number) {
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
  const signIn = (url: string, username: string) => post({}, url, { username, password: PASSWORD })
  const signInByToken = async (username = 'ada') =>
    (await signIn('/token/login', username)).json<TokenResponse>()
  /** Any response of `POST /keys`. */
  const ask = (presented: Presented, input: object = {}) => post(presented, '/keys', newKey(now(), input))
  return {
    send,
    post,
    ask,
    read: (token: string) => send({ token }, { url: '/key/me' }),
    signInByCookie: async (username = 'ada') => cookiesFrom(await signIn('/session/login', username)),
    signInByToken,
    /** A key of a user who has just signed in. */
    createKey: async (username = 'ada', input: object = {}): Promise<CreatedKey> => {
      const { token } = await signInByToken(username)
      const response = await ask({ token }, input)
      if (response.statusCode !== 200) throw new Error(`no key: ${response.body}`)
      return response.json<CreatedKey>()
    }
  }
}

/** The input of a new key that lives for an hour. @param now ms since the epoch. */
export function newKey(now: number, changes: object = {}): NewKeyInput {
  return { name: 'deploy', scopes: ['read'], expiresAt: now + HOUR_MS, ...changes }
}

/** The code of an error response. */
export function codeOf(response: LightMyRequestResponse): string {
  return response.json<{ code: string }>().code
}

/** What a browser would send back. */
function cookiesFrom(response: LightMyRequestResponse): string {
  const lines = [response.headers['set-cookie'] ?? []].flat()
  return lines.map((line) => line.split(';', 1)[0]).join('; ')
}

/** Another character of base64url, and of base62. */
export const otherCharacter = (character: string): string => (character === 'A' ? 'B' : 'A')
