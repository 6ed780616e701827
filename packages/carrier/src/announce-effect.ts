import type { CarrierLogins } from '@drawbridge/logins/carrier'
import type { FastifyReply } from 'fastify'

/** Says in the response how soon every node rejects the logins that the request has revoked, where the service wants it to. */
export function announceEffect(
  reply: FastifyReply,
  {
    effectiveWithinHeader,
    effectiveWithinMs
  }: Pick<CarrierLogins, 'effectiveWithinHeader' | 'effectiveWithinMs'>
): void {
  if (effectiveWithinHeader) reply.header('drawbridge-effective-within', effectiveWithinMs)
}
