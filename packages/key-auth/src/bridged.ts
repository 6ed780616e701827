import type { BridgedKeys, NewKeyInput } from '@drawbridge/carrier'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import type { Authenticator } from './authenticate.ts'
import { createGuardedCarrier } from './guard.ts'
import { KEY_PREFIX } from './keys/key-format.ts'
import { securitySchemes } from './security-schemes.ts'
import type { KeyAuth } from './types.ts'

interface Dependencies extends Pick<KeyAuth, 'create' | 'list' | 'revoke'> {
  readonly logins: CarrierLogins
  readonly authenticator: Authenticator
}

/** `Bearer` in any case, and a space. */
const SCHEME_LENGTH = 7

/** What a bridge calls, and the account. */
export function createBridged({ logins, authenticator, create, list, revoke }: Dependencies): BridgedKeys {
  return {
    carrier: 'key',
    logins,
    guarded: createGuardedCarrier(authenticator),
    securitySchemes,
    isKey: (authorization) => authorization.startsWith(KEY_PREFIX, SCHEME_LENGTH),
    create: (request, input, reply) => create(request, input as NewKeyInput, reply),
    list,
    revoke
  }
}
