import type { FollowOutcome } from '@drawbridge/carrier'
import type { RoutePolicy } from '@drawbridge/logins'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { toPassedPrincipal } from './adopt.ts'
import { announceEnd } from './deprecation.ts'
import type { Engine } from './engine.ts'

/**
 * Serves an old credential as it is while our store cannot be reached, for as long as the service allows it: the other system, which
 * decides in these phases, had no need of our store. Not in `new`, where it decides about nobody any more.
 *
 * @returns null where it is not allowed, where nobody is signed in by such a credential, or its login was revoked as far as this
 *   node knows.
 */
export async function passInOutage(
  engine: Engine,
  request: FastifyRequest,
  policy: RoutePolicy,
  reply: FastifyReply | undefined
): Promise<FollowOutcome | null> {
  const { migration, watch, old, logins, claims, counts } = engine
  const { onStoreDown } = migration
  if (onStoreDown === 'fail-closed' || policy.onStoreDown === 'fail-closed') return null
  const last = await watch.findInOutage(onStoreDown.serveStaleForSeconds * 1000)
  if (last === null || (last.phase !== 'old' && last.phase !== 'both')) return null
  const moment = { ...last, now: logins.now() }
  const presented = await old.present(request, moment.now)
  if (presented.kind !== 'found') return null
  const principal = await toPassedPrincipal(engine, request, presented.old, moment)
  const { key, user } = presented.old
  const loginId = (key === null ? undefined : claims.find(user.id, key)) ?? principal.loginId
  if (logins.localStatus(loginId, moment.now) === 'revoked') return null
  counts.add(moment.phase, 'passedInOutage')
  counts.serveOld(moment.phase, moment.now, presented.old.acceptedUntil)
  if (reply !== undefined) announceEnd(engine, moment, reply)
  return { kind: 'other', principal }
}
