import { createHash, randomBytes, randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import cors from '@fastify/cors'
import jwt from '@fastify/jwt'
import rateLimit from '@fastify/rate-limit'
import session, { type SessionStore } from '@fastify/session'
import swagger from '@fastify/swagger'
import websocket from '@fastify/websocket'
import { hash, verify } from '@node-rs/bcrypt'
import Fastify, { type FastifyRequest } from 'fastify'
import type { Redis } from 'ioredis'
import type { QueryResultRow } from 'pg'
import type { Services } from './services.ts'

type Ids = { memberId?: string; deviceId?: string }
type SignIn = { email: string; password: string; remember?: boolean }
type SignUp = SignIn & { name: string; tenant: string }
type Passwords = { currentPassword: string; newPassword: string }
type Change = { role: keyof typeof SCOPES; locked: boolean }
type User = { id: string; email: string; name: string; role: keyof typeof SCOPES; tenant: string }
type Member = User & { locked: boolean; pw_hash: string }

declare module 'fastify' {
  interface Session extends Ids {}
  interface FastifyRequest {
    member: Member
    deviceId: string
  }
}

const DAY = 24 * 60 * 60
const SCOPES = { member: ['read'], admin: ['read', 'manage'] }
const NOBODY = '$2b$12$U5k9n9cqazTokhiN6upWD.ztndKML2Hbv/0GzUPn2ntr2dSKgO4ee'
const COLUMNS = 'member_no::text AS id, mail AS email, full_name AS name, role, tenant, locked, pw_hash'

const fail = (statusCode: number, message: string) => Object.assign(new Error(message), { statusCode })
const digest = (token: string) => createHash('sha256').update(token).digest('base64url')
const toUser = ({ locked: _locked, pw_hash: _hash, ...user }: Member) => user
const greet = ({ name }: { name: string }) => `Hello, ${name}!`
const body = (...required: string[]) => {
  const properties = Object.fromEntries(required.map((name) => [name, { type: 'string' }]))
  return { schema: { body: { type: 'object', required, properties } } }
}

const createStore = (redis: Redis): SessionStore => ({
  get: (id, done) => {
    const found = redis.get(`session:${id}`)
    found.then((text) => done(null, text && JSON.parse(text)), done)
  },
  set: (id, data, done) => {
    const seconds = (data.cookie.originalMaxAge ?? DAY * 1000) / 1000
    const written = redis.set(`session:${id}`, JSON.stringify(data), 'EX', seconds)
    written.then(() => done(), done)
  },
  destroy: (id, done) => {
    redis.del(`session:${id}`).then(() => done(), done)
  }
})

/** The service on @fastify/session and @fastify/jwt. */
export async function createByHand({ pool, redis, secret, origin }: Services) {
  const query = <T extends QueryResultRow>(sql: string, ...values: unknown[]) => pool.query<T>(sql, values)

  async function findMember(column: string, value: string) {
    const sql = `SELECT ${COLUMNS} FROM members WHERE ${column} = $1`
    return (await query<Member>(sql, value)).rows[0]
  }

  async function checkPassword({ email, password }: SignIn) {
    const member = await findMember('lower(mail)', email.toLowerCase())
    const isRight = await verify(password, member?.pw_hash ?? NOBODY)
    if (!member || !isRight || member.locked) throw fail(401, 'Invalid credentials')
    return member
  }

  async function addDevice(request: FastifyRequest, memberId: string, key: string, id: string) {
    const device = { key, userAgent: request.headers['user-agent'], since: Date.now() }
    await redis.hset(`devices:${memberId}`, id, JSON.stringify(device))
  }

  async function endDevice(memberId: string, id: string) {
    const device = await redis.hget(`devices:${memberId}`, id)
    if (device === null) return false
    const { key } = JSON.parse(device)
    await redis.multi().del(key).hdel(`devices:${memberId}`, id).exec()
    return true
  }

  async function endDevices(memberId: string, except?: string) {
    for (const id of await redis.hkeys(`devices:${memberId}`)) {
      if (id !== except) await endDevice(memberId, id)
    }
  }

  async function issueTokens(request: FastifyRequest, memberId: string, deviceId: string) {
    const refreshToken = randomBytes(32).toString('base64url')
    const key = `refresh:${digest(refreshToken)}`
    await addDevice(request, memberId, key, deviceId)
    const ids = { memberId, deviceId }
    await redis.set(key, JSON.stringify(ids), 'EX', 14 * DAY)
    return { token: app.jwt.sign(ids), refresh_token: refreshToken }
  }

  async function identify(request: FastifyRequest) {
    const hasToken = request.headers.authorization !== undefined
    const ids = hasToken ? await request.jwtVerify<Ids>() : request.session
    if (ids.memberId === undefined || ids.deviceId === undefined) return false
    const member = await findMember('member_no', ids.memberId)
    if (!member || member.locked) return false
    Object.assign(request, { member, deviceId: ids.deviceId })
    return true
  }

  const requireScope = (scope: string) => async (request: FastifyRequest) => {
    if (!(await identify(request))) throw fail(401, 'Unauthorized')
    const scopes = SCOPES[request.member.role]
    if (!scopes.includes(scope)) throw fail(403, 'Forbidden')
  }

  const app = Fastify()
  app.addHook('onClose', () => Promise.all([pool.end(), redis.quit()]))
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const { statusCode = 500, message } = error
    reply.code(statusCode).send({ ok: false, message })
  })
  await app.register(cors, { origin, credentials: true })
  await app.register(rateLimit, { global: false, redis })
  await app.register(swagger)
  await app.register(websocket)
  await app.register(cookie)
  await app.register(session, {
    secret,
    store: createStore(redis),
    saveUninitialized: false,
    cookie: { secure: 'auto', sameSite: 'lax' }
  })
  await app.register(jwt, { secret, sign: { expiresIn: '10m' } })
  app.decorateRequest('member')
  app.decorateRequest('deviceId')

  const limited = { config: { rateLimit: { max: 5, timeWindow: '1 minute' } } }
  const guarded = { onRequest: requireScope('read') }
  const managed = { onRequest: requireScope('manage') }
  const signIn = { ...limited, ...body('email', 'password') }
  const signUp = { ...limited, ...body('email', 'password', 'name', 'tenant') }
  const passwords = { ...guarded, ...body('currentPassword', 'newPassword') }
  const change = { ...managed, ...body('role') }

  app.post('/web/login', signIn, async (request) => {
    const { remember = false, ...credentials } = request.body as SignIn
    const member = await checkPassword(credentials)
    await request.session.regenerate()
    if (remember) request.session.options({ maxAge: 30 * DAY * 1000 })
    const ids = { memberId: member.id, deviceId: randomUUID() }
    Object.assign(request.session, ids)
    const key = `session:${request.session.sessionId}`
    await addDevice(request, member.id, key, ids.deviceId)
    return { ok: true, user: toUser(member) }
  })
  app.post('/web/logout', guarded, async ({ member, deviceId, session }) => {
    await endDevice(member.id, deviceId)
    await session.destroy()
    return { ok: true }
  })
  app.post('/api/login', signIn, async (request) => {
    const member = await checkPassword(request.body as SignIn)
    const tokens = await issueTokens(request, member.id, randomUUID())
    return { ok: true, user: toUser(member), ...tokens }
  })
  app.post('/api/refresh', body('refresh_token'), async (request) => {
    const { refresh_token } = request.body as { refresh_token: string }
    const stored = await redis.getdel(`refresh:${digest(refresh_token)}`)
    if (stored === null) throw fail(401, 'Unauthorized')
    const { memberId, deviceId } = JSON.parse(stored)
    const member = await findMember('member_no', memberId)
    if (!member || member.locked) throw fail(401, 'Unauthorized')
    return issueTokens(request, memberId, deviceId)
  })
  app.post('/api/logout', guarded, async ({ member, deviceId }) => {
    await endDevice(member.id, deviceId)
    return { ok: true }
  })

  app.get('/', async (request) => greet((await identify(request)) ? request.member : { name: 'guest' }))
  app.get('/account', async (request, reply) => {
    if (!(await identify(request))) return reply.redirect('/login', 303)
    return greet(request.member)
  })
  app.get('/orders', guarded, async ({ member }) => [member.tenant])
  app.post('/orders', managed, async ({ member }) => ({ for: member.tenant }))
  app.post('/register', signUp, async (request, reply) => {
    const { email, password, name, tenant } = request.body as SignUp
    const sql = `INSERT INTO members (mail, pw_hash, full_name, tenant)
      VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`
    const pwHash = await hash(password, { cost: 12 })
    const { rowCount } = await query(sql, email.toLowerCase(), pwHash, name, tenant)
    if (rowCount === 0) throw fail(409, 'Taken')
    return reply.code(201).send({ ok: true })
  })
  app.post('/password', passwords, async (request) => {
    const { member, deviceId } = request
    const { currentPassword, newPassword } = request.body as Passwords
    const isRight = await verify(currentPassword, member.pw_hash)
    if (!isRight) throw fail(400, 'Wrong password')
    const sql = 'UPDATE members SET pw_hash = $1 WHERE member_no = $2'
    await query(sql, await hash(newPassword, { cost: 12 }), member.id)
    await endDevices(member.id, deviceId)
    return { ok: true }
  })
  app.get('/devices', guarded, async ({ member }) => {
    const devices = Object.entries(await redis.hgetall(`devices:${member.id}`))
    return devices.map(([id, text]) => {
      const { key: _key, ...device } = JSON.parse(text)
      return { id, ...device }
    })
  })
  app.delete('/devices/:id', guarded, async (request, reply) => {
    const { id } = request.params as { id: string }
    const isEnded = await endDevice(request.member.id, id)
    return reply.code(isEnded ? 204 : 404).send()
  })
  app.patch('/members/:id', change, async (request, reply) => {
    const { id } = request.params as { id: string }
    const { role, locked } = request.body as Change
    const sql = `UPDATE members SET role = $1, locked = $2
      WHERE member_no = $3 AND tenant = $4`
    const { rowCount } = await query(sql, role, locked, id, request.member.tenant)
    if (rowCount === 0) return reply.callNotFound()
    if (locked) await endDevices(id)
    return { ok: true }
  })
  app.get('/live', { ...guarded, websocket: true }, (socket, { member }) => {
    socket.on('message', (message: Buffer) => socket.send(`${member.name}: ${String(message)}`))
  })
  return app
}
