import type { FastifyRequest } from 'fastify'

/** By what counts attempts, so that each is told once, however many carriers ask it. */
const warned = new WeakSet<object>()

/**
 * The address that an attempt is counted against, as far as Fastify knows it; undefined on a Unix socket without
 * `trustProxy`. Warns once, at the first request that shows it, where that address is not the client's own (M6).
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
  // Fastify has `ips` with trustProxy alone: the address of the connection, and those that it believes.
  const { ips } = request
  if (header !== undefined && (ips === undefined || ips.length === 1))
    return 'Attempts to log in are counted against the address of a proxy, as if all its visitors were one: a request has X-Forwarded-For or Forwarded, and trustProxy is off or does not name where it came from.'
  if ((request.ip as string | undefined) === undefined)
    return 'Attempts to log in are counted by account alone: no address is known, as on a Unix socket with trustProxy off.'
  if (ips !== undefined && ips.length > 2 && trustsAllProxies(request))
    return 'Attempts to log in are counted against any address that a client makes up: a request has several in X-Forwarded-For, and trustProxy trusts all.'
  return null
}

/** More proxies than any service has, at addresses that are no proxy's (RFC 5737). */
const FAKE_PROXIES = Array.from({ length: 200 }, () => '192.0.2.1').join(', ')

/** Whether `trustProxy` is `true`, or a rule that comes to it. Fastify does not say; its getter does, of a made-up request. */
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
