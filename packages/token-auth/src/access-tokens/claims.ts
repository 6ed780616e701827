import { randomBytes } from 'node:crypto'
import type { AccessTokenClaims } from '@drawbridge/carrier'
import { loginEndsAt } from '@drawbridge/logins'
import type { LoginWithClaims } from '@drawbridge/logins/carrier'

/** Claims of a new token for a login; it expires with the login, or at `notAfter` (ms), where that is sooner. */
export function createClaims(
  login: LoginWithClaims,
  { issuer, audience, ttlSeconds }: { issuer: string; audience: string; ttlSeconds: number },
  now: number,
  notAfter = Infinity
): AccessTokenClaims {
  const iat = Math.floor(now / 1000)
  const { scopes, extension } = login.claims
  return {
    iss: issuer,
    aud: audience,
    sub: login.userId,
    sid: login.id,
    jti: randomBytes(16).toString('base64url'),
    iat,
    exp: Math.min(iat + ttlSeconds, Math.floor(Math.min(loginEndsAt(login), notAfter) / 1000)),
    auth_time: Math.floor(login.authenticatedAt / 1000),
    login_exp: Math.floor(login.expiresAt / 1000),
    preferred_username: login.username,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(Object.keys(extension).length > 0 && { ext: extension })
  }
}
