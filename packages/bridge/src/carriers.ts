import {
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
}

/**
 * The carriers that are registered where the bridge is.
 *
 * @throws OptionError where one is missing, or their logins are not the same.
 */
export function findCarriers(app: FastifyInstance): Carriers {
  const { sessionAuth, tokenAuth } = app as { readonly sessionAuth?: unknown; readonly tokenAuth?: unknown }
  const sessions = findBridged(sessionAuth, 'session')
  const tokens = findBridged(tokenAuth, 'token')
  if (sessions === undefined) throw missing('@drawbridge/session-auth')
  if (tokens === undefined) throw missing('@drawbridge/token-auth')
  if (sessions.logins !== tokens.logins)
    throw new OptionError('bridge needs sessionAuth.logins and tokenAuth.logins to be the same object')
  return { sessions, tokens }
}

function missing(name: string): OptionError {
  return new OptionError(`bridge needs ${name}: register it before the bridge, in the same scope or above`)
}

/** Of OpenAPI: those of both carriers. */
export function createSecuritySchemes({ sessions, tokens }: Carriers): SecuritySchemes {
  return { ...sessions.securitySchemes, ...tokens.securitySchemes }
}
