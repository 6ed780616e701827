import type { AccessTokenResponse } from '@drawbridge/carrier'
import type { IssuedAccessToken } from './access-tokens.ts'

/** The body of the response to a sign-in and to a refresh (RFC 6749 section 5.1). */
export interface TokenResponse extends AccessTokenResponse {
  readonly refresh_token: string
}

/** The response that has this access token. */
export function createAccessTokenResponse({
  token,
  expiresInSeconds
}: IssuedAccessToken): AccessTokenResponse {
  return { token, access_token: token, token_type: 'Bearer', expires_in: expiresInSeconds }
}

/** The response that has these two tokens. */
export function createTokenResponse(issued: IssuedAccessToken, refreshToken: string): TokenResponse {
  return { ...createAccessTokenResponse(issued), refresh_token: refreshToken }
}
