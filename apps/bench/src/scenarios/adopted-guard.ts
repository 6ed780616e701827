import { createHmac } from 'node:crypto'
import { expressSession } from '@drawbridge/bridge/express-session'
import { migrations } from '@drawbridge/bridge/migration'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { sessionAuth } from '@drawbridge/session-auth'
import { MemoryStore } from 'express-session'
import Fastify, { type FastifyRequest } from 'fastify'
import type { Scenario, Setting } from '../harness/server.ts'
import { createBenchCredentials, createBenchLogins, userAt } from './bench-logins.ts'
import { greetingFor, SECRET, toCookieHeader, USER } from './greeting.ts'

/** The secret of the other system. */
const OLD_SECRET = SECRET.repeat(2)

/** The guard of our session plugin, for a login that was adopted from another system. */
export const adoptedGuard: Scenario = async (setting) => {
  const { app, cookie } = await createAdoptedLogin(setting, ({ principal }) =>
    greetingFor(principal?.username ?? '')
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, requests: { method: 'GET', path: '/', place: 'cookie', values: [cookie] } }
}

/**
 * A login that was adopted from another system, in the phase in which we lead it, and an application that guards `/` for it. Its
 * browser still has the cookie of that system, and so has that of a user who has signed in here.
 */
export async function createAdoptedLogin(setting: Setting, handler: (request: FastifyRequest) => unknown) {
  const [logins, credentials] = await Promise.all([
    createBenchLogins(setting) as Promise<CarrierLogins>,
    createBenchCredentials(setting)
  ])
  const rows = new MemoryStore()
  const from = expressSession({ secret: OLD_SECRET, store: rows as never, cookie: { secure: false } })
  const app = Fastify()
  await app.register(sessionAuth, { credentials, logins, secret: SECRET })
  const userOf = ({ userId }: { readonly userId: string }) => ({ id: userId, username: USER.username })
  await app.register(migrations, { migrations: [{ name: 'bench', from, userOf }] })
  app.get('/', { onRequest: app.sessionAuth.guard }, async (request) => handler(request))
  app.post('/session', async (request, reply) => {
    await app.sessionAuth.startSession(request, reply, { user: userAt(1) })
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
  const ours = toCookieHeader(response.headers['set-cookie'])
  if (ours === '') throw new Error('the login was not adopted')
  await enter(1, 'new')
  const signedIn = await app.inject({ method: 'POST', url: '/session' })
  const native = toCookieHeader(signedIn.headers['set-cookie'])
  return { app, cookie: `${old}; ${ours}`, nativeCookie: `${old}; ${native}` }
}

/** Adds a session as express-session stores it. @returns its cookie, signed. */
function addSession(rows: MemoryStore, user: string): string {
  const sid = 'a-session-of-the-other-system'
  rows.set(sid, { cookie: { path: '/' }, passport: { user } } as never)
  const mac = createHmac('sha256', OLD_SECRET).update(sid).digest('base64').replace(/=+$/, '')
  return `s:${sid}.${mac}`
}
