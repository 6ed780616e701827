/** Of OpenAPI: an access token. */
export const SECURITY_SCHEME = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } as const
