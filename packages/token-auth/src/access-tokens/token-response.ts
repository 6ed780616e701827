import type { IssuedAccessToken } from './access-tokens.ts'

/** The body of the response to a sign-in and to a refresh (RFC 6749 section 5.1). */
export interface TokenResponse {
  /** The access token, by the name that clients of the service before this one read. */
  readonly token: string
  /** The same access token, by the name of RFC 6749. */
  readonly access_token: string
  readonly token_type: 'Bearer'
  /** Seconds until the access token expires. */
  readonly expires_in: number
  readonly refresh_token: string
}

/** The response that has these two tokens. */
export function createTokenResponse(
  { token, expiresInSeconds }: IssuedAccessToken,
  refreshToken: string
): TokenResponse {
  return {
    token,
    access_token: token,
    token_type: 'Bearer',
    expires_in: expiresInSeconds,
    refresh_token: refreshToken
  }
}
