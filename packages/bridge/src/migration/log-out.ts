import type { RevocationCause } from '@drawbridge/logins'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { beginMoment, type Engine } from './engine.ts'
import type { OldCredential } from './old-side.ts'

/** See `Follower.logOut`. Also of a credential that does not count any more, where it names a login that may be active there. */
export async function logOutOld(
  engine: Engine,
  request: FastifyRequest,
  reply: FastifyReply | undefined
): Promise<boolean> {
  const wasPresented = await revokePresented(engine, request, { by: 'user', reason: 'log-out' })
  if (reply !== undefined) engine.old.clear(reply)
  return wasPresented
}

/** Revokes the login of the other system that a request presents. @returns whether there was one. */
export async function revokePresented(
  engine: Engine,
  request: FastifyRequest,
  cause: Required<RevocationCause>
): Promise<boolean> {
  const { watch, old, logins } = engine
  if (watch.isKnown && watch.current.phase === 'retired') return false
  const presented = await old.presentToEnd(request, logins.now())
  const isNamed = presented.kind === 'found' || (presented.kind === 'invalid' && presented.key !== null)
  // Nobody is logged out of nothing: without the phase, only who presents a login there gets 503.
  if (isNamed) beginMoment(engine)
  if (presented.kind === 'invalid' && presented.key !== null) await engine.old.revoke(presented.key)
  if (presented.kind !== 'found') return false
  await revokeCredential(engine, presented.old, cause)
  return true
}

/**
 * First ours, which a request in flight may use, then the one there. An unclaimed credential is claimed by the log-out, so that
 * no request in flight, and nobody who has copied it, makes a login of it later.
 */
async function revokeCredential(
  engine: Engine,
  { key, user, acceptedUntil }: OldCredential,
  cause: Required<RevocationCause>
): Promise<void> {
  const { adoptions, logins, migration, old } = engine
  if (migration.logOut === 'user' && !old.keepsRecord) await logins.revokeUser(user.id, cause)
  if (key === null) return
  const claim = await adoptions.claim(user.id, {
    migration: migration.name,
    key,
    claimedUntil: acceptedUntil,
    owner: null
  })
  if (claim !== null && claim.loginId !== null) await logins.revoke(claim.loginId, cause)
  await old.revoke(key)
}
