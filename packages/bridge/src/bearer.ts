import { authenticate, type AuthenticateOutcome, refuseKey } from '@drawbridge/carrier'
import type { FastifyRequest } from 'fastify'
import { bearerCarrier, type Carriers } from './carriers.ts'
import { toHttpError } from './errors.ts'
import { rejectedBy } from './outcome.ts'

/**
 * Whose access token or key a request presents beside the credential that counts. Not use of the login.
 *
 * @throws HttpError 400 for two Authorization headers: never silently one of them; 503.
 */
export async function identifyBearer(
  carriers: Carriers,
  request: FastifyRequest
): Promise<AuthenticateOutcome> {
  const { carrier, guarded } = bearerCarrier(carriers, request.headers.authorization ?? '')
  const bearer = await authenticate(guarded, request, { countsAsUse: false })
  if (!bearer.ok && bearer.reason === 'ambiguous')
    throw toHttpError(carriers, rejectedBy(carrier, bearer), request)
  return bearer
}

/**
 * A request with a key exchanges nothing, whatever else it presents: no credential comes of one that a program has.
 *
 * @throws HttpError 403 for a key; 401 for one that is not valid; 503.
 */
export async function rejectPresentedKey(carriers: Carriers, request: FastifyRequest): Promise<void> {
  const { authorization = '' } = request.headers
  if (carriers.keys?.isKey(authorization) !== true) return
  const bearer = await identifyBearer(carriers, request)
  if (!bearer.ok) throw toHttpError(carriers, rejectedBy('key', bearer), request)
  refuseKey(bearer.principal)
}
