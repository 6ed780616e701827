/** The body of a response with an access token (RFC 6749 section 5.1). */
export interface AccessTokenResponse {
  /** The access token, by the name that clients of the service before this one read. */
  readonly token: string
  /** The same access token, by the name of RFC 6749. */
  readonly access_token: string
  readonly token_type: 'Bearer'
  /** Seconds until the access token expires. */
  readonly expires_in: number
  /** Where one was asked for. */
  readonly refresh_token?: string
}

/** JSON Schema of a refresh token. */
export const refreshTokenSchema = {
  type: 'string',
  minLength: 1,
  description: 'A refresh token, `drbr_…`.'
} as const

/** JSON Schema of an {@link AccessTokenResponse}. */
export const accessTokenResponseSchema = {
  type: 'object',
  required: ['token', 'access_token', 'token_type', 'expires_in'],
  properties: {
    token: { type: 'string', description: 'The access token, for `Authorization: Bearer`.' },
    access_token: { type: 'string', description: 'The same as `token`, by the name of RFC 6749.' },
    token_type: { type: 'string', const: 'Bearer' },
    expires_in: { type: 'integer', description: 'Seconds until the access token expires.' },
    refresh_token: refreshTokenSchema
  }
} as const
