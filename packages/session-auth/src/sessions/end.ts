import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { ambiguousCredential, enforceNoStore } from '@drawbridge/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type OriginOptions, parseOriginOptions, rejectCrossOrigin } from '../origin.ts'
import type { SessionCookie } from '../cookies/session-cookie.ts'
import type { SnapshotCookie } from '../cookies/snapshot-cookie.ts'
import { findPresentedLogins } from './presented-logins.ts'

export interface EndSessionDependencies {
  readonly logins: CarrierLogins
  readonly cookie: SessionCookie
  readonly snapshots: SnapshotCookie
  readonly isSameOrigin: (request: FastifyRequest) => boolean
}

/** See `SessionAuth.endSession`. */
export async function endSession(
  { logins, cookie, snapshots, isSameOrigin }: EndSessionDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  options: OriginOptions | undefined
): Promise<void> {
  enforceNoStore(reply)
  rejectCrossOrigin(request, isSameOrigin, parseOriginOptions('endSession', options))
  const presented = await findPresentedLogins({ cookie, logins }, request)
  if (presented === null) throw ambiguousCredential('too many session cookies are presented')
  // Also the ones that the store no longer has: an earlier log-out may have reached it, and not the other nodes.
  const active = presented.active.map(({ id }) => id)
  for (const loginId of [...active, ...presented.removed]) await logins.revoke(loginId)
  cookie.clear(reply)
  snapshots.clear(reply)
  request.principal = null
}
