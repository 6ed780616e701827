import type { Login } from './login.ts'

/** How a request presents its credential: a session cookie, or `Authorization: Bearer` (RFC 6750). */
export type Carrier = 'session' | 'token'

/**
 * What a guarded handler gets as `request.principal`, the same for both carriers. A service adds members of
 * its own with `extendPrincipal` of `createLogins`, and their types by declaration merging:
 *
 * ```ts
 * declare module '@drawbridge/logins' { interface Principal { readonly tenant: string } }
 * ```
 */
export interface Principal {
  readonly userId: string
  readonly username: string
  readonly loginId: string
  readonly carrier: Carrier
  /** ms since the epoch at which credentials were presented; a token exchange does not change it. */
  readonly authenticatedAt: number
  /**
   * ms since the epoch at which the login expires, however much it is used; its idle limit may come earlier.
   */
  readonly expiresAt: number
  readonly scopes: readonly string[]
}

/**
 * The members that a service adds to each principal: JSON values, the same for both carriers, small since a
 * token carries them.
 */
export type PrincipalExtension = Readonly<Record<string, unknown>>

/** Must not be async. The result is copied; where it is not JSON, the creation of the login rejects. */
export type ExtendPrincipal = (login: Omit<Login, 'session' | 'refresh'>) => PrincipalExtension

/** The principal of a login. Its own members come last: an extension replaces none of them. */
export function createPrincipal(login: Login, carrier: Carrier, extension: PrincipalExtension): Principal {
  return Object.freeze({
    ...extension,
    userId: login.userId,
    username: login.username,
    loginId: login.id,
    carrier,
    authenticatedAt: login.authenticatedAt,
    expiresAt: login.expiresAt,
    scopes: Object.freeze([...login.scopes])
  })
}
