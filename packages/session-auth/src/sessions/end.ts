import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { ambiguousCredential, announceEffect, enforceNoStore, type FollowerSlot } from '@drawbridge/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type OriginOptions, parseOriginOptions, rejectCrossOrigin } from '../origin.ts'
import type { SessionCookie } from '../cookies/session-cookie.ts'
import type { SnapshotCookie } from '../cookies/snapshot-cookie.ts'
import { findPresentedLogins } from './presented-logins.ts'
import type { Successors } from './successors.ts'

export interface EndSessionDependencies {
  readonly logins: CarrierLogins
  readonly cookie: SessionCookie
  readonly snapshots: SnapshotCookie
  readonly successors: Successors
  readonly isSameOrigin: (request: FastifyRequest) => boolean
  readonly following: FollowerSlot
}

/** See `SessionAuth.endSession`. @returns whether the cookies are of a login, active or revoked before. */
export async function endSession(
  { logins, cookie, snapshots, successors, isSameOrigin, following }: EndSessionDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  options: OriginOptions | undefined
): Promise<boolean> {
  enforceNoStore(reply)
  rejectCrossOrigin(request, isSameOrigin, parseOriginOptions('endSession', options))
  const presented = await findPresentedLogins({ cookie, logins, successors }, request)
  if (presented === null) throw ambiguousCredential('too many session cookies are presented')
  // Also the ones that the store no longer has: an earlier log-out may have reached it, and not the other nodes.
  const { active, replaced, removed } = presented
  const loginIds = [...[...active, ...replaced].map(({ id }) => id), ...removed]
  for (const loginId of loginIds) await logins.revoke(loginId, { by: 'user', reason: 'log-out' })
  const wasPresented = await following.follower?.logOut(request, reply)
  announceEffect(reply, logins)
  cookie.clear(reply)
  snapshots.clear(reply)
  request.principal = null
  return wasPresented === true || loginIds.length > 0
}
