import type { Principal, StandardPrincipal } from '@drawbridge/logins'
import type { LoginClaims, VerifiedCredential } from '@drawbridge/logins/carrier'
import { deepFreeze } from '../deep-freeze.ts'
import type { AccessTokenClaims } from './claims.ts'

/** What may have changed since a token was issued. */
export interface CurrentClaims extends LoginClaims, Pick<StandardPrincipal, 'username'> {}

/**
 * A verified access token, for the cache. No `lastSeenAt`: an access token is short-lived, and the refresh after it counts as
 * use.
 *
 * @param current what is true of the user now; `toSignedClaims` for what the token says.
 * @param verifiedAt ms since the epoch. Default now.
 */
export function toVerifiedToken(
  claims: AccessTokenClaims,
  current: CurrentClaims,
  verifiedAt?: number
): VerifiedCredential {
  const expiresAt = claims.exp * 1000
  return {
    principal: toPrincipal(claims, current),
    validity: verifiedAt === undefined ? { expiresAt } : { expiresAt, verifiedAt }
  }
}

/** What the token itself says. */
export function toSignedClaims({
  preferred_username: username,
  scope,
  ext
}: Pick<AccessTokenClaims, 'preferred_username' | 'scope' | 'ext'>): CurrentClaims {
  return {
    username,
    scopes: scope === undefined ? NO_SCOPES : Object.freeze(scope.split(' ')),
    extension: ext === undefined ? NO_EXTENSION : deepFreeze(ext)
  }
}

function toPrincipal(claims: AccessTokenClaims, { username, scopes, extension }: CurrentClaims): Principal {
  const standard: StandardPrincipal = {
    userId: claims.sub,
    username,
    loginId: claims.sid,
    carrier: 'token',
    authenticatedAt: claims.auth_time * 1000,
    expiresAt: claims.login_exp * 1000,
    scopes
  }
  // To copy members takes longer than all the rest here (bench, `cold-guards`).
  const principal = extension === NO_EXTENSION ? standard : { ...extension, ...standard }
  return Object.freeze(principal) as Principal
}

const NO_SCOPES: readonly string[] = Object.freeze([])
const NO_EXTENSION: LoginClaims['extension'] = Object.freeze({})
