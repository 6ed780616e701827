import { principalOf, refuseKey } from '@drawbridge/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from './context.ts'

/**
 * See `Account.deleteAccount`. The logins end first: where the user then cannot be removed, nobody is left with an account that
 * seems to be gone. And once more afterwards, for a sign-in in flight.
 */
export async function deleteAccount(
  { bridge, credentials, logins }: Context,
  request: FastifyRequest,
  reply: FastifyReply
): Promise<void> {
  refuseKey(request.principal)
  const { userId } = principalOf(request)
  // Removes the cookies too.
  await bridge.logOut(request, reply)
  await logins.revokeUser(userId)
  await credentials.remove?.({ userId })
  await logins.revokeUser(userId)
}
