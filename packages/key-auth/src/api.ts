import {
  authenticate,
  type BridgedKeys,
  createGuard,
  offerBridged,
  parseRoutePolicy,
  publishFailure,
  type UnsentLogins
} from '@drawbridge/carrier'
import { Authenticator } from './authenticate.ts'
import { createBridged } from './bridged.ts'
import { createKey, createKeyFor } from './keys/create-key.ts'
import { KeyFormat } from './keys/key-format.ts'
import { listKeys } from './keys/list-keys.ts'
import { revokeKey } from './keys/revoke-key.ts'
import type { ParsedOptions } from './options.ts'
import type { KeyAuth } from './types.ts'

/** Creates what the plugin adds to the application. */
export function createApi(
  { logins, secret, maxLifetimeSeconds }: ParsedOptions,
  unsent: UnsentLogins
): KeyAuth {
  const format = new KeyFormat(secret)
  const authenticator = new Authenticator({ logins, format })
  const creating = { logins, format, unsent, maxLifetimeSeconds }
  const bridged: BridgedKeys = createBridged(logins, authenticator)
  const keyAuth: KeyAuth = {
    guard: createGuard('keyAuth', bridged.guarded, logins),
    authenticate: (request, policy) =>
      authenticate(bridged.guarded, request, parseRoutePolicy('keyAuth.authenticate', policy, logins)),
    verify: (token, policy) =>
      publishFailure(
        logins,
        'key',
        authenticator.verify(token, parseRoutePolicy('keyAuth.verify', policy, logins))
      ),
    create: (by, input) => createKey(creating, by, input),
    createFor: (owner, input) => createKeyFor(creating, owner, input),
    list: (userId) => listKeys(logins, userId),
    revoke: (userId, id, cause) => revokeKey(logins, userId, id, cause)
  }
  return offerBridged(keyAuth, bridged)
}
