import {
  type Authenticated,
  challenge,
  type FailedAuthentication,
  type GuardedCarrier,
  reauthenticationRequired,
  reauthenticationRequiredWithChallenge,
  setNoStore,
  type Unresolved
} from '@drawbridge/carrier'
import type { Carrier, RoutePolicy } from '@drawbridge/logins'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { bearerCarrier, type Carriers } from './carriers.ts'
import { toHttpError } from './errors.ts'
import { type BridgeOutcome, chooseCredential, type RejectedRequest, rejectedBy } from './outcome.ts'

/** A request that this node cannot judge by itself. */
export interface PendingRequest extends Unresolved {
  readonly resolve: (policy: RoutePolicy, reply?: FastifyReply) => Promise<BridgeOutcome>
}

/**
 * What a guard of any carrier does. A token or key that is presented authenticates the request or nothing does: a cookie beside
 * it does not make a bad token good, and no proof of origin is asked for, as no browser adds a token by itself. Without a
 * token the session counts, with proof of origin for unsafe methods.
 *
 * No promise, and nothing made, for what the carrier's node knows (bench, `bridge-session`).
 */
export function createEitherCarrier(carriers: Carriers): GuardedCarrier<PendingRequest, RejectedRequest> {
  const { sessions, tokens, keys } = carriers
  const bySession = (request: FastifyRequest, countsAsUse: boolean | undefined) => {
    const known = sessions.guarded.authenticateLocally(request, countsAsUse)
    if (known.ok === true) return known
    return known.ok === false
      ? rejectedBy('session', known)
      : pending(async (policy, reply) =>
          toOutcome('session', await sessions.guarded.resolve(known, policy, reply))
        )
  }
  return {
    carriers: keys === undefined ? ['session', 'token'] : ['session', 'token', 'key'],
    authenticateLocally: (request, countsAsUse) => {
      const { authorization } = request.headers
      if (authorization === undefined) return bySession(request, countsAsUse)
      const { carrier, guarded } = bearerCarrier(carriers, authorization)
      const known = guarded.authenticateLocally(request, countsAsUse)
      if (known.ok === true) {
        const isAlone = !sessions.mayBeOfOtherUser(request, known.principal.loginId)
        return isAlone ? known : pending((policy) => checkSession(carriers, request, known, policy))
      }
      if (known.ok === false)
        return known.reason === 'none' ? bySession(request, countsAsUse) : rejectedBy(carrier, known)
      return pending(async (policy) => {
        const outcome = toOutcome(carrier, await guarded.resolve(known, policy))
        const isAlone = !outcome.ok || !sessions.mayBeOfOtherUser(request, outcome.principal.loginId)
        return isAlone ? outcome : checkSession(carriers, request, outcome, policy)
      })
    },
    resolve: ({ resolve }, policy, reply) => resolve(policy, reply),
    setNoStore: (reply) => setNoStore(reply, 'Cookie, Authorization'),
    toHttpError: (failure, request) => toHttpError(carriers, failure, request),
    insufficientScope: (missing, required) => tokens.guarded.insufficientScope(missing, required),
    // A 401 has a challenge, without an error where no token was presented (RFC 9110 section 15.5.2, RFC 6750 section 3).
    reauthenticationRequired: (principal, maxAgeSeconds) =>
      principal.carrier === 'session'
        ? reauthenticationRequired(maxAgeSeconds, challenge())
        : reauthenticationRequiredWithChallenge(maxAgeSeconds)
  }
}

function pending(resolve: PendingRequest['resolve']): PendingRequest {
  return { ok: null, resolve }
}

function toOutcome(carrier: Carrier, outcome: Authenticated | FailedAuthentication): BridgeOutcome {
  return outcome.ok ? outcome : rejectedBy(carrier, outcome)
}

/** The cookie may be of another user: only now it is verified, and the store asked where it must be. */
async function checkSession(
  { sessions }: Carriers,
  request: FastifyRequest,
  token: Authenticated,
  policy: RoutePolicy
): Promise<BridgeOutcome> {
  const session = await sessions.identify(request, policy)
  const outcome = chooseCredential(token, session)
  if (!outcome.ok && outcome.reason === 'two-users' && session.ok) {
    request.log.warn(
      {
        event: 'two_users',
        token: namesOf(token),
        session: namesOf(session)
      },
      'a request was rejected: its token and its session are of different users'
    )
  }
  return outcome
}

function namesOf({ principal: { loginId, userId } }: Authenticated) {
  return { loginId, userId }
}
