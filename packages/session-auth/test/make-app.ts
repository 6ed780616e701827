import { createLogins, createMemoryLoginStore, type LoginsOptions, type LoginStore } from '@drawbridge/logins'
import {
  createCredentials,
  createMemoryUserStore,
  type Credentials,
  type UserStore
} from '@drawbridge/credentials'
import Fastify, {
  type FastifyInstance,
  type FastifyServerOptions,
  type LightMyRequestResponse
} from 'fastify'
import { type SessionAuthOptions, sessionAuth } from '../src/index.ts'

export const SECRET = 'a root secret for tests, 0123456789'
export const PASSWORD = 'correct horse battery staple'

/** The verbs of the store that a test may make fail, and how often each was called. */
export interface Watched {
  readonly store: LoginStore
  readonly calls: Record<string, number>
  /** While set, every verb rejects with it, as a store that cannot be reached does. */
  outage: Error | null
}

/** A real store behind a counter and a switch. */
function watch(store: LoginStore): Watched {
  const watched: Watched = { calls: {}, outage: null, store: undefined as unknown as LoginStore }
  const verb =
    (name: keyof LoginStore) =>
    async (...args: never[]) => {
      watched.calls[name] = (watched.calls[name] ?? 0) + 1
      if (watched.outage) throw watched.outage
      return (store[name] as (...args: never[]) => Promise<unknown>).apply(store, args)
    }
  const names = [
    'insert',
    'find',
    'touch',
    'update',
    'rotate',
    'remove',
    'removeByUser',
    'listByUser',
    'ping'
  ]
  const verbs = Object.fromEntries(names.map((name) => [name, verb(name as keyof LoginStore)]))
  return Object.assign(watched, { store: verbs as unknown as LoginStore })
}

export interface TestApp {
  readonly app: FastifyInstance
  readonly logins: ReturnType<typeof createLogins>
  readonly credentials: Credentials
  readonly watched: Watched
  readonly clock: { now: number }
  logIn(username?: string, cookie?: string): Promise<string>
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
  /** Before `ready`: routes of the test. */
  readonly routes?: (app: FastifyInstance) => Promise<void> | void
}

export async function makeApp(options: MakeOptions = {}): Promise<TestApp> {
  const clock = options.clock ?? { now: 1_800_000_000_000 }
  const now = () => clock.now
  const watched = watch(options.store ?? createMemoryLoginStore({ now }))
  const logins = createLogins({ store: watched.store, now, ...options.logins })
  const credentials = createCredentials({
    users: options.users ?? createMemoryUserStore(),
    hashing: { memoryKiB: 1024, passes: 1 }
  })
  for (const username of ['ada', 'bob']) await credentials.register({ username, password: PASSWORD })
  const app = Fastify(options.server)
  await app.register(sessionAuth, { credentials, logins, secret: SECRET, now, ...options.session })
  app.get('/me', { onRequest: app.sessionAuth.guard }, async ({ principal }) => principal)
  app.post('/me', { onRequest: app.sessionAuth.guard }, async ({ principal }) => principal)
  await options.routes?.(app)
  await app.ready()
  const logIn = async (username = 'ada', cookie?: string) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/session/login',
      payload: { username, password: PASSWORD },
      ...(cookie === undefined ? {} : { headers: { cookie } })
    })
    if (answer.statusCode !== 200) throw new Error(`log-in answered ${answer.statusCode}: ${answer.body}`)
    return cookieOf(answer)
  }
  return { app, logins, credentials, watched, clock, logIn }
}

/** What a browser would send back: name=value. */
export function cookieOf(answer: LightMyRequestResponse): string {
  return String(answer.headers['set-cookie']).split(';', 1)[0] as string
}
