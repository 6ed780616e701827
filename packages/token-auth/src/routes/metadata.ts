import { PUBLIC_KEY_ALGORITHMS } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import { metadataSchema } from './schemas.ts'

const MAX_AGE_SECONDS = 300

const METHODS = ['client_secret_basic', 'private_key_jwt']

/** `GET /.well-known/oauth-authorization-server` (RFC 8414). @param path where it is. */
export function metadataRoute(
  app: FastifyInstance,
  path: string,
  { issuer, prefix, routes }: Pick<ParsedOptions, 'issuer' | 'prefix' | 'routes'>
): void {
  const { jwks, introspect, revoke } = routes
  const toUrl = (below: string) => new URL(`${app.prefix}${below}`, issuer).href
  const metadata = {
    issuer,
    // Required, and empty: there is no authorization endpoint.
    response_types_supported: [],
    grant_types_supported: [],
    ...(jwks !== false && { jwks_uri: toUrl(jwks) }),
    ...(introspect !== false && {
      introspection_endpoint: toUrl(`${prefix}${introspect}`),
      introspection_endpoint_auth_methods_supported: METHODS,
      introspection_endpoint_auth_signing_alg_values_supported: PUBLIC_KEY_ALGORITHMS
    }),
    ...(revoke !== false && {
      revocation_endpoint: toUrl(`${prefix}${revoke}`),
      revocation_endpoint_auth_methods_supported: ['none', ...METHODS],
      revocation_endpoint_auth_signing_alg_values_supported: PUBLIC_KEY_ALGORITHMS
    })
  }
  app.get(path, { schema: metadataSchema }, async (_request, reply) => {
    reply.header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`)
    return metadata
  })
}
