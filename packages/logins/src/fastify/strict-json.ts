import createError from '@fastify/error'
import { Ajv } from 'ajv'
import type { FastifyInstance, FastifyRequest } from 'fastify'

const BODY_LIMIT = 16 * 1024

const UnsupportedEncoding = createError('DRAWBRIDGE_UNSUPPORTED_BODY', 'Unsupported Media Type', 415)
const MalformedBody = createError('DRAWBRIDGE_MALFORMED_BODY', 'Bad Request', 400)

type Done = (error: Error | null, body?: unknown) => void

/**
 * Makes the routes of a scope take JSON in UTF-8 of 16 KiB at most, and bodies that are just as the schema says.
 * Fastify's defaults would also take text/plain, read ill-formed UTF-8 as U+FFFD, turn `1` into `"1"` and drop
 * unknown members: two parsers would then see two different log-ins. Nothing outside the scope changes.
 */
export function acceptStrictJsonOnly(scope: FastifyInstance): void {
  const parseText = scope.getDefaultJsonParser('error', 'error') as (
    request: FastifyRequest,
    text: string,
    done: Done
  ) => void
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
    (request, body: Buffer, done) => {
      if (!isOneType(request) || !isPlainUtf8(request)) return done(new UnsupportedEncoding())
      if (body.length === 0) return done(null, undefined)
      const text = decode(body)
      if (text === null) return done(new MalformedBody())
      parseText(request, text, done)
    }
  )
  const ajv = new Ajv({ coerceTypes: false, removeAdditional: false, useDefaults: false })
  scope.setValidatorCompiler(({ schema }) => ajv.compile(schema as object))
}

/**
 * Of two Content-Type headers Node keeps the first, and whoever looked before us may have kept the other. Fastify
 * takes for JSON what stands before any white space of Unicode's; HTTP knows two.
 */
function isOneType({ raw, headers }: FastifyRequest): boolean {
  const names = raw.rawHeaders.filter((_, at) => at % 2 === 0)
  const count = names.filter((name) => name.toLowerCase() === 'content-type').length
  return count <= 1 && /^application\/json[ \t]*(;|$)/i.test(headers['content-type'] ?? '')
}

function isPlainUtf8(request: FastifyRequest): boolean {
  const encoding = request.headers['content-encoding']
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(request.headers['content-type'] ?? '')?.[1]
  return encoding === undefined && (charset === undefined || charset.toLowerCase() === 'utf-8')
}

/** Null for what is not UTF-8 or starts with a byte order mark (RFC 8259 section 8.1). */
function decode(body: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
    return text.charCodeAt(0) === 0xfeff ? null : text
  } catch {
    return null
  }
}
