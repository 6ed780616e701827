import { authenticate, type AuthenticateOutcome } from '@drawbridge/carrier'
import type { FastifyRequest } from 'fastify'
import type { Carriers } from './carriers.ts'
import { toHttpError } from './errors.ts'
import { rejectedBy } from './outcome.ts'

/**
 * Whose access token a request presents beside the credential that counts. Not use of the login.
 *
 * @throws HttpError 400 for two Authorization headers: never silently one of them; 503.
 */
export async function identifyBearer(
  carriers: Carriers,
  request: FastifyRequest
): Promise<AuthenticateOutcome> {
  const bearer = await authenticate(carriers.tokens.guarded, request, { countsAsUse: false })
  if (!bearer.ok && bearer.reason === 'ambiguous')
    throw toHttpError(carriers, rejectedBy('token', bearer), request)
  return bearer
}
