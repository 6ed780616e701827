import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import {
  createLogins,
  createMemoryLoginStore,
  type Logins,
  type LoginsOptions,
  type LoginStore
} from '@drawbridge/logins'
import { sessionAuth, type SessionAuthOptions } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth, type TokenAuthOptions } from '@drawbridge/token-auth'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'

const PASSWORD = 'correct horse battery staple'
const SECRET = 'a root secret for tests, 0123456789'
const keys = [generateSigningKey()]

const credentials = createCredentials({
  users: createMemoryUserStore(),
  hashing: { memoryKiB: 1024, passes: 1 }
})
const registered = Promise.all(
  ['ada', 'bob'].map((username) => credentials.register({ username, password: PASSWORD }))
)

export interface GuardedService {
  readonly app: FastifyInstance
  readonly logins: Logins
  readonly store: LoginStore
  /** Number of look-ups of a login in the store. */
  readonly findCalls: { count: number }
  readonly log: string[]
  /** Signs in. @returns headers with the credential. */
  byCookie(username?: string): Promise<{ cookie: string }>
  byToken(username?: string): Promise<{ authorization: string }>
}

interface Options {
  readonly server?: FastifyServerOptions
  readonly store?: LoginStore
  readonly logins?: Partial<LoginsOptions>
  readonly session?: Partial<SessionAuthOptions>
  readonly token?: Partial<TokenAuthOptions>
  /** Runs before our plugins are registered. */
  readonly before?: (app: FastifyInstance) => Promise<void> | void
  readonly routes?: (app: FastifyInstance) => Promise<void> | void
}

/** A service with both carriers and other plugins. Two with one store are two nodes of it. */
export async function createGuardedService(options: Options = {}): Promise<GuardedService> {
  await registered
  const inner = options.store ?? createMemoryLoginStore()
  const findCalls = { count: 0 }
  const find = (loginId: string) => {
    findCalls.count += 1
    return inner.find(loginId)
  }
  const store = new Proxy(inner, {
    get: (target, name: keyof LoginStore) => {
      const member: unknown = name === 'find' ? find : target[name]
      return typeof member === 'function' ? (member.bind(target) as unknown) : member
    }
  })
  const logins = createLogins({ store, ...options.logins })
  const log: string[] = []
  const app = Fastify({ logger: { stream: { write: (line) => void log.push(line) } }, ...options.server })
  await options.before?.(app)
  await app.register(sessionAuth, { credentials, logins, secret: SECRET, ...options.session })
  await app.register(tokenAuth, { credentials, logins, keys, ...options.token })
  await options.routes?.(app)
  const post = async (url: string, username: string) => {
    const response = await app.inject({
      method: 'POST',
      url,
      headers: { 'sec-fetch-site': 'same-origin' },
      payload: { username, password: PASSWORD }
    })
    if (response.statusCode !== 200)
      throw new Error(`sign-in responded ${response.statusCode}: ${response.body}`)
    return response
  }
  return {
    app,
    logins,
    store: inner,
    findCalls,
    log,
    byCookie: async (username = 'ada') => {
      const set = (await post('/session/login', username)).headers['set-cookie']
      return { cookie: String(set).split(';', 1)[0] as string }
    },
    byToken: async (username = 'ada') => {
      const { token } = (await post('/token/login', username)).json<{ token: string }>()
      return { authorization: `Bearer ${token}` }
    }
  }
}
