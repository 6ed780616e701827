import { type AccessTokenClaims, type CurrentClaims, toSignedClaims } from '@drawbridge/carrier'
import { isScope } from '@drawbridge/logins/carrier'
import * as v from 'valibot'
import type { AuthenticateClient } from './client-authentication.ts'

/** Options of {@link createIntrospect}. */
export interface IntrospectionOptions {
  readonly url: URL
  readonly authenticate: AuthenticateClient
  readonly timeoutMs: number
}

/**
 * Asks the issuer about an access token (RFC 7662): what is true of its user now, or null where the token is not active.
 * Rejects where the issuer gives no answer: that is never a no.
 */
export type Introspect = (
  token: string,
  claims: Pick<AccessTokenClaims, 'preferred_username'>
) => Promise<CurrentClaims | null>

const responseSchema = v.object({
  active: v.boolean(),
  preferred_username: v.optional(v.string()),
  scope: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => text.split(' ').every(isScope))
    )
  ),
  ext: v.optional(v.record(v.string(), v.unknown()))
})

/** The requests of a client of the issuer. */
export function createIntrospect({ url, authenticate, timeoutMs }: IntrospectionOptions): Introspect {
  return async (token, { preferred_username: signed }) => {
    const { headers, form } = await authenticate()
    const response = await fetch(url, {
      method: 'POST',
      headers: { accept: 'application/json', ...headers },
      body: new URLSearchParams({ token, token_type_hint: 'access_token', ...form }),
      // The secret or the assertion is for this URL alone.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs)
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new Error(`the introspection of the issuer responded with ${response.status}`)
    }
    const { active, preferred_username = signed, ...current } = v.parse(responseSchema, await response.json())
    return active
      ? toSignedClaims({ ...current, preferred_username } as Parameters<typeof toSignedClaims>[0])
      : null
  }
}
