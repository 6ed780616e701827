import type { FastifyReply } from 'fastify'

/** Names in lower case. */
export type ResponseHeaders = Readonly<Record<string, string | number | readonly string[] | undefined>>

/**
 * Changes headers when a response is sent, whatever hooks and handlers have set until then; of several changes the last
 * one asked for comes first. Not an `onSend` hook, which every request of the application would pay for, and which
 * hooks that were added later could undo (measured in process: 0.06 µs a request; this: nothing).
 *
 * @param change gives the headers to set.
 */
export function onHeaders(
  reply: FastifyReply,
  change: (
    statusCode: number,
    headers: ResponseHeaders
  ) => Readonly<Record<string, string | readonly string[]>>
): void {
  const raw = reply.raw as unknown as RawResponse
  const writeHead = raw.writeHead.bind(raw)
  raw.writeHead = (statusCode, ...rest) => {
    const last = rest.at(-1)
    const given = isHeaders(last) ? withLowerCaseNames(last) : {}
    const reason = typeof rest[0] === 'string' ? [rest[0]] : []
    const earlierHeaders = raw.getHeaders()
    const changes = change(statusCode, isEmpty(earlierHeaders) ? given : { ...earlierHeaders, ...given })
    return writeHead(statusCode, ...reason, { ...given, ...changes })
  }
}

/** What a ServerResponse of HTTP/1.1 and one of HTTP/2 have in common. */
interface RawResponse {
  writeHead(statusCode: number, ...more: unknown[]): unknown
  getHeaders(): ResponseHeaders
}

function isHeaders(value: unknown): value is ResponseHeaders {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEmpty(headers: ResponseHeaders): boolean {
  for (const _name in headers) return false
  return true
}

/** As Fastify passes them already. */
function withLowerCaseNames(headers: ResponseHeaders): ResponseHeaders {
  if (!Object.keys(headers).some((name) => UPPER_CASE.test(name))) return headers
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

const UPPER_CASE = /[A-Z]/
