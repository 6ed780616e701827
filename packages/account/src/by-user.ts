import { clientAddress } from '@drawbridge/carrier'
import type { ChangeCauseInput } from '@drawbridge/credentials'
import type { FastifyRequest } from 'fastify'
import type { Foundation } from './foundation.ts'

/** The cause of a change that the user of a request makes, for its event. */
export function byUser(
  { credentials }: Pick<Foundation, 'credentials'>,
  request: FastifyRequest,
  reason: string
): Required<ChangeCauseInput> {
  return { by: 'user', reason, address: clientAddress(credentials, request) }
}
