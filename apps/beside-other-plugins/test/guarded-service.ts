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
  /** How often the store was asked for a login. */
  readonly findCalls: { count: number }
  readonly log: string[]
  /** Headers of a request with a new login. */
  byCookie(username?: string): Promise<{ cookie: string }>
  byToken(username?: string): Promise<{ authorization: string }>
}

interface Options {
  readonly server?: FastifyServerOptions
  readonly store?: LoginStore
  readonly logins?: Partial<LoginsOptions>
  readonly session?: Partial<SessionAuthOptions>
  readonly token?: Partial<TokenAuthOptions>
  /** Before our plugins are there. */
  readonly before?: (app: FastifyInstance) => Promise<void> | void
  readonly routes?: (app: FastifyInstance) => Promise<void> | void
}

/** A service with both carriers, and what other plugins it has. Two with one store are two nodes of it. */
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
      throw new Error(`log-in answered ${response.statusCode}: ${response.body}`)
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
