import { invalidClient } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { TokenAuthApi } from '../api.ts'
import type { TokenForm } from './revoke.ts'
import { introspectSchema } from './schemas.ts'

/** `POST /introspect` (RFC 7662). A request without a client's credentials learns nothing. */
export function introspectRoute(scope: FastifyInstance, path: string, api: TokenAuthApi): void {
  scope.post<{ Body: TokenForm }>(path, { schema: introspectSchema }, async (request) => {
    const clientId = await api.clients.authenticate(request, request.body)
    if (clientId === null) throw invalidClient('no client is authenticated')
    return api.introspect(request.body.token)
  })
}
