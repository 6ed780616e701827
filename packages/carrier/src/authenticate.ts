import type { RoutePolicy } from '@drawbridge/logins'
import type { FastifyRequest } from 'fastify'
import type { GuardedCarrier, Unresolved } from './guard.ts'

/** The outcome of a carrier for one request. A promise only where the store must be asked. Sends nothing. */
export function authenticate<Pending extends Unresolved, Failure extends { readonly ok: false }>(
  carrier: GuardedCarrier<Pending, Failure>,
  request: FastifyRequest,
  policy: RoutePolicy
) {
  const known = carrier.authenticateLocally(request, policy.countsAsUse)
  return known.ok === null ? carrier.resolve(known, policy) : known
}
