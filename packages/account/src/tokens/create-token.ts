import type { CreatedKey } from '@drawbridge/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Foundation } from '../foundation.ts'

/** See `Account.createToken`. What the body has is for key-auth to check, as is who asks. */
export async function createToken(
  { keys }: Pick<Foundation, 'keys'>,
  request: FastifyRequest,
  reply: FastifyReply,
  body: unknown
): Promise<CreatedKey> {
  if (keys === undefined) throw new Error('no key-auth')
  return keys.create(request, body, reply)
}
