import type { Logins } from '@drawbridge/logins'
import { orUnavailable } from '@drawbridge/logins/fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SessionAuthenticator } from './authenticate.ts'
import { refusal } from './guard.ts'
import { keepCookiePrivate } from './keep-private.ts'
import type { SessionCookie } from './session-cookie.ts'
import type { SnapshotCookie } from './snapshot-cookie.ts'

/**
 * Ends the login that the request shows, on every node, and then removes the cookie; without a login it only
 * removes the cookie. Throws 503, with the cookie left, while it is not sure that the login has ended.
 */
export type EndSession = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

interface Parts {
  readonly logins: Logins
  readonly authenticator: SessionAuthenticator
  readonly cookie: SessionCookie
  readonly snapshots: SnapshotCookie
}

export function createEndSession({ logins, authenticator, cookie, snapshots }: Parts): EndSession {
  return async (request, reply) => {
    keepCookiePrivate(reply)
    const presented = await orUnavailable(authenticator.resolve(request))
    if (!presented.ok && presented.reason === 'ambiguous') throw refusal(presented)
    // Of one that has ended too: a log-out before may have come as far as the store, and not to the other nodes.
    const loginId = presented.ok ? presented.principal.loginId : presented.endedLoginId
    if (loginId !== undefined) await orUnavailable(logins.revoke(loginId))
    cookie.clear(reply)
    snapshots.clear(reply)
    request.principal = null
  }
}
