import type { Logins } from '@drawbridge/logins'
import { orUnavailable } from '@drawbridge/logins/fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SessionAuthenticator } from './authenticate.ts'
import type { FenceCookie } from './fence-cookie.ts'
import { refusal } from './guard.ts'
import { keepCookiePrivate } from './keep-private.ts'
import { type OriginOptions, readOriginOptions, refuseCrossOrigin } from './same-origin.ts'

/**
 * Ends all logins of the user but the one that the request shows, as after a change of password (ASVS 5.0 7.4.3).
 * Whoever asked for it sees them ended at once, whichever node answers next. Asks the store whose request it is;
 * throws the 400, 401, 403 or 503 to answer with.
 * @returns how many it ended.
 */
export type EndOtherSessions = (
  request: FastifyRequest,
  reply: FastifyReply,
  options?: OriginOptions
) => Promise<number>

interface Parts {
  readonly logins: Logins
  readonly authenticator: SessionAuthenticator
  readonly fences: FenceCookie
  readonly isSameOrigin: (request: FastifyRequest) => boolean
}

export function createEndOtherSessions({
  logins,
  authenticator,
  fences,
  isSameOrigin
}: Parts): EndOtherSessions {
  return async (request, reply, options) => {
    keepCookiePrivate(reply)
    refuseCrossOrigin(request, isSameOrigin, readOriginOptions('endOtherSessions', options))
    const presented = await orUnavailable(authenticator.resolve(request))
    if (!presented.ok) throw refusal(presented)
    const { userId, loginId } = presented.principal
    const { ended, fence } = await orUnavailable(logins.revokeUser(userId, { except: loginId }))
    fences.set(reply, fence)
    return ended
  }
}
