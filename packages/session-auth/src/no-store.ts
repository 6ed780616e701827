import { onHeaders } from '@drawbridge/carrier'
import type { FastifyReply } from 'fastify'

/**
 * What depends on a cookie must not be given to somebody else by a cache on the way. A handler that knows better sets
 * Cache-Control anew.
 */
export function setNoStore(reply: FastifyReply): void {
  reply.header('cache-control', 'no-store')
  const vary = reply.getHeader('vary')
  if (vary === undefined) reply.header('vary', 'Cookie')
  else if (!NAMES_COOKIE.test(String(vary))) reply.header('vary', `${String(vary)}, Cookie`)
}

/**
 * For an answer that sets a cookie of ours: no cache may keep it, whatever the handler says of itself, since a stranger
 * would be given the session with it (CVE-2023-30861, Flask; RFC 9111 section 7.3). The fields for caches of one kind
 * (RFC 9213) go before Cache-Control, so they say it too.
 */
export function enforceNoStore(reply: FastifyReply): void {
  setNoStore(reply)
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
const CACHE_FIELD = /(^|-)(cache|surrogate)-control$/
