import { challenge, type GuardedCarrier, insufficientScope, setNoStore } from '@drawbridge/carrier'
import type { Authenticator, UnresolvedToken } from './authenticate.ts'
import { toHttpError } from './errors.ts'

/** What a guard does with tokens. No promise for one that this node knows (bench, `token-guard-eddsa`). */
export function createGuardedCarrier(authenticator: Authenticator): GuardedCarrier<UnresolvedToken> {
  return {
    carriers: ['token'],
    authenticateLocally: (request) => authenticator.authenticateLocally(request),
    resolve: (unresolved, policy) => authenticator.resolve(unresolved, policy),
    setNoStore: (reply) => setNoStore(reply),
    toHttpError,
    insufficientScope: (missing, required) =>
      insufficientScope(missing, challenge('insufficient_scope', required.join(' ')))
  }
}
