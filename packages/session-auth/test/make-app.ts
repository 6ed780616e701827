import { createLogins, createMemoryLoginStore, type LoginsOptions, type LoginStore } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import {
  createCredentials,
  createMemoryUserStore,
  type Credentials,
  type UserStore
} from '@drawbridge/credentials'
import { spy, type Spy } from '@drawbridge/test-support/spies/spy'
import Fastify, {
  type FastifyInstance,
  type FastifyServerOptions,
  type LightMyRequestResponse
} from 'fastify'
import { type SessionAuthOptions, sessionAuth } from '../src/index.ts'

export const SECRET = 'a root secret for tests, 0123456789'
export const PASSWORD = 'correct horse battery staple'

export interface TestApp {
  readonly app: FastifyInstance
  readonly logins: CarrierLogins
  readonly credentials: Credentials
  readonly storeSpy: Spy<LoginStore>
  readonly clock: { now: number }
  signIn(username?: string, cookie?: string): Promise<string>
}

interface MakeOptions {
  /** Shared with other nodes. */
  readonly clock?: { now: number }
  readonly store?: LoginStore
  /** Shared with other nodes; ada and bob are added where they are missing. */
  readonly users?: UserStore
  readonly session?: Partial<SessionAuthOptions>
  readonly logins?: Partial<LoginsOptions>
  readonly server?: FastifyServerOptions
  /** Before the plugin is there. */
  readonly before?: (app: FastifyInstance) => Promise<void> | void
  /** Before `ready`: routes of the test. */
  readonly routes?: (app: FastifyInstance) => Promise<void> | void
}

export async function makeApp(options: MakeOptions = {}): Promise<TestApp> {
  const clock = options.clock ?? { now: 1_800_000_000_000 }
  const now = () => clock.now
  const storeSpy = spy(options.store ?? createMemoryLoginStore({ now }))
  const logins = createLogins({ store: storeSpy.store, now, ...options.logins }) as CarrierLogins
  const credentials = createCredentials({
    users: options.users ?? createMemoryUserStore(),
    hashing: { memoryKiB: 1024, passes: 1 }
  })
  for (const username of ['ada', 'bob']) await credentials.register({ username, password: PASSWORD })
  const app = Fastify(options.server)
  await options.before?.(app)
  await app.register(sessionAuth, { credentials, logins, secret: SECRET, now, ...options.session })
  app.get('/me', { onRequest: app.sessionAuth.guard }, async ({ principal }) => principal)
  app.post('/me', { onRequest: app.sessionAuth.guard }, async ({ principal }) => principal)
  await options.routes?.(app)
  await app.ready()
  const signIn = async (username = 'ada', cookie?: string) => {
    const response = await app.inject({
      method: 'POST',
      url: '/session/login',
      payload: { username, password: PASSWORD },
      ...(cookie === undefined ? {} : { headers: { cookie } })
    })
    if (response.statusCode !== 200)
      throw new Error(`the response to the sign-in was ${response.statusCode}: ${response.body}`)
    return cookieFrom(response)
  }
  return { app, logins, credentials, storeSpy, clock, signIn }
}

/** What a browser would send back: name=value. */
export function cookieFrom(response: LightMyRequestResponse): string {
  return String(response.headers['set-cookie']).split(';', 1)[0] as string
}
