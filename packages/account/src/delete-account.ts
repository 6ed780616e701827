import { principalOf, refuseKey } from '@drawbridge/carrier'
import type { RevocationCause } from '@drawbridge/logins'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { byUser } from './by-user.ts'
import type { Context } from './context.ts'

const DELETED: RevocationCause = { by: 'user', reason: 'account-deleted' }

/**
 * See `Account.deleteAccount`. The logins end first: where the user then cannot be removed, nobody is left with an account that
 * seems to be gone. And once more afterwards, for a sign-in in flight.
 */
export async function deleteAccount(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply
): Promise<void> {
  const { bridge, credentials, logins } = context
  refuseKey(request.principal)
  const { userId } = principalOf(request)
  // Removes the cookies too.
  await bridge.logOut(request, reply)
  await logins.revokeUser(userId, DELETED)
  await credentials.remove?.({ userId, ...byUser(context, request, 'account-deleted') })
  await logins.revokeUser(userId, DELETED)
}
