import type { Logins } from '@drawbridge/logins'
import { enforceNoStore } from '@drawbridge/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticator } from '../authenticate.ts'
import type { PositionCookie } from '../cookies/position-cookie.ts'
import { toHttpError } from '../errors.ts'
import { type OriginOptions, parseOriginOptions, rejectCrossOrigin } from '../origin.ts'

export interface RevokeOthersDependencies {
  readonly logins: Logins
  readonly authenticator: Authenticator
  readonly positions: PositionCookie
  readonly isSameOrigin: (request: FastifyRequest) => boolean
}

/** See `SessionAuth.revokeOthers`. */
export async function revokeOthers(
  { logins, authenticator, positions, isSameOrigin }: RevokeOthersDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  options: OriginOptions | undefined
): Promise<number> {
  enforceNoStore(reply)
  rejectCrossOrigin(request, isSameOrigin, parseOriginOptions('revokeOthers', options))
  const presented = await authenticator.authenticateFresh(request)
  if (!presented.ok) throw toHttpError(presented)
  const { userId, loginId } = presented.principal
  const { revokedCount, position } = await logins.revokeUser(userId, { except: loginId })
  positions.set(reply, position)
  return revokedCount
}
