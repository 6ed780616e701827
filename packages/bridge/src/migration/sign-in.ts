import { unauthorized } from '@drawbridge/carrier'
import type { Login } from '@drawbridge/logins'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { beginMoment, type Engine } from './engine.ts'
import { giveOld } from './give-old.ts'
import { revokePresented } from './log-out.ts'
import { noteNotGiven } from './not-given.ts'

/**
 * See `Follower.beforeSignIn`. While instances of the other system may run, the new login gets one there too, and that one leads:
 * they know of no other.
 */
export async function beforeSignIn(
  engine: Engine,
  request: FastifyRequest,
  reply: FastifyReply | undefined,
  { id: loginId, userId }: Login
): Promise<void> {
  const { phase } = beginMoment(engine)
  await revokePresented(engine, request, { by: 'user', reason: 'sign-in' })
  if (reply === undefined) return
  engine.old.clear(reply)
  // Each header presents one credential: clients have those of both sides.
  if (phase === 'retired' || engine.old.presentsOneSide) return
  const isGivenNow = phase !== 'new' && engine.old.canGive
  const isActive = isGivenNow
    ? await giveOld(engine, reply, { loginId, userId, link: null }, 'old', { phase })
    : await noteNotGiven(engine, { loginId, userId })
  if (!isActive) throw unauthorized('the login was revoked meanwhile')
}
