import type { Logins, Principal } from '@drawbridge/logins'
import { enforceNoStore, type FollowerSlot } from '@drawbridge/carrier'
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
  readonly following: FollowerSlot
}

/** See `SessionAuth.revokeOthers`. */
export async function revokeOthers(
  dependencies: RevokeOthersDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  options: OriginOptions | undefined
): Promise<number> {
  const { logins, positions, isSameOrigin } = dependencies
  enforceNoStore(reply)
  rejectCrossOrigin(request, isSameOrigin, parseOriginOptions('revokeOthers', options))
  const { userId, loginId } = await identify(dependencies, request)
  const { revokedCount, position } = await logins.revokeUser(userId, { except: loginId })
  positions.set(reply, position)
  return revokedCount
}

/** Whose login is spared: that of our cookie, or that of the other system's credential where a guard has let that through. */
async function identify(
  { authenticator, following }: RevokeOthersDependencies,
  request: FastifyRequest
): Promise<Principal> {
  const presented = await authenticator.authenticateFresh(request)
  const { principal } = request
  const isGuarded = presented.ok && (principal === null || principal.loginId === presented.principal.loginId)
  const adopted = isGuarded ? null : await following.follower?.adopt(request)
  if (adopted) return adopted
  if (!presented.ok) throw toHttpError(presented)
  return presented.principal
}
