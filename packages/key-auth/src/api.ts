import {
  authenticate,
  createGuard,
  offerBridged,
  parseRoutePolicy,
  publishFailure,
  type UnsentLogins
} from '@drawbridge/carrier'
import { Authenticator } from './authenticate.ts'
import { createBridged } from './bridged.ts'
import { createKey, createKeyByPrincipal, createKeyFor } from './keys/create-key.ts'
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
  const create: KeyAuth['create'] = (request, input, reply) => createKey(creating, request, input, reply)
  const list: KeyAuth['list'] = (userId) => listKeys(logins, userId)
  const revoke: KeyAuth['revoke'] = (userId, id, cause) => revokeKey(logins, userId, id, cause)
  const bridged = createBridged({ logins, authenticator, create, list, revoke })
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
    create,
    createByPrincipal: (principal, input) => createKeyByPrincipal(creating, principal, input),
    createFor: (owner, input) => createKeyFor(creating, owner, input),
    list,
    revoke
  }
  return offerBridged(keyAuth, bridged)
}
