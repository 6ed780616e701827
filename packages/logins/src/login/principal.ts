import type { Login } from './login.ts'

/** How a request shows its login: a cookie, or `Authorization: Bearer`. */
export type Carrier = 'session' | 'token'

/**
 * What a guarded handler sees of a login, the same whatever the carrier. A service adds members of its own
 * with `extendPrincipal` of `createLogins`, and their types by declaration merging:
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
  /** ms since the epoch at which the credentials were shown; an exchange does not move it. */
  readonly authenticatedAt: number
  /** ms since the epoch at which the login ends, whatever its use; its idle limit may end it before. */
  readonly expiresAt: number
  readonly scopes: readonly string[]
}

/** What a service adds to each principal: JSON values, the same for both carriers, small (a token carries them). */
export type PrincipalExtension = Readonly<Record<string, unknown>>

/** Not async. What it returns is copied; what is not JSON is an error where the login is made. */
export type ExtendPrincipal = (login: Omit<Login, 'session' | 'refresh'>) => PrincipalExtension
