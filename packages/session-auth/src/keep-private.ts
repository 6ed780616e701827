import type { FastifyReply } from 'fastify'

/**
 * What depends on a cookie, or sets one, must not be given to somebody else by a cache on the way (CVE-2023-30861,
 * Flask). The verbs say it too: a log-in route of the application's own may be a GET, as after a log-in elsewhere.
 */
export function keepPrivate(reply: FastifyReply): void {
  reply.header('cache-control', 'no-store')
  const vary = reply.getHeader('vary')
  if (vary === undefined) reply.header('vary', 'Cookie')
  else if (!NAMES_COOKIE.test(String(vary))) reply.header('vary', `${String(vary)}, Cookie`)
}

const NAMES_COOKIE = /(^|,)\s*cookie\s*(,|$)/i
