import type { BridgedKeys } from '@drawbridge/carrier'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import type { Authenticator } from './authenticate.ts'
import { createGuardedCarrier } from './guard.ts'
import { KEY_PREFIX } from './keys/key-format.ts'
import { securitySchemes } from './security-schemes.ts'

/** `Bearer` in any case, and a space. */
const SCHEME_LENGTH = 7

/** What a bridge calls. */
export function createBridged(logins: CarrierLogins, authenticator: Authenticator): BridgedKeys {
  return {
    carrier: 'key',
    logins,
    guarded: createGuardedCarrier(authenticator),
    securitySchemes,
    isKey: (authorization) => authorization.startsWith(KEY_PREFIX, SCHEME_LENGTH)
  }
}
