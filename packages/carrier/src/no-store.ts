import type { FastifyReply } from 'fastify'
import { onHeaders, type ResponseHeaders } from './on-headers.ts'

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
 * from a cache (CVE-2023-30861, Flask; RFC 9111 section 7.3).
 */
export function enforceNoStore(reply: FastifyReply): void {
  setNoStore(reply, 'Cookie')
  onHeaders(reply, (_statusCode, headers) =>
    headers['set-cookie'] === undefined ? {} : noStoreFields(headers)
  )
}

/**
 * The fields that keep a response with these headers out of caches, for a change of {@link onHeaders}. Targeted cache fields
 * (RFC 9213) take precedence over Cache-Control, so they are among them.
 */
export function noStoreFields(headers: ResponseHeaders): Readonly<Record<string, string>> {
  const vary = String(headers.vary ?? '')
  const fields: Record<string, string> = {
    'cache-control': 'no-store',
    vary: vary === '' ? 'Cookie' : extendVary(vary, 'Cookie')
  }
  for (const name in headers) if (CACHE_FIELD.test(name)) fields[name] = 'no-store'
  return fields
}

const NAMES_COOKIE = /(^|,)\s*cookie\s*(,|$)/i
const NAMES_AUTHORIZATION = /(^|,)\s*authorization\s*(,|$)/i
const CACHE_FIELD = /(^|-)(cache|surrogate)-control$/
