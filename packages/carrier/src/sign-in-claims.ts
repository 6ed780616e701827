import type { NewLogin } from '@drawbridge/logins'
import { copyJsonObject, parseScopes } from '@drawbridge/logins/carrier'
import * as v from 'valibot'

/** What a sign-in route of the service's own may say of the login. */
export interface SignInClaims {
  /**
   * The scopes that were asked for: the login never has another, whatever `getClaims` gives. Default: all that
   * `getClaims` gives, or none without it.
   */
  readonly scopes?: readonly string[]
  /** JSON for the login record, such as the tenant that was chosen: `getClaims` gets it. Default: none. */
  readonly data?: Readonly<Record<string, unknown>>
}

/** Entries of a schema, for `parseSignInClaims`. */
export const signInClaimsEntries = { scopes: v.optional(v.unknown()), data: v.optional(v.unknown()) }

/** @param method for the error. @throws OptionError that names the member. */
export function parseSignInClaims(
  { scopes, data }: { readonly scopes?: unknown; readonly data?: unknown },
  method: string
): Pick<NewLogin, 'scopes' | 'data'> {
  return {
    ...(scopes !== undefined && { scopes: parseScopes(scopes, `${method}: scopes`) }),
    ...(data !== undefined && { data: copyJsonObject(data, `${method}: data`) })
  }
}
