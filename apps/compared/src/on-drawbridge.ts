import { bridge, type HttpError, outcomeError, principalOf } from '@drawbridge/bridge'
import { createCredentials } from '@drawbridge/credentials'
import { createRedisLimiters } from '@drawbridge/credentials/redis'
import { createLogins, type Principal } from '@drawbridge/logins'
import { createRedisStoreAndFeed } from '@drawbridge/logins/redis'
import { sessionAuth } from '@drawbridge/session-auth'
import { type SigningKey, tokenAuth } from '@drawbridge/token-auth'
import cors from '@fastify/cors'
import swagger from '@fastify/swagger'
import websocket from '@fastify/websocket'
import Fastify from 'fastify'
import { createMembers } from './members.ts'
import type { Services } from './services.ts'

type SignUp = { email: string; password: string; name: string; tenant: string }
type Change = { role: string; locked: boolean }

const greet = ({ name = '' }: { name?: string | undefined }) => `Hello, ${name}!`
const getSignInResponse = (principal: Principal) => {
  const { userId: id, username: email, name, role, tenant } = principal
  return { ok: true, user: { id, email, name, role, tenant } }
}
const body = (...required: string[]) => {
  const properties = Object.fromEntries(required.map((name) => [name, { type: 'string' }]))
  return { schema: { body: { type: 'object', required, properties } } }
}

/** The service on these packages. */
export async function createOnDrawbridge(services: Services, keys: readonly SigningKey[]) {
  const { pool, redis, secret, origin } = services
  const { users, getClaims } = createMembers(pool)
  const limiters = createRedisLimiters({ redis })
  const credentials = createCredentials({ users, throttle: { limiters } })
  const logins = createLogins({ ...createRedisStoreAndFeed({ redis }), getClaims })
  const both = { credentials, logins, secret, usernameField: 'email', getSignInResponse }

  const app = Fastify()
  app.addHook('onClose', () => Promise.all([pool.end(), redis.quit()]))
  app.setErrorHandler<HttpError>((error, _request, reply) => {
    const { statusCode = 500, headers = {}, message } = error
    reply.code(statusCode).headers(headers).send({ ok: false, message })
  })
  await app.register(cors, { origin, credentials: true })
  await app.register(swagger)
  await app.register(websocket)
  const cookie = { secure: origin.startsWith('https:') }
  await app.register(sessionAuth, { ...both, prefix: '/web', cookie, remember: true })
  await app.register(tokenAuth, { ...both, prefix: '/api', keys })
  await app.register(bridge)

  const { guard } = app.bridge
  const guarded = { onRequest: guard({ scopes: ['read'] }) }
  const managed = { onRequest: guard({ scopes: ['manage'] }) }
  const signUp = body('email', 'password', 'name', 'tenant')
  const change = { ...managed, ...body('role') }
  const page = { onRequest: guard({ redirectTo: '/login' }) }

  app.get('/', async (request) => {
    const outcome = await app.bridge.authenticate(request)
    return greet(outcome.ok ? outcome.principal : { name: 'guest' })
  })
  app.get('/account', page, (request) => greet(principalOf(request)))
  app.get('/orders', guarded, (request) => [principalOf(request).tenant])
  app.post('/orders', managed, (request) => ({ for: principalOf(request).tenant }))
  app.post('/register', signUp, async (request, reply) => {
    const { email: username, password, name, tenant } = request.body as SignUp
    const profile = { name, tenant }
    const outcome = await credentials.register({ username, password, profile })
    if (!outcome.ok) throw outcomeError(outcome, 'email')
    return reply.code(201).send({ ok: true })
  })
  app.post('/password', guarded, async (request, reply) => {
    await app.bridge.changePassword(request, reply, request.body)
    return { ok: true }
  })
  app.get('/devices', guarded, (request) => logins.listByUser(principalOf(request).userId))
  app.delete('/devices/:id', guarded, async (request, reply) => {
    const { id } = request.params as { id: string }
    const isEnded = await logins.revoke(id, principalOf(request))
    return reply.code(isEnded ? 204 : 404).send()
  })
  app.patch('/members/:id', change, async (request, reply) => {
    const { id } = request.params as { id: string }
    const { role, locked } = request.body as Change
    const sql = `UPDATE members SET role = $1, locked = $2
      WHERE member_no = $3 AND tenant = $4`
    const values = [role, locked, id, principalOf(request).tenant]
    const { rowCount } = await pool.query(sql, values)
    if (rowCount === 0) return reply.callNotFound()
    await (locked ? logins.revokeUser(id) : logins.refreshClaims(id))
    return { ok: true }
  })
  app.get('/live', { ...guarded, websocket: true }, (socket, request) => {
    const { name } = principalOf(request)
    socket.on('message', (message: Buffer) => socket.send(`${name}: ${String(message)}`))
  })
  return app
}
