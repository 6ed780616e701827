import {
  type AccessTokenResponse,
  authenticate,
  enforceNoStore,
  type GuardedCarrier,
  refuseKey,
  type Reauthentication
} from '@drawbridge/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Carriers } from './carriers.ts'
import type { PendingRequest } from './either-carrier.ts'
import { toHttpError } from './errors.ts'
import type { RejectedRequest } from './outcome.ts'

/** See `Bridge.reauthenticate`. */
export async function reauthenticate(
  carriers: Carriers,
  either: GuardedCarrier<PendingRequest, RejectedRequest>,
  request: FastifyRequest,
  reply: FastifyReply,
  verified: Reauthentication
): Promise<AccessTokenResponse | null> {
  const outcome = await authenticate(either, request, {})
  enforceNoStore(reply)
  const carrier = outcome.ok ? outcome.principal.carrier : null
  if (outcome.ok) refuseKey(outcome.principal)
  if (carrier === 'token') return carriers.tokens.reauthenticate(request, verified)
  // A cookie that was replaced by this call before is invalid, and may repeat it.
  const mayRepeat = !outcome.ok && outcome.carrier === 'session' && outcome.reason === 'invalid'
  if (!outcome.ok && !mayRepeat) throw toHttpError(carriers, outcome, request)
  await carriers.sessions.reauthenticate(request, reply, verified)
  return null
}
