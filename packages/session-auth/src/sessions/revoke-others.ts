import type { Logins } from '@drawbridge/logins'
import { orUnavailable } from '@drawbridge/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticator } from '../authenticate.ts'
import type { PositionCookie } from '../cookies/position-cookie.ts'
import { toHttpError } from '../guard.ts'
import { enforceNoStore } from '../no-store.ts'
import { type OriginOptions, parseOriginOptions, rejectCrossOrigin } from '../origin.ts'

/**
 * Ends all logins of the user but the one that the request shows, as after a change of password (ASVS 5.0 7.4.3).
 * Whoever asked for it sees them ended at once, whichever node answers next. Asks the store whose request it is;
 * throws the 400, 401, 403 or 503 to answer with.
 * @returns how many it ended.
 */
export type RevokeOtherSessions = (
  request: FastifyRequest,
  reply: FastifyReply,
  options?: OriginOptions
) => Promise<number>

interface Dependencies {
  readonly logins: Logins
  readonly authenticator: Authenticator
  readonly positions: PositionCookie
  readonly isSameOrigin: (request: FastifyRequest) => boolean
}

export function createRevokeOtherSessions({
  logins,
  authenticator,
  positions,
  isSameOrigin
}: Dependencies): RevokeOtherSessions {
  return async (request, reply, options) => {
    enforceNoStore(reply)
    rejectCrossOrigin(request, isSameOrigin, parseOriginOptions('revokeOtherSessions', options))
    const presented = await orUnavailable(authenticator.authenticateFresh(request))
    if (!presented.ok) throw toHttpError(presented)
    const { userId, loginId } = presented.principal
    const { revokedCount, position } = await orUnavailable(logins.revokeUser(userId, { except: loginId }))
    positions.set(reply, position)
    return revokedCount
  }
}
