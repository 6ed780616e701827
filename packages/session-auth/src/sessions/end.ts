import type { Logins } from '@drawbridge/logins'
import { ambiguousCredential, orUnavailable } from '@drawbridge/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticator } from '../authenticate.ts'
import { enforceNoStore } from '../no-store.ts'
import { type OriginOptions, parseOriginOptions, rejectCrossOrigin } from '../origin.ts'
import type { SessionCookie } from '../cookies/session-cookie.ts'
import type { SnapshotCookie } from '../cookies/snapshot-cookie.ts'

/**
 * Ends the login of the request's cookie, on every node, and then removes the cookie; without a login it only removes the
 * cookie. Of several cookies it ends the login of each, and a signature that this node does not know keeps none alive: the
 * store is asked whatever it is. Throws 503, with the cookie left, while it is not sure that the login has ended, and 400
 * where the cookies of our name are too many to ask about; 403 for an unsafe request of another origin.
 */
export type EndSession = (
  request: FastifyRequest,
  reply: FastifyReply,
  options?: OriginOptions
) => Promise<void>

interface Dependencies {
  readonly logins: Logins
  readonly authenticator: Authenticator
  readonly cookie: SessionCookie
  readonly snapshots: SnapshotCookie
  readonly isSameOrigin: (request: FastifyRequest) => boolean
}

export function createEndSession({
  logins,
  authenticator,
  cookie,
  snapshots,
  isSameOrigin
}: Dependencies): EndSession {
  return async (request, reply, options) => {
    enforceNoStore(reply)
    rejectCrossOrigin(request, isSameOrigin, parseOriginOptions('endSession', options))
    const presented = await orUnavailable(authenticator.findPresentedLogins(request))
    if (presented === null) throw ambiguousCredential('too many session cookies are presented')
    // Of those that have ended too: a log-out before may have come as far as the store, and not to the other nodes.
    for (const loginId of [...presented.active, ...presented.removed])
      await orUnavailable(logins.revoke(loginId))
    cookie.clear(reply)
    snapshots.clear(reply)
    request.principal = null
  }
}
