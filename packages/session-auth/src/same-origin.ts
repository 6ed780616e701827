import type { FastifyRequest } from 'fastify'
import type { ParsedOptions } from './options.ts'

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** RFC 9110 section 9.2.1: what must not change anything needs no proof of origin. */
export function isSafe(method: string): boolean {
  return SAFE_METHODS.has(method)
}

/**
 * Whether a request may come from one of our own pages, or from no page at all. The rule of Go's
 * CrossOriginProtection: Sec-Fetch-Site decides where the browser sends it (all current ones, over https and on
 * localhost), otherwise Origin must be the origin asked; a request with neither is from no browser, so nobody's
 * cookie can have been put to use against them.
 */
export function createOriginCheck(options: Pick<ParsedOptions, 'trustedOrigins' | 'requireOriginProof'>) {
  const trusted: ReadonlySet<string> = new Set(options.trustedOrigins)
  return (request: FastifyRequest): boolean => {
    const { origin, 'sec-fetch-site': site } = request.headers
    if (origin !== undefined && trusted.has(origin)) return true
    if (site !== undefined) return site === 'same-origin' || site === 'none'
    if (origin !== undefined) return origin === `${request.protocol}://${request.host}`
    return !options.requireOriginProof
  }
}
