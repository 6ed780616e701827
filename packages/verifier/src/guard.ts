import {
  challenge,
  type GuardedCarrier,
  insufficientScope,
  reauthenticationRequiredWithChallenge,
  setNoStore,
  type UncachedBearer
} from '@drawbridge/carrier'
import type { Authenticator } from './authenticate.ts'
import { toHttpError } from './errors.ts'

/** What a guard does with the tokens of an issuer. No promise for one that is cached. */
export function createGuardedCarrier(authenticator: Authenticator): GuardedCarrier<UncachedBearer> {
  return {
    carriers: ['token'],
    authenticateLocally: (request) => authenticator.authenticateLocally(request),
    resolve: (pending, policy) => authenticator.resolve(pending, policy),
    setNoStore: (reply) => setNoStore(reply),
    toHttpError,
    insufficientScope: (missing, required) =>
      insufficientScope(missing, challenge('insufficient_scope', required.join(' '))),
    reauthenticationRequired: (_principal, maxAgeSeconds) =>
      reauthenticationRequiredWithChallenge(maxAgeSeconds)
  }
}
