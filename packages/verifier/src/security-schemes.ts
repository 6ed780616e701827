import type { SecuritySchemes } from '@drawbridge/carrier'

/** Of OpenAPI: an access token. */
export const securitySchemes: SecuritySchemes = {
  token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }
}
