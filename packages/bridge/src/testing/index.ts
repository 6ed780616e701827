/* For the tests of a service. */
import * as session from '@drawbridge/session-auth/testing'
import * as token from '@drawbridge/token-auth/testing'
import type { Carrier } from '@drawbridge/logins'
import type { FastifyInstance } from 'fastify'

/** Options of {@link asUser}. */
export interface AsUserOptions {
  /** A limit of the scopes: see `startSession` and `issueTokens`. */
  readonly scopes?: readonly string[]
  /** Default `session`. */
  readonly carrier?: Carrier
}

/**
 * Signs a user in, without a password: the headers of requests by that user, for `app.inject`. The login is one like any
 * other, in the store of the application.
 *
 * @throws Error where the application does not have the carrier.
 * @example
 * await app.inject({ url: '/me', headers: await asUser(app, { id: '1', username: 'ada' }, { carrier: 'token' }) })
 */
export async function asUser(
  app: FastifyInstance,
  user: Parameters<typeof session.asUser>[1],
  { carrier = 'session', ...options }: AsUserOptions = {}
): Promise<Record<string, string>> {
  return carrier === 'session' ? session.asUser(app, user, options) : token.asUser(app, user, options)
}

export { endEverywhere } from '@drawbridge/session-auth/testing'
