import type { FastifyReply } from 'fastify'
import { onHeaders } from './on-headers.ts'

/**
 * No cache stores the response, since it depends on who sends the request. A handler may set another Cache-Control.
 *
 * @param varyBy the request headers of the credential, where a cache would not know of them: `Authorization` alone it knows
 * (RFC 9111 section 3.5).
 */
export function setNoStore(reply: FastifyReply, varyBy?: 'Cookie' | 'Cookie, Authorization'): void {
  reply.header('cache-control', 'no-store')
  if (varyBy === undefined) return
  const vary = reply.getHeader('vary')
  reply.header('vary', vary === undefined ? varyBy : extendVary(String(vary), varyBy))
}

function extendVary(vary: string, varyBy: 'Cookie' | 'Cookie, Authorization'): string {
  const byCookie = NAMES_COOKIE.test(vary) ? vary : `${vary}, Cookie`
  return varyBy === 'Cookie' || NAMES_AUTHORIZATION.test(byCookie) ? byCookie : `${byCookie}, Authorization`
}

/**
 * The same for a response that sets a cookie of ours, whatever the handler sets: a stranger would otherwise get the session
 * from a cache (CVE-2023-30861, Flask; RFC 9111 section 7.3). Targeted cache fields (RFC 9213) take precedence over
 * Cache-Control, so they are set too.
 */
export function enforceNoStore(reply: FastifyReply): void {
  setNoStore(reply, 'Cookie')
  onHeaders(reply, (_statusCode, headers) => {
    if (headers['set-cookie'] === undefined) return {}
    const cacheFields = Object.keys(headers).filter((name) => CACHE_FIELD.test(name))
    const vary = headers.vary === undefined ? '' : String(headers.vary)
    return {
      ...Object.fromEntries(cacheFields.map((name) => [name, 'no-store'])),
      'cache-control': 'no-store',
      ...(!NAMES_COOKIE.test(vary) && { vary: vary === '' ? 'Cookie' : `${vary}, Cookie` })
    }
  })
}

const NAMES_COOKIE = /(^|,)\s*cookie\s*(,|$)/i
const NAMES_AUTHORIZATION = /(^|,)\s*authorization\s*(,|$)/i
const CACHE_FIELD = /(^|-)(cache|surrogate)-control$/
