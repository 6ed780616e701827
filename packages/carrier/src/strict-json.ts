import createError from '@fastify/error'
import { Ajv } from 'ajv'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { countHeaders } from './count-headers.ts'
import type { HttpError } from './errors.ts'

export const BODY_LIMIT = 16 * 1024

const UnsupportedEncoding = createError('DRAWBRIDGE_UNSUPPORTED_BODY', 'Unsupported Media Type', 415)
const MalformedBody = createError('DRAWBRIDGE_MALFORMED_BODY', 'Bad Request', 400)

/** 415: a body in another charset, compressed, or with two types. */
export function unsupportedEncoding(): HttpError {
  return new UnsupportedEncoding()
}

/** 400: a body that cannot be read in one way only. */
export function malformedBody(): HttpError {
  return new MalformedBody()
}

type Done = (error: Error | null, body?: unknown) => void

/**
 * Makes the routes of a scope accept only JSON in UTF-8 of at most 16 KiB, and only bodies that match the schema exactly.
 * Fastify's defaults also accept text/plain, read ill-formed UTF-8 as U+FFFD, turn `1` into `"1"` and drop unknown
 * members: two parsers would then read two different sign-ins. Nothing outside the scope changes.
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
      if (!hasOneJsonType(request) || !isPlainUtf8(request)) return done(unsupportedEncoding())
      if (body.length === 0) return done(null, undefined)
      const text = decodeUtf8(body)
      if (text === null) return done(malformedBody())
      parseText(request, text, done)
    }
  )
  useOwnCompilers(scope)
}

/**
 * Makes a scope validate and serialize by JSON Schema, which ours are, whatever the application has set at its root: the
 * compilers of a type provider read only its own schemas, and fail on others when the routes are defined (M9).
 */
export function useOwnCompilers(scope: FastifyInstance): void {
  const ajv = new Ajv({ coerceTypes: false, removeAdditional: false, useDefaults: false })
  scope.setValidatorCompiler(({ schema }) => ajv.compile(schema as object))
  scope.setSerializerCompiler(({ schema }) => createSerializer(schema as ResponseSchema))
}

interface ResponseSchema {
  /** None: no body. */
  readonly properties?: Readonly<Record<string, unknown>>
}

/** Also by name, since Fastify passes an error as an object whose members JSON.stringify does not see. */
function createSerializer({
  properties = {}
}: ResponseSchema): (response: Record<string, unknown>) => string {
  const names = Object.keys(properties)
  return (response) =>
    JSON.stringify({ ...response, ...Object.fromEntries(names.map((name) => [name, response[name]])) })
}

/**
 * For routes that take no body: a body of any type is read to its end, at most 16 KiB, and dropped. A form, a beacon and a
 * proxy that streams all send a type or a length of their own, and no log-out may fail because of it.
 */
export function ignoreBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  ignoreBodiesWhere(scope, () => true)
}

/** The same for routes whose JSON body is optional: in a scope of {@link acceptStrictJsonOnly}. */
export function ignoreNonJsonBodies(scope: FastifyInstance): void {
  ignoreBodiesWhere(scope, (request) => !hasOneJsonType(request) || !isPlainUtf8(request))
}

function ignoreBodiesWhere(scope: FastifyInstance, isIgnored: (request: FastifyRequest) => boolean): void {
  scope.addHook('onRequest', (request, _reply, done) => {
    // Fastify rejects a malformed type before it looks for a parser, and looks for none where there is no body.
    if (isIgnored(request)) request.headers = { ...request.headers, 'content-type': undefined }
    done()
  })
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, _body, done) =>
    done(null, undefined)
  )
}

function hasOneJsonType({ raw, headers }: FastifyRequest): boolean {
  return hasOneType(raw, headers['content-type'], 'application/json')
}

/**
 * Of two Content-Type headers Node keeps the first, and a proxy may have read the other. Fastify ends the media type at any
 * white space of Unicode; HTTP has only space and tab.
 */
export function hasOneType(
  { rawHeaders }: Pick<FastifyRequest['raw'], 'rawHeaders'>,
  contentType: string | undefined,
  type: string
): boolean {
  const text = (contentType ?? '').toLowerCase()
  return (
    countHeaders(rawHeaders, 'content-type') <= 1 &&
    text.startsWith(type) &&
    /^[ \t]*(;|$)/.test(text.slice(type.length))
  )
}

/** RFC 8259 has no charset; of the clients that send one, some leave out the hyphen (S08). */
const UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf8'])

export function isPlainUtf8(request: FastifyRequest): boolean {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity'
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(request.headers['content-type'] ?? '')?.[1]
  return encoding === 'identity' && (charset === undefined || UTF8.has(charset.toLowerCase()))
}

/** Null for what is not UTF-8 or starts with a byte order mark (RFC 8259 section 8.1). */
export function decodeUtf8(body: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
    return text.charCodeAt(0) === 0xfeff ? null : text
  } catch {
    return null
  }
}
