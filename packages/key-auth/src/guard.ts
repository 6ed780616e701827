import { challenge, type GuardedCarrier, insufficientScope, setNoStore } from '@drawbridge/carrier'
import type { Authenticator, UnresolvedKey } from './authenticate.ts'
import { toHttpError } from './errors.ts'

/** What a guard does with keys. No promise for one that this node knows (bench, `key-guard`). */
export function createGuardedCarrier(authenticator: Authenticator): GuardedCarrier<UnresolvedKey> {
  return {
    carriers: ['key'],
    authenticateLocally: (request, countsAsUse) => authenticator.authenticateLocally(request, countsAsUse),
    resolve: (pending, policy) => authenticator.resolve(pending, policy),
    setNoStore: (reply) => setNoStore(reply),
    toHttpError,
    insufficientScope: (missing, required) =>
      insufficientScope(missing, challenge('insufficient_scope', required.join(' ')))
  }
}
