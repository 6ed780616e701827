import type { SecuritySchemes } from '@drawbridge/carrier'

/** Of OpenAPI: a personal access token. */
export const securitySchemes: SecuritySchemes = {
  key: { type: 'http', scheme: 'bearer', bearerFormat: 'drbk_', description: 'A personal access token.' }
}
