import { authenticate, createGuard, parseRoutePolicy } from '@drawbridge/carrier'
import { followLogins } from '@drawbridge/logins/carrier'
import { Authenticator } from './authenticate.ts'
import { createGuardedCarrier } from './guard.ts'
import { createIntrospect } from './introspection.ts'
import { readGivenKeys } from './keys/given-keys.ts'
import type { PublicKeys } from './keys/public-keys.ts'
import { RemoteKeys } from './keys/remote-keys.ts'
import type { ParsedOptions } from './options.ts'
import type { ClosableTokenVerifier, Verifier } from './types.ts'

const KEYS_TIMEOUT_MS = 2000

/** Creates what the plugin adds to the application, and what closes it. */
export function createApi(options: ParsedOptions): Verifier & ClosableTokenVerifier {
  const { issuer, audience, clockSkewSeconds, retentionSeconds, introspection } = options
  const logins = followLogins(options)
  const keys = openKeys(options, () => logins.clearCaches())
  const authenticator = new Authenticator({
    logins,
    keys,
    now: () => logins.now(),
    rules: { issuer, audience, clockSkewSeconds, maxLifetimeSeconds: retentionSeconds - clockSkewSeconds },
    introspect: introspection && createIntrospect(introspection)
  })
  const guarded = createGuardedCarrier(authenticator)
  return {
    guard: createGuard('verifier', guarded, logins),
    authenticate: (request, policy) =>
      authenticate(guarded, request, parseRoutePolicy('verifier.authenticate', policy, logins)),
    verify: (token, policy) =>
      authenticator.verify(token, parseRoutePolicy('verifier.verify', policy, logins)),
    health: () => logins.health(),
    ping: () => logins.ping(),
    close: async () => {
      keys.close()
      await logins.close()
    }
  }
}

function openKeys({ keys, keysMaxAgeSeconds, onError }: ParsedOptions, onRemoved: () => void): PublicKeys {
  if (!(keys instanceof URL)) return readGivenKeys(keys)
  return new RemoteKeys({
    url: keys,
    maxAgeSeconds: keysMaxAgeSeconds,
    timeoutMs: KEYS_TIMEOUT_MS,
    onRemoved,
    onError
  })
}
