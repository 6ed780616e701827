/* For the tests of a service. */
import { type AuthenticatedUser, findBridged } from '@drawbridge/carrier'
import Fastify, { type FastifyInstance } from 'fastify'
import '../types.ts'
import type { TokenResponse } from '../access-tokens/token-response.ts'

/** Options of {@link asUser}. */
export interface AsUserOptions {
  /** A limit of the scopes: see `issueTokens`. */
  readonly scopes?: readonly string[]
}

/**
 * Signs a user in, without a password: the headers of requests by that user, for `app.inject`. The login is one like any
 * other, in the store of the application.
 *
 * @throws Error where the application has no token-auth; what `issueTokens` throws.
 * @example
 * await app.inject({ url: '/me', headers: await asUser(app, { id: '1', username: 'ada' }) })
 */
export async function asUser(
  app: FastifyInstance,
  user: AuthenticatedUser,
  options: AsUserOptions = {}
): Promise<{ authorization: string }> {
  const { tokenAuth } = readyApp(app)
  // With a request of its own, which is as those of the application.
  const service = Fastify()
  service.get('/', (request) => tokenAuth.issueTokens(request, { user, ...options }))
  const response = await service.inject('/')
  if (response.statusCode !== 200) throw new Error(`asUser could not sign the user in: ${response.payload}`)
  return { authorization: `Bearer ${response.json<TokenResponse>().access_token}` }
}

/** Revokes all logins of a user, by whatever carrier, as an administrator would. @returns how many there were. */
export async function endEverywhere(app: FastifyInstance, userId: string): Promise<number> {
  const { revokedCount } = await readyApp(app).logins.revokeUser(userId)
  return revokedCount
}

function readyApp(app: FastifyInstance) {
  const tokenAuth = app.tokenAuth as FastifyInstance['tokenAuth'] | undefined
  const bridged = findBridged(tokenAuth, 'token')
  if (tokenAuth !== undefined && bridged !== undefined) return { tokenAuth, logins: bridged.logins }
  throw new Error('the application has no token-auth: register it, and `await app.ready()` before the test')
}
