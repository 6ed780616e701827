import { type BridgedKeys, type BridgedSessions, findBridged } from '@drawbridge/carrier'
import type { Bridge } from '@drawbridge/bridge'
import type { Credentials } from '@drawbridge/credentials'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { OptionError } from '@drawbridge/options'
import type { FastifyInstance } from 'fastify'

/** What of the credentials is used; those of a service's own may lack some of it. */
export type AccountCredentials = Partial<
  Pick<
    Credentials,
    | 'changePassword'
    | 'enable'
    | 'register'
    | 'remove'
    | 'rename'
    | 'setPassword'
    | 'stampOf'
    | 'verify'
    | 'verifySecondFactor'
  >
>

/** What the plugin stands on. */
export interface Foundation {
  readonly bridge: Bridge
  readonly logins: CarrierLogins
  readonly credentials: AccountCredentials
  /** Undefined where no key-auth is registered. */
  readonly keys: BridgedKeys | undefined
  readonly securitySchemes: BridgedSessions['securitySchemes']
}

/** @throws OptionError where the bridge is not registered. */
export function findFoundation(app: FastifyInstance): Foundation {
  const { bridge, keyAuth, sessionAuth, tokenAuth } = app as Partial<
    Record<'bridge' | 'keyAuth' | 'sessionAuth' | 'tokenAuth', unknown>
  >
  const [sessions, tokens] = [findBridged(sessionAuth, 'session'), findBridged(tokenAuth, 'token')]
  if (bridge === undefined || sessions === undefined || tokens === undefined)
    throw new OptionError(
      'account needs @drawbridge/bridge: register it before the account, in the same scope or above'
    )
  return {
    bridge: bridge as Bridge,
    logins: sessions.logins,
    credentials: sessions.credentials as AccountCredentials,
    keys: findBridged(keyAuth, 'key'),
    securitySchemes: { ...sessions.securitySchemes, ...tokens.securitySchemes }
  }
}
