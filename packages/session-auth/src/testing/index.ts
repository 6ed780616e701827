/* For the tests of a service. */
import { type AuthenticatedUser, findBridged } from '@drawbridge/carrier'
import Fastify, { type FastifyInstance } from 'fastify'
import '../types.ts'

/** Options of {@link asUser}. */
export interface AsUserOptions {
  /** A limit of the scopes: see `startSession`. */
  readonly scopes?: readonly string[]
}

/**
 * Signs a user in, without a password: the headers of requests by that user, for `app.inject`. The login is one like any
 * other, in the store of the application.
 *
 * @throws Error where the application has no session-auth; what `startSession` throws.
 * @example
 * await app.inject({ url: '/me', headers: await asUser(app, { id: '1', username: 'ada' }) })
 */
export async function asUser(
  app: FastifyInstance,
  user: AuthenticatedUser,
  options: AsUserOptions = {}
): Promise<{ cookie: string }> {
  const { sessionAuth } = readyApp(app)
  // With a request and a response of its own, which are as those of the application.
  const service = Fastify()
  service.get('/', async (request, reply) => {
    await sessionAuth.startSession(request, reply, { user, ...options })
    return {}
  })
  const { cookies, payload, statusCode } = await service.inject('/')
  if (statusCode !== 200) throw new Error(`asUser could not sign the user in: ${payload}`)
  return { cookie: cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ') }
}

/** Revokes all logins of a user, by whatever carrier, as an administrator would. @returns how many there were. */
export async function endEverywhere(app: FastifyInstance, userId: string): Promise<number> {
  const { revokedCount } = await readyApp(app).logins.revokeUser(userId)
  return revokedCount
}

function readyApp(app: FastifyInstance) {
  const sessionAuth = app.sessionAuth as FastifyInstance['sessionAuth'] | undefined
  const bridged = findBridged(sessionAuth, 'session')
  if (sessionAuth !== undefined && bridged !== undefined) return { sessionAuth, logins: bridged.logins }
  throw new Error('the application has no session-auth: register it, and `await app.ready()` before the test')
}
