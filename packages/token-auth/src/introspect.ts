import type { AccessTokenClaims } from '@drawbridge/carrier'
import { type CarrierLogins, isRefusal, type LoginWithClaims } from '@drawbridge/logins/carrier'
import type { AccessTokens } from './access-tokens/access-tokens.ts'

/** The response to a question about a token (RFC 7662 section 2.2). */
export type IntrospectionResponse =
  | { readonly active: false }
  | (Readonly<AccessTokenClaims> & {
      readonly active: true
      readonly token_type: 'Bearer'
      /** The same as `preferred_username`, by the name of RFC 7662. */
      readonly username: string
    })

export interface IntrospectDependencies {
  readonly tokens: AccessTokens
  readonly logins: Pick<CarrierLogins, 'resolve' | 'withClaims'>
}

const INACTIVE = Object.freeze({ active: false })

/**
 * Whether a text is an access token of ours that is valid now, and what is true of its user now. The store is asked in every
 * case: who asks will serve the response from a cache, and must not get one from a cache. Rejects when the store is down.
 */
export async function introspect(
  { tokens, logins }: IntrospectDependencies,
  presented: string
): Promise<IntrospectionResponse> {
  const outcome = tokens.verify(presented)
  if (!outcome.ok) return INACTIVE
  const { claims } = outcome
  const login = await logins.resolve(claims.sid)
  if (login === null || login.userId !== claims.sub) return INACTIVE
  try {
    return toResponse(claims, await logins.withClaims(login))
  } catch (error) {
    if (isRefusal(error)) return INACTIVE
    throw error
  }
}

/** What the token says, with the name that the user has now, and the scopes and members that `getClaims` gives. */
function toResponse(
  { scope: _scope, ext: _ext, ...claims }: AccessTokenClaims,
  { username, claims: { scopes, extension } }: LoginWithClaims
): IntrospectionResponse {
  return {
    active: true,
    token_type: 'Bearer',
    username,
    ...claims,
    preferred_username: username,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(Object.keys(extension).length > 0 && { ext: extension })
  }
}
