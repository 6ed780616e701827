import cors from '@fastify/cors'
import swagger from '@fastify/swagger'
import websocket from '@fastify/websocket'
import { verify } from '@node-rs/bcrypt'
import { betterAuth } from 'better-auth'
import { verifyPassword } from 'better-auth/crypto'
import { fromNodeHeaders } from 'better-auth/node'
import { admin, bearer } from 'better-auth/plugins'
import Fastify, { type FastifyRequest } from 'fastify'
import type { Redis } from 'ioredis'
import type { Services } from './services.ts'

const SCOPES: Record<string, string[]> = { member: ['read'], admin: ['read', 'manage'] }

const createStorage = (redis: Redis) => ({
  get: (key: string) => redis.get(key),
  getAndDelete: (key: string) => redis.getdel(key),
  set: (key: string, value: string, ttl?: number) =>
    ttl === undefined ? redis.set(key, value) : redis.set(key, value, 'EX', ttl),
  delete: async (key: string) => void (await redis.del(key)),
  increment: async (key: string, ttl: number) => {
    const replies = await redis.multi().incr(key).expire(key, ttl, 'NX').exec()
    return Number(replies?.[0]?.[1])
  }
})

/** better-auth over the table of members. */
export const createAuth = ({ pool, redis, secret, origin }: Services, cookieCache: boolean) =>
  betterAuth({
    secret,
    baseURL: origin,
    basePath: '/auth',
    database: pool,
    secondaryStorage: createStorage(redis),
    rateLimit: { enabled: true },
    session: { cookieCache: { enabled: cookieCache } },
    advanced: { database: { generateId: 'serial' } },
    user: {
      modelName: 'members',
      fields: { name: 'full_name', email: 'mail' },
      additionalFields: { tenant: { type: 'string' } }
    },
    emailAndPassword: {
      enabled: true,
      password: {
        verify: ({ hash, password }) =>
          hash.startsWith('$2') ? verify(password, hash) : verifyPassword({ hash, password })
      }
    },
    plugins: [bearer(), admin({ defaultRole: 'member', schema: { user: { fields: { banned: 'locked' } } } })],
    telemetry: { enabled: false }
  })

type Found = ReturnType<typeof createAuth>['$Infer']['Session']
type SignIn = { email: string; password: string; remember?: boolean }

declare module 'fastify' {
  interface FastifyRequest {
    person: Found['user']
  }
}

const fail = (statusCode: number, message: string) => Object.assign(new Error(message), { statusCode })
const greet = ({ name }: { name: string }) => `Hello, ${name}!`
const toUser = ({ id, email, name, role, tenant }: Found['user']) => ({ id, email, name, role, tenant })

/** The service on better-auth. */
export async function createOnBetterAuth(services: Services, { cookieCache = false } = {}) {
  const { pool, redis, origin } = services
  const auth = createAuth(services, cookieCache)

  function call(request: FastifyRequest, path: string, body: unknown) {
    const { method } = request
    const headers = fromNodeHeaders(request.headers)
    headers.delete('content-length')
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    return auth.handler(new Request(new URL(path, origin), { method, headers, ...sent }))
  }

  async function identify(request: FastifyRequest) {
    const headers = fromNodeHeaders(request.headers)
    return (await auth.api.getSession({ headers }))?.user
  }

  const requireScope = (scope: string) => async (request: FastifyRequest) => {
    const person = await identify(request)
    if (person === undefined) throw fail(401, 'Unauthorized')
    const scopes = SCOPES[person.role ?? '']
    if (!scopes?.includes(scope)) throw fail(403, 'Forbidden')
    request.person = person
  }

  const app = Fastify()
  app.addHook('onClose', () => Promise.all([pool.end(), redis.quit()]))
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const { statusCode = 500, message } = error
    reply.code(statusCode).send({ ok: false, message })
  })
  await app.register(cors, { origin, credentials: true })
  await app.register(swagger)
  await app.register(websocket)
  app.decorateRequest('person')

  app.route({
    method: ['GET', 'POST'],
    url: '/auth/*',
    handler: (request) => call(request, request.url, request.body)
  })
  for (const place of ['/web', '/api']) {
    app.post(`${place}/login`, async (request, reply) => {
      const { remember, ...body } = request.body as SignIn
      const rememberMe = remember ?? place === '/api'
      const response = await call(request, '/auth/sign-in/email', { ...body, rememberMe })
      if (!response.ok) return response
      reply.header('set-cookie', response.headers.getSetCookie())
      const { user } = (await response.json()) as Found
      return { ok: true, user: toUser(user), token: response.headers.get('set-auth-token') }
    })
  }
  app.get('/', async (request) => greet((await identify(request)) ?? { name: 'guest' }))
  app.get('/account', async (request, reply) => {
    const user = await identify(request)
    return user === undefined ? reply.redirect('/login', 303) : greet(user)
  })
  const guarded = { onRequest: requireScope('read') }
  const managed = { onRequest: requireScope('manage') }
  app.get('/orders', guarded, async ({ person }) => [person.tenant])
  app.post('/orders', managed, async ({ person }) => ({ for: person.tenant }))
  app.get('/live', { ...guarded, websocket: true }, (socket, { person }) => {
    socket.on('message', (message: Buffer) => socket.send(`${person.name}: ${String(message)}`))
  })
  return app
}
