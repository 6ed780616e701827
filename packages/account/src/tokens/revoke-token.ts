import { principalOf, refuseKey } from '@drawbridge/carrier'
import type { FastifyRequest } from 'fastify'
import { UnknownLoginError } from '../errors.ts'
import type { Foundation } from '../foundation.ts'

/** See `Account.revokeToken`. */
export async function revokeToken(
  { keys }: Pick<Foundation, 'keys'>,
  request: FastifyRequest,
  id: string
): Promise<void> {
  refuseKey(request.principal)
  const { userId } = principalOf(request)
  const wasActive = await keys?.revoke(userId, id, { by: 'user', reason: 'revoke-token' })
  if (wasActive !== true) throw new UnknownLoginError()
}
