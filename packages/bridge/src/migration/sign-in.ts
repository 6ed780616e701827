import { unauthorized } from '@drawbridge/carrier'
import type { Login } from '@drawbridge/logins'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { beginMoment, type Engine } from './engine.ts'
import { giveOld } from './give-old.ts'
import { revokePresented } from './log-out.ts'

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
  await revokePresented(engine, request)
  if (reply === undefined) return
  engine.old.clear(reply)
  const isOldServed = phase === 'old' || phase === 'both'
  if (!isOldServed || !engine.old.canGive) return
  const link = null
  if (!(await giveOld(engine, reply, { loginId, userId, link }, 'old')))
    throw unauthorized('the login was revoked meanwhile')
}
