import {
  type BridgedKeys,
  type BridgedSessions,
  type BridgedTokens,
  findBridged,
  type SecuritySchemes
} from '@drawbridge/carrier'
import { OptionError } from '@drawbridge/options'
import type { FastifyInstance } from 'fastify'

/** What the carriers offer to a bridge. */
export interface Carriers {
  readonly sessions: BridgedSessions
  readonly tokens: BridgedTokens
  /** Undefined where no key-auth is registered: a key is then no credential. */
  readonly keys: BridgedKeys | undefined
}

/**
 * The carriers that are registered where the bridge is.
 *
 * @throws OptionError where one is missing, or their logins are not the same.
 */
export function findCarriers(app: FastifyInstance): Carriers {
  const { sessionAuth, tokenAuth, keyAuth } = app as object as Readonly<Record<string, unknown>>
  const sessions = findBridged(sessionAuth, 'session')
  const tokens = findBridged(tokenAuth, 'token')
  if (sessions === undefined) throw missing('@drawbridge/session-auth')
  if (tokens === undefined) throw missing('@drawbridge/token-auth')
  const keys = findBridged(keyAuth, 'key')
  if (sessions.logins !== tokens.logins)
    throw new OptionError('bridge needs sessionAuth.logins and tokenAuth.logins to be the same object')
  if (keys !== undefined && keys.logins !== tokens.logins)
    throw new OptionError('bridge needs keyAuth.logins to be the same object as tokenAuth.logins')
  return { sessions, tokens, keys }
}

function missing(name: string): OptionError {
  return new OptionError(`bridge needs ${name}: register it before the bridge, in the same scope or above`)
}

/** The carrier that the Authorization header of a request is for: a key is never verified as an access token, nor the reverse. */
export function bearerCarrier(
  { tokens, keys }: Carriers,
  authorization: string
): BridgedTokens | BridgedKeys {
  return keys?.isKey(authorization) === true ? keys : tokens
}

/** Of OpenAPI: those of all carriers. */
export function createSecuritySchemes({ sessions, tokens, keys }: Carriers): SecuritySchemes {
  return { ...sessions.securitySchemes, ...tokens.securitySchemes, ...keys?.securitySchemes }
}
