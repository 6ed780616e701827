import { createHmac } from 'node:crypto'
import { bridge, type GuardHook } from '@drawbridge/bridge'
import { expressSession } from '@drawbridge/bridge/express-session'
import { migrations } from '@drawbridge/bridge/migration'
import { keyAuth } from '@drawbridge/key-auth'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth, type TokenResponse } from '@drawbridge/token-auth'
import { MemoryStore } from 'express-session'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import type { Scenario } from '../harness/server.ts'
import { createBenchCredentials, createBenchLogins, userAt } from './bench-logins.ts'
import { SECRET, toCookieHeader } from './greeting.ts'

/** Long enough that a call takes what it takes once it is compiled, short enough that rounds alternate. */
const CALLS = 100_000

/** A response that a guard sets headers of; nothing is sent. */
const REPLY = {
  getHeader: () => undefined,
  header: () => REPLY,
  sent: false
} as unknown as FastifyReply

/** The guards alone, called as Fastify calls them, with requests of credentials that were seen before. */
export const guards: Scenario = async (setting) => {
  const [logins, credentials] = await Promise.all([
    createBenchLogins(setting),
    createBenchCredentials(setting)
  ])
  const app = Fastify()
  await app.register(sessionAuth, { credentials, logins, secret: SECRET })
  await app.register(tokenAuth, { credentials, logins, secret: SECRET, keys: [generateSigningKey()] })
  await app.register(keyAuth, { logins, secret: SECRET })
  await app.register(bridge)
  let captured: FastifyRequest | undefined
  app.get('/', { onRequest: app.bridge.guard }, async (request) => {
    captured = request
    return {}
  })
  app.post('/session', async (request, reply) => {
    await app.sessionAuth.startSession(request, reply, { user: userAt(0) })
    return {}
  })
  app.post('/token', async (request) => app.tokenAuth.issueTokens(request, { user: userAt(1) }))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const post = (path: string) => app.inject({ method: 'POST', url: path })
  const cookie = toCookieHeader([(await post('/session')).headers['set-cookie'] ?? []].flat())
  const authorization = `Bearer ${(await post('/token')).json<TokenResponse>().token}`
  const key = await app.keyAuth.createFor(userAt(2), {
    name: 'bench',
    scopes: [],
    expiresAt: Date.now() + 3_600_000
  })
  /** A request whose credentials the node knows by now. */
  const capture = async (headers: Readonly<Record<string, string>>) => {
    for (let sent = 0; sent < 2; sent++) await app.inject({ url: '/', headers })
    if (captured === undefined) throw new Error('the request was rejected')
    return captured
  }
  const [bySession, byToken] = [await capture({ cookie }), await capture({ authorization })]
  const byBoth = await capture({ cookie, authorization })
  const byKey = await capture({ authorization: `Bearer ${key.token}` })
  const moved = await createMoved(setting)
  const calls: Readonly<Record<string, () => number>> = {
    session: () => measure(app.sessionAuth.guard, bySession),
    moved: () => measure(moved.guard, moved.request),
    'bridge-session': () => measure(app.bridge.guard, bySession),
    token: () => measure(app.tokenAuth.guard, byToken),
    'bridge-token': () => measure(app.bridge.guard, byToken),
    key: () => measure(app.keyAuth.guard, byKey),
    'bridge-key': () => measure(app.bridge.guard, byKey),
    'bridge-both': () => measure(app.bridge.guard, byBoth)
  }
  return {
    url,
    requests: { method: 'GET', path: '/', place: 'cookie', values: [cookie] },
    methods: {
      /** ns of a call, one value for each. */
      measureGuards: async () =>
        Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, call()]))
    }
  }
}

/** The secret of the other system. */
const OLD_SECRET = SECRET.repeat(2)

/**
 * A login that was adopted from another system, in the phase in which we lead it, with the guard of the same carrier. Its browser
 * still has the cookie of that system.
 */
async function createMoved(setting: Parameters<Scenario>[0]) {
  const [logins, credentials] = await Promise.all([
    createBenchLogins(setting) as Promise<CarrierLogins>,
    createBenchCredentials(setting)
  ])
  const rows = new MemoryStore()
  const from = expressSession({ secret: OLD_SECRET, store: rows as never, cookie: { secure: false } })
  const app = Fastify()
  await app.register(sessionAuth, { credentials, logins, secret: SECRET })
  const userOf = ({ userId }: { readonly userId: string }) => ({ id: userId, username: userId })
  await app.register(migrations, { migrations: [{ name: 'bench', from, userOf }] })
  let captured: FastifyRequest | undefined
  app.get('/', { onRequest: app.sessionAuth.guard }, async (request) => {
    captured = request
    return {}
  })
  await app.ready()
  const enter = async (version: number | null, to: 'both' | 'new') => {
    await logins.adoptions?.movePhase('bench', { from: version, to, by: 'bench', minIntervalMs: 0 })
    await app.migrations.refresh()
  }
  const old = `connect.sid=${encodeURIComponent(addSession(rows, userAt(0).id))}`
  await enter(null, 'both')
  const response = await app.inject({ url: '/', headers: { cookie: old } })
  const ours = toCookieHeader([response.headers['set-cookie'] ?? []].flat())
  if (ours === '') throw new Error('the login was not adopted')
  await enter(1, 'new')
  for (let sent = 0; sent < 3; sent++) await app.inject({ url: '/', headers: { cookie: `${old}; ${ours}` } })
  if (captured === undefined) throw new Error('the request was rejected')
  return { guard: app.sessionAuth.guard, request: captured }
}

/** Adds a session as express-session stores it. @returns its cookie, signed. */
function addSession(rows: MemoryStore, user: string): string {
  const sid = 'a-session-of-the-other-system'
  rows.set(sid, { cookie: { path: '/' }, passport: { user } } as never)
  const mac = createHmac('sha256', OLD_SECRET).update(sid).digest('base64').replace(/=+$/, '')
  return `s:${sid}.${mac}`
}

function measure(guard: GuardHook, request: FastifyRequest): number {
  let accepted = 0
  const done = (error?: Error) => {
    if (error === undefined) accepted += 1
  }
  const start = process.hrtime.bigint()
  for (let call = 0; call < CALLS; call++) guard(request, REPLY, done)
  const ns = Number(process.hrtime.bigint() - start)
  if (accepted !== CALLS) throw new Error('a guard asked the store, or rejected a request')
  return ns / CALLS
}
