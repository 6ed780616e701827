import type { Principal, RevocationCause } from '@drawbridge/logins'
import { type CarrierLogins, causeEntries } from '@drawbridge/logins/carrier'
import { announceEffect, enforceNoStore, type FollowerSlot } from '@drawbridge/carrier'
import { parseOptions } from '@drawbridge/options'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { Authenticator } from '../authenticate.ts'
import type { PositionCookie } from '../cookies/position-cookie.ts'
import { toHttpError } from '../errors.ts'
import { type OriginOptions, originEntries, rejectCrossOrigin } from '../origin.ts'

export interface RevokeOthersDependencies {
  readonly logins: CarrierLogins
  readonly authenticator: Authenticator
  readonly positions: PositionCookie
  readonly isSameOrigin: (request: FastifyRequest) => boolean
  readonly following: FollowerSlot
}

/** Options of `revokeOthers`: why they are revoked is for their events. Default: by the `user`. */
export interface RevokeOthersOptions extends OriginOptions, RevocationCause {}

const schema = v.strictObject({ ...originEntries, ...causeEntries })

/** See `SessionAuth.revokeOthers`. */
export async function revokeOthers(
  dependencies: RevokeOthersDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  options: RevokeOthersOptions | undefined
): Promise<number> {
  const { logins, positions, isSameOrigin } = dependencies
  enforceNoStore(reply)
  const {
    by = 'user',
    reason = 'revoke-others',
    ...origin
  } = parseOptions('sessionAuth.revokeOthers', schema, options ?? {})
  rejectCrossOrigin(request, isSameOrigin, origin)
  const { userId, loginId } = await identify(dependencies, request)
  const { revokedCount, position } = await logins.revokeUser(userId, { except: loginId, by, reason })
  positions.set(reply, position)
  announceEffect(reply, logins)
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
  const adopted = isGuarded ? null : await following.follower?.adopt(request, 'unlimited')
  if (adopted) return adopted
  if (!presented.ok) throw toHttpError(presented)
  return presented.principal
}
