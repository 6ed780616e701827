import type { FastifyRequest } from 'fastify'

/**
 * The origins that a request may have been sent to, as a browser writes them (RFC 6454 section 6.2): host in lower case, no
 * default port. Where trusted proxies have made a list of X-Forwarded-Proto or X-Forwarded-Host, Fastify takes the last; the
 * browser's is the first. A page of another origin cannot write these headers.
 */
export function ownOrigins({ protocol, host, headers }: FastifyRequest): readonly string[] {
  const protocols = addFirst(protocol, headers['x-forwarded-proto'])
  const hosts = addFirst(host, headers['x-forwarded-host'])
  const origins = protocols.flatMap((scheme) => hosts.map((name) => toOrigin(scheme, name)))
  return [...new Set(origins.filter((origin) => origin !== null))]
}

function addFirst(trusted: string, header: string | readonly string[] | undefined): readonly string[] {
  const list = String(header ?? '')
    .split(',')
    .map((item) => item.trim())
  const [first = ''] = list
  // Fastify ignores the headers of a proxy that is not trusted.
  return list.length > 1 && list.at(-1) === trusted ? [trusted, first] : [trusted]
}

/** Null where it is not the origin of a web page, which could be written as `null`. */
function toOrigin(scheme: string, host: string): string | null {
  const text = `${scheme}://${host}`
  if (!/^https?:\/\/[^\s/@\\?#]+$/i.test(text) || !URL.canParse(text)) return null
  return new URL(text).origin
}
