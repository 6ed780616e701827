import type { FastifyRequest } from 'fastify'

/** The counters that were warned about: once each, however many carriers use it. */
const warned = new WeakSet<object>()

/**
 * The client's address, which an attempt is counted against, as far as Fastify knows it; undefined on a Unix socket without
 * `trustProxy`. Warns once in the log, at the first request with an address that is not the client's own (M6).
 *
 * @param counter what counts the attempts.
 */
export function clientAddress(counter: object, request: FastifyRequest): string | undefined {
  const fault = describeAddressFault(request)
  if (fault !== null && !warned.has(counter)) {
    warned.add(counter)
    request.log.warn(`${fault} Set Fastify's trustProxy to the addresses of the proxies`)
  }
  return request.ip as string | undefined
}

function describeAddressFault(request: FastifyRequest): string | null {
  const header = request.headers['x-forwarded-for'] ?? request.headers.forwarded
  // Fastify has `ips` only with trustProxy: the address of the connection, and those that it trusts.
  const { ips } = request
  if (header !== undefined && (ips === undefined || ips.length === 1))
    return 'Attempts to sign in are counted against the address of a proxy, as if all its clients were one: a request has X-Forwarded-For or Forwarded, and trustProxy is off or does not include the address that it came from.'
  if ((request.ip as string | undefined) === undefined)
    return 'Attempts to sign in are counted by account alone: the client has no address, as on a Unix socket with trustProxy off.'
  if (ips !== undefined && ips.length > 2 && trustsAllProxies(request))
    return 'Attempts to sign in are counted against any address that a client makes up: a request has several in X-Forwarded-For, and trustProxy trusts all.'
  return null
}

/** More proxies than any service has, at addresses reserved for documentation (RFC 5737). */
const FAKE_PROXIES = Array.from({ length: 200 }, () => '192.0.2.1').join(', ')

/** Whether `trustProxy` is `true`, or a rule that amounts to it: found by Fastify's getter on a made-up request. */
function trustsAllProxies(request: FastifyRequest): boolean {
  const raw = {
    headers: { 'x-forwarded-for': `198.51.100.1, ${FAKE_PROXIES}` },
    socket: { remoteAddress: '203.0.113.1' }
  }
  const fakeRequest = Object.create(Object.getPrototypeOf(request) as object, {
    raw: { value: raw }
  }) as FastifyRequest
  return fakeRequest.ip === '198.51.100.1'
}
