import type { FastifyInstance, FastifyRequest } from 'fastify'
import {
  BODY_LIMIT,
  decodeUtf8,
  hasOneType,
  isPlainUtf8,
  malformedBody,
  unsupportedEncoding,
  useOwnCompilers
} from './strict-json.ts'

const FORM = 'application/x-www-form-urlencoded'

/** Whether the body of a request is an HTML form; also where bodies are ignored. */
export function isForm({ raw }: FastifyRequest): boolean {
  return hasOneType(raw, raw.headers['content-type'], FORM)
}

/**
 * Makes the routes of a scope of `acceptStrictJsonOnly` accept HTML forms too, as strictly: in UTF-8, of at most 16 KiB, with
 * one value for each name. Of two values a lenient parser takes the first, and another the last.
 */
export function acceptForms(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    FORM,
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
    (request, body: Buffer, done) => {
      if (!isForm(request) || !isPlainUtf8(request)) return done(unsupportedEncoding())
      const form = parseForm(decodeUtf8(body))
      return form === null ? done(malformedBody()) : done(null, form)
    }
  )
}

/** The same for routes that take nothing but forms. */
export function acceptFormsOnly(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  acceptForms(scope)
  useOwnCompilers(scope)
}

/** Null for what no browser sends (URL standard, section 5.2) and for several values of a name. */
function parseForm(text: string | null): Record<string, string> | null {
  if (text === null) return null
  // Without a prototype, so that every name is only a name.
  const form = Object.create(null) as Record<string, string>
  for (const pair of text === '' ? [] : text.split('&')) {
    const [name, ...values] = pair.split('=').map(decode)
    if (typeof name !== 'string' || name in form || values.length !== 1 || typeof values[0] !== 'string')
      return null
    form[name] = values[0]
  }
  return form
}

function decode(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '))
  } catch {
    return null
  }
}
