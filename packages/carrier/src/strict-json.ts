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
      if (!hasOneJsonType(request) || !isPlainUtf8(request)) return done(new UnsupportedEncoding())
      if (body.length === 0) return done(null, undefined)
      const text = decodeUtf8(body)
      if (text === null) return done(new MalformedBody())
      parseText(request, text, done)
    }
  )
  useOwnCompilers(scope)
}

/**
 * Makes a scope judge and write by JSON Schema, as ours are, whatever the application has set at its root: a type
 * provider's compilers know the schemas of that provider alone, and fail on others when the routes are defined (M9).
 */
export function useOwnCompilers(scope: FastifyInstance): void {
  const ajv = new Ajv({ coerceTypes: false, removeAdditional: false, useDefaults: false })
  scope.setValidatorCompiler(({ schema }) => ajv.compile(schema as object))
  scope.setSerializerCompiler(({ schema }) => createSerializer(schema as ResponseSchema))
}

interface ResponseSchema {
  readonly properties: Readonly<Record<string, unknown>>
}

/** By name, too, since Fastify hands over an error as an object whose members JSON.stringify does not see. */
function createSerializer({ properties }: ResponseSchema): (answer: Record<string, unknown>) => string {
  const names = Object.keys(properties)
  return (answer) =>
    JSON.stringify({ ...answer, ...Object.fromEntries(names.map((name) => [name, answer[name]])) })
}

/**
 * For routes that take no body: one of any type is read to its end, 16 KiB at most, and dropped. A form, a beacon and a
 * proxy that streams all send a type or a length of their own, and no log-out may fail for it.
 */
export function ignoreBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  ignoreBodiesWhere(scope, () => true)
}

/** The same for routes that take JSON where there is some: in a scope of {@link acceptStrictJsonOnly}. */
export function ignoreNonJsonBodies(scope: FastifyInstance): void {
  ignoreBodiesWhere(scope, (request) => !hasOneJsonType(request) || !isPlainUtf8(request))
}

function ignoreBodiesWhere(scope: FastifyInstance, isIgnored: (request: FastifyRequest) => boolean): void {
  scope.addHook('onRequest', (request, _reply, done) => {
    // Fastify refuses a malformed type before it looks for a parser, and looks for none where there is no body.
    if (isIgnored(request)) request.headers = { ...request.headers, 'content-type': undefined }
    done()
  })
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, _body, done) =>
    done(null, undefined)
  )
}

/**
 * Of two Content-Type headers Node keeps the first, and whoever looked before us may have kept the other. Fastify
 * takes for JSON what stands before any white space of Unicode's; HTTP knows two.
 */
function hasOneJsonType({ raw, headers }: FastifyRequest): boolean {
  const names = raw.rawHeaders.filter((_, at) => at % 2 === 0)
  const count = names.filter((name) => name.toLowerCase() === 'content-type').length
  return count <= 1 && /^application\/json[ \t]*(;|$)/i.test(headers['content-type'] ?? '')
}

/** RFC 8259 has no charset; of those that send one, some leave out the hyphen (S08). */
const UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf8'])

function isPlainUtf8(request: FastifyRequest): boolean {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity'
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(request.headers['content-type'] ?? '')?.[1]
  return encoding === 'identity' && (charset === undefined || UTF8.has(charset.toLowerCase()))
}

/** Null for what is not UTF-8 or starts with a byte order mark (RFC 8259 section 8.1). */
function decodeUtf8(body: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
    return text.charCodeAt(0) === 0xfeff ? null : text
  } catch {
    return null
  }
}
