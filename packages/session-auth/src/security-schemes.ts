import type { SecuritySchemes } from '@drawbridge/carrier'

/** Of OpenAPI: the session cookie. */
export function createSecuritySchemes({ name }: { readonly name: string }): SecuritySchemes {
  return { session: { type: 'apiKey', in: 'cookie', name } }
}
