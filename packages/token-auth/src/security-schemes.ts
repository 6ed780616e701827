import type { SecuritySchemes } from '@drawbridge/carrier'

/** Of OpenAPI: an access token. */
export const securitySchemes: SecuritySchemes = {
  token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }
}

/** Of OpenAPI: a service that asks about tokens. */
export const clientSecuritySchemes: SecuritySchemes = {
  client: { type: 'http', scheme: 'basic', description: 'The id and the secret of a client.' }
}
