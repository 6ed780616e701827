/**
 * How a request presents its credential: a session cookie; or, in `Authorization: Bearer` (RFC 6750), an access token or a key,
 * which is a personal access token.
 */
export type Carrier = 'session' | 'token' | 'key'

/** The members that every principal has. */
export interface StandardPrincipal {
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
 * What a guarded handler gets as `request.principal`, the same for all carriers. A service declares members of
 * its own by declaration merging, and gives them by `getClaims` of `createLogins`, which the declaration makes a must:
 *
 * ```ts
 * declare module '@drawbridge/logins' { interface Principal { readonly tenant: string } }
 * ```
 */
export interface Principal extends StandardPrincipal {}

/**
 * The members that a service adds to each principal: JSON values, the same for all carriers, small since a
 * token carries them.
 */
export type PrincipalExtension = Readonly<Record<string, unknown>>
