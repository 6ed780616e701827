import type { LoginWithClaims } from './claims.ts'
import type { Carrier, Principal, StandardPrincipal } from './principal.ts'

/** The principal of a login. The standard members come last: an extension replaces none of them. */
export function createPrincipal(login: LoginWithClaims, carrier: Carrier): Principal {
  const { claims } = login
  const standard: StandardPrincipal = {
    userId: login.userId,
    username: login.username,
    loginId: login.id,
    carrier,
    authenticatedAt: login.authenticatedAt,
    expiresAt: login.expiresAt,
    scopes: claims.scopes
  }
  return Object.freeze({ ...claims.extension, ...standard }) as Principal
}
