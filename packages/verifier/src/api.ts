import { authenticate, createGuard, parseRoutePolicy, publishFailure } from '@drawbridge/carrier'
import { type FollowedLogins, followLogins } from '@drawbridge/logins/carrier'
import { Authenticator } from './authenticate.ts'
import { createGuardedCarrier } from './guard.ts'
import { createIntrospect } from './introspection.ts'
import { readGivenKeys } from './keys/given-keys.ts'
import type { PublicKeys } from './keys/public-keys.ts'
import { RemoteKeys } from './keys/remote-keys.ts'
import type { ParsedOptions } from './options.ts'
import type { Verifier } from './types.ts'

const KEYS_TIMEOUT_MS = 2000

/** What the plugin adds to the application, and what else it needs. */
export interface VerifierApi {
  readonly verifier: Verifier
  readonly logins: FollowedLogins
  readonly close: () => Promise<void>
}

/** Creates what the plugin adds to the application, and what closes it. */
export function createApi(options: ParsedOptions): VerifierApi {
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
  const verifier: Verifier = {
    guard: createGuard('verifier', guarded, logins),
    authenticate: (request, policy) =>
      authenticate(guarded, request, parseRoutePolicy('verifier.authenticate', policy, logins)),
    verify: (token, policy) =>
      publishFailure(
        logins,
        'token',
        authenticator.verify(token, parseRoutePolicy('verifier.verify', policy, logins))
      ),
    health: () => logins.health(),
    ping: () => logins.ping()
  }
  const close = async () => {
    keys.close()
    await logins.close()
  }
  return { verifier: Object.freeze(verifier), logins, close }
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
