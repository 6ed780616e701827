import type { FastifyRequest } from 'fastify'

/** How a proxy names the request that it asks about. */
export type ForwardAuthProxy = keyof typeof HEADERS

/** Null where the method is that of the request itself, and its URI follows the path of the route. */
const HEADERS = {
  nginx: { method: 'X-Original-Method', uri: 'X-Original-URI' },
  traefik: { method: 'X-Forwarded-Method', uri: 'X-Forwarded-Uri' },
  envoy: null
} as const

export const FORWARD_AUTH_PROXIES = Object.keys(HEADERS) as readonly ForwardAuthProxy[]

/** What a proxy says of the request that it asks about. */
export interface OriginalTarget {
  readonly method: string
  /** Empty where the proxy does not say. */
  readonly uri: string
}

/** RFC 9110 section 5.6.2. Two headers, which Node joins by a comma, are none. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/**
 * Reads what the proxy says. Never a guess where it does not: a POST would pass for a GET, which any page may send.
 *
 * @param routePath the path of the route, for proxies that put it before that of the original request.
 * @returns the name of the header that is missing or no method, where it is.
 */
export function readOriginalTarget(
  { method, url, headers }: Pick<FastifyRequest, 'method' | 'url' | 'headers'>,
  proxy: ForwardAuthProxy,
  routePath: string
): OriginalTarget | string {
  const names = HEADERS[proxy]
  if (names === null) return { method, uri: url.startsWith(routePath) ? url.slice(routePath.length) : '' }
  const original = headers[names.method.toLowerCase()]
  if (typeof original !== 'string' || !TOKEN.test(original)) return names.method
  return { method: original, uri: String(headers[names.uri.toLowerCase()] ?? '') }
}
