import { createCredentials, createMemoryUserStore } from '@drawbridge/credentials'
import { createLogins, createMemoryLoginStore } from '@drawbridge/logins'
import { sessionAuth, type SessionAuthOptions } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify, {
  type FastifyInstance,
  type FastifyServerOptions,
  type InjectOptions,
  type LightMyRequestResponse
} from 'fastify'
import type { Test } from 'tap'

const PASSWORD = 'correct horse battery staple'
const credentials = createCredentials({
  users: createMemoryUserStore(),
  hashing: { memoryKiB: 1024, passes: 1 }
})
const registered = credentials.register({ username: 'ada', password: PASSWORD })

export interface TestApp {
  readonly app: FastifyInstance
  post(url: string, options?: Partial<InjectOptions>): Promise<LightMyRequestResponse>
  /** The Cookie header of a new login. */
  signIn(headers?: Readonly<Record<string, string>>): Promise<string>
}

interface OtherPlugin {
  readonly server?: FastifyServerOptions
  readonly session?: Partial<SessionAuthOptions>
  /** Registers the other plugins at the root, before ours or after. */
  readonly others: (app: FastifyInstance) => PromiseLike<unknown> | void
  /** Adds routes once all plugins are registered. */
  readonly routes?: (app: FastifyInstance) => PromiseLike<unknown> | void
}

/** Tests a service with both our plugins and others: all of ours must work, and `check` tests theirs. */
export async function inBothOrders(
  t: Test,
  neighbour: OtherPlugin,
  check: (t: Test, beside: TestApp) => Promise<void>
): Promise<void> {
  await registered
  for (const order of ['theirs first', 'ours first'] as const) {
    await t.test(order, async (t) => {
      const app = Fastify(neighbour.server)
      t.teardown(() => app.close())
      if (order === 'theirs first') await neighbour.others(app)
      await registerDrawbridge(app, neighbour.session)
      if (order === 'ours first') await neighbour.others(app)
      app.get('/me', { onRequest: app.sessionAuth.guard }, async ({ principal }) => principal)
      app.get('/mine', { onRequest: app.tokenAuth.guard }, async ({ principal }) => principal)
      await neighbour.routes?.(app)
      await app.ready()
      const beside = createClient(app)
      await check(t, beside)
      await checkOwnRoutes(t, beside)
    })
  }
}

/** Registers our plugins, with a store of their own. */
export async function registerDrawbridge(
  app: FastifyInstance,
  session?: Partial<SessionAuthOptions>
): Promise<void> {
  await registered
  const logins = createLogins({ store: createMemoryLoginStore() })
  const secret = 'a root secret for tests, 0123456789'
  await app.register(sessionAuth, { credentials, logins, secret, ...session })
  await app.register(tokenAuth, { credentials, logins, keys: [generateSigningKey()] })
}

function createClient(app: FastifyInstance): TestApp {
  const post = (url: string, options: Partial<InjectOptions> = {}) =>
    app.inject({ method: 'POST', url, ...options })
  return {
    app,
    post,
    signIn: async (headers = {}) => {
      const response = await post('/session/login', { payload: account, headers })
      if (response.statusCode !== 200)
        throw new Error(`sign-in responded ${response.statusCode}: ${response.body}`)
      return toCookieHeader([response.headers['set-cookie'] ?? []].flat())
    }
  }
}

export const account = { username: 'ada', password: PASSWORD }

/** The Cookie header that follows from these Set-Cookie headers. */
export function toCookieHeader(lines: readonly string[]): string {
  return lines.map((line) => line.split(';', 1)[0]).join('; ')
}

/** Each of our routes, with a success and a rejection. */
async function checkOwnRoutes(t: Test, { app, post, signIn }: TestApp): Promise<void> {
  const getStatus = async (url: string, headers: Record<string, string>) =>
    (await app.inject({ url, headers })).statusCode
  const cookie = await signIn()
  t.equal(await getStatus('/me', { cookie }), 200)
  t.equal((await post('/session/login', { payload: { username: 'ada' } })).statusCode, 400)
  const refused = await post('/session/login', { payload: { ...account, password: 'no' } })
  t.match(refused.json(), { statusCode: 401, code: 'DRAWBRIDGE_INVALID_CREDENTIALS', error: 'Unauthorized' })
  t.equal((await post('/session/logout', { headers: { cookie } })).body, '{"message":"Logged out"}')
  t.equal(await getStatus('/me', { cookie }), 401)

  const { token, refresh_token } = (await post('/token/login', { payload: account })).json()
  t.equal(await getStatus('/mine', { authorization: `Bearer ${token}` }), 200)
  const refreshed = (await post('/token/refresh', { payload: { refresh_token } })).json()
  t.match(refreshed, { token_type: 'Bearer', expires_in: 600, token: String, refresh_token: String })
  t.match((await post('/token/refresh', { payload: { refresh_token: 'x' } })).json(), {
    statusCode: 401,
    message: 'Unauthorized'
  })
  const out = await post('/token/logout', { payload: { refresh_token: refreshed.refresh_token } })
  t.equal(out.body, '{"message":"Logged out"}')
  t.equal(await getStatus('/mine', { authorization: `Bearer ${refreshed.token}` }), 401)
  t.match((await app.inject('/.well-known/jwks.json')).json(), { keys: [{ kty: 'OKP', alg: 'EdDSA' }] })
}
