import { onHeaders } from '@drawbridge/carrier'
import type { FastifyReply } from 'fastify'
import type { Engine, Moment } from './engine.ts'

/**
 * Says with a response that the credential of its request is one of the other system: from when it is not accepted any more
 * (`Sunset`, RFC 8594), since when there is one of ours instead (`Deprecation`, RFC 9745), and for tokens where that is given. For
 * programs, whose owners read headers and logs rather than news. What the handler itself has said of its resource stays.
 */
export function announceEnd(
  { migration: { acceptUntil }, exchangePath }: Pick<Engine, 'migration' | 'exchangePath'>,
  { phase, since }: Pick<Moment, 'phase' | 'since'>,
  reply: FastifyReply
): void {
  const isReplaced = phase !== 'old'
  const link = isReplaced && exchangePath !== null ? `<${exchangePath}>; rel="successor-version"` : null
  const fields = {
    ...(isReplaced && { deprecation: `@${Math.floor(since / 1000)}` }),
    ...(acceptUntil !== undefined && { sunset: acceptUntil.toUTCString() })
  }
  onHeaders(reply, (_statusCode, headers) => ({
    ...Object.fromEntries(Object.entries(fields).filter(([name]) => headers[name] === undefined)),
    ...(link !== null && { link: [headers.link ?? [], link].flat().join(', ') })
  }))
}
