import type { CarrierLogins } from '@drawbridge/logins/carrier'
import type { AccessTokens } from './access-tokens/access-tokens.ts'

export interface RevokeTokenDependencies {
  readonly tokens: AccessTokens
  readonly logins: Pick<CarrierLogins, 'revoke'>
  readonly findLoginId: (refreshToken: string) => Promise<string | null>
}

/**
 * Revokes the login of a refresh token of any generation, or of a valid access token, on every node (RFC 7009 section 2.1: what
 * was issued for the same sign-in is revoked with it). Does nothing for any other text. Rejects where that is uncertain.
 */
export async function revokeToken(
  { tokens, logins, findLoginId }: RevokeTokenDependencies,
  presented: string
): Promise<void> {
  const outcome = tokens.verify(presented)
  const loginId = outcome.ok ? outcome.claims.sid : await findLoginId(presented)
  if (loginId !== null) await logins.revoke(loginId, { by: 'user', reason: 'log-out' })
}
