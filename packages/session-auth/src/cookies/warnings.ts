import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import type { ParsedOptions } from '../options.ts'

/** At boot. A cookie without the prefix may be set by a sibling subdomain too, or left behind by another system. */
export function warnAboutCookieName({ name, secure }: ParsedOptions['cookie'], log: FastifyBaseLogger): void {
  if (!secure || name.startsWith('__Host-')) return
  log.warn(
    `sessionAuth.cookie.name ${name} does not begin with __Host-: another system or a sibling subdomain may set a cookie of that name, and browsers send both`
  )
}

const PLAIN_HTTP =
  'a Secure session cookie was set over what seems to be plain http, where browsers drop it; behind a proxy that ends TLS, set trustProxy'
const SAFARI =
  'a Secure session cookie was set over plain http, where Safari drops it, on localhost too: for development set sessionAuth.cookie.secure to false'

/**
 * A browser drops a Secure cookie that comes over plain http, and the user seems not to be signed in. The cookie is
 * sent all the same: behind a proxy that ends TLS the connection only looks like plain http. Each warning is given once.
 */
export function createPlainHttpWarning({
  secure
}: Pick<ParsedOptions['cookie'], 'secure'>): (request: FastifyRequest) => void {
  const logged = new Set<string>()
  return (request) => {
    if (!secure || request.protocol === 'https') return
    const warning = selectWarning(request)
    if (warning === null || logged.has(warning)) return
    logged.add(warning)
    request.log.warn(warning)
  }
}

/** Localhost counts as secure (W3C Secure Contexts, section 3.1), except in WebKit, on which all browsers of iOS are built. */
const LOCALHOST = /^(?:(?:[\w-]+\.)*localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/i
const WEBKIT = /AppleWebKit\/(?!.*Chrom(?:e|ium)\/)/

function selectWarning({ host, headers }: FastifyRequest): string | null {
  if (!LOCALHOST.test(host)) return PLAIN_HTTP
  return WEBKIT.test(headers['user-agent'] ?? '') ? SAFARI : null
}
