import type { FastifyRequest } from 'fastify'
import { FORWARDED } from './forwarded.ts'
import type { OriginalTarget } from './proxies.ts'

/** The route is public to other guards of the application, and not to its own. */
const GUARDED_ROUTE = { config: {} }

/**
 * The request that a proxy asks about, for a guard: the credentials, the host and the address are those of the proxy's own request,
 * which it has copied from the client; method, URI and what was found of the user are not.
 */
export function createOriginalRequest(
  request: FastifyRequest,
  { method, uri }: OriginalTarget
): FastifyRequest {
  return Object.create(request, {
    [FORWARDED]: { value: true },
    method: { value: method },
    originalUrl: { value: uri },
    headers: { value: withUpgrade(request.headers) },
    routeOptions: { value: GUARDED_ROUTE },
    principal: { value: null, writable: true }
  }) as FastifyRequest
}

/**
 * A handshake of a WebSocket has an upgrade, as it was sent. Proxies take the header `Upgrade` away, which is for one connection (RFC
 * 9110 section 7.6.1), and leave those that each handshake has, over HTTP/2 too (RFC 6455 section 4.1, RFC 8441 section 5).
 */
function withUpgrade(headers: FastifyRequest['headers']): FastifyRequest['headers'] {
  const isHandshake =
    headers['sec-websocket-version'] !== undefined || headers['sec-websocket-key'] !== undefined
  return isHandshake && headers.upgrade === undefined ? { ...headers, upgrade: 'websocket' } : headers
}
