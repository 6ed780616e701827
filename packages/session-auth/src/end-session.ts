import type { Logins } from '@drawbridge/logins'
import { orUnavailable } from '@drawbridge/logins/fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SessionAuthenticator } from './authenticate.ts'
import { refusal } from './guard.ts'
import type { SessionCookie } from './session-cookie.ts'

/**
 * Ends the login that the request shows, on every node, and then removes the cookie; without a login it only
 * removes the cookie. Throws 503, with the cookie left, while it is not sure that the login has ended.
 */
export type EndSession = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

export function createEndSession(
  logins: Logins,
  authenticator: SessionAuthenticator,
  cookie: SessionCookie
): EndSession {
  return async (request, reply) => {
    const presented = await orUnavailable(authenticator.resolve(request))
    if (!presented.ok && presented.reason === 'ambiguous') throw refusal(presented)
    if (presented.ok) await orUnavailable(logins.revoke(presented.principal.loginId))
    cookie.clear(reply)
    request.principal = null
  }
}
