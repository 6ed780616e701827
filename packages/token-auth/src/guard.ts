import {
  type AuthenticateOutcome,
  challenge,
  type FollowerSlot,
  type GuardedCarrier,
  insufficientScope,
  isFollowed,
  reauthenticationRequiredWithChallenge,
  setNoStore,
  toOutcome
} from '@drawbridge/carrier'
import type { FastifyRequest } from 'fastify'
import type { Authenticator, UnresolvedToken } from './authenticate.ts'
import { toHttpError } from './errors.ts'

/** A request about which a migration decides too. */
interface FollowedRequest {
  readonly ok: null
  readonly request: FastifyRequest
  readonly known: AuthenticateOutcome | UnresolvedToken
}

/** What a guard does with tokens. No promise for one that this node knows (bench, `token-guard-eddsa`). */
export function createGuardedCarrier(
  authenticator: Authenticator,
  following: FollowerSlot
): GuardedCarrier<UnresolvedToken | FollowedRequest> {
  return {
    carriers: ['token'],
    authenticateLocally: (request) => {
      const known = authenticator.authenticateLocally(request)
      const { follower } = following
      if (follower === undefined || (known.ok === true && follower.isSettled(known.principal))) return known
      return isFollowed(known) ? { ok: null, request, known } : known
    },
    resolve: async (pending, policy, reply) => {
      if (!('known' in pending)) return authenticator.resolve(pending, policy)
      const { request, known } = pending
      const ours = known.ok === null ? await authenticator.resolve(known, policy) : known
      const decided = await following.follower?.follow(request, ours, policy, reply)
      return decided === undefined || decided.kind === 'ours' ? ours : toOutcome(decided, ours)
    },
    setNoStore: (reply) => setNoStore(reply),
    toHttpError,
    insufficientScope: (missing, required) =>
      insufficientScope(missing, challenge('insufficient_scope', required.join(' '))),
    reauthenticationRequired: (_principal, maxAgeSeconds) =>
      reauthenticationRequiredWithChallenge(maxAgeSeconds)
  }
}
