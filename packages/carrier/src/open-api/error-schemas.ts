import { STATUS_CODES } from 'node:http'
import { describeCodes, errorCatalogue, type ErrorCode, groupByStatus } from './error-catalogue.ts'

/** The body of an error response, in Fastify's own shape. */
export interface ErrorBody {
  readonly statusCode: number
  readonly code: string
  readonly error: string
  readonly message: string
}

/** JSON Schema of an {@link ErrorBody}. Open to more members: an error handler of the application's own may add some. */
export const errorBodySchema = {
  type: 'object',
  required: ['statusCode', 'code', 'error', 'message'],
  additionalProperties: true,
  properties: {
    statusCode: { type: 'integer' },
    code: { type: 'string' },
    error: { type: 'string' },
    message: { type: 'string' }
  }
} as const

/** Examples of OpenAPI, by code. */
export type Examples = Readonly<Record<string, { readonly value: unknown }>>

export function createExamples(codes: readonly ErrorCode[]): Examples {
  return Object.fromEntries(codes.map((code) => [code, { value: createErrorBody(code) }]))
}

function createErrorBody(code: ErrorCode): ErrorBody {
  const { statusCode, message } = errorCatalogue[code]
  return { statusCode, code, error: STATUS_CODES[statusCode] ?? '', message }
}

/**
 * The error responses of a route of ours, by status, as @fastify/swagger reads them.
 *
 * @param descriptions where another text than that of the codes is clearer.
 */
export function errorSchemas(
  codes: readonly ErrorCode[],
  descriptions: Readonly<Record<number, string>> = {}
): Readonly<Record<number, object>> {
  const entries = [...groupByStatus(codes)].map(([statusCode, ofStatus]) => {
    const description = descriptions[statusCode] ?? describeCodes(ofStatus)
    return [statusCode, { description, ...errorBodySchema, 'x-examples': createExamples(ofStatus) }]
  })
  return Object.fromEntries(entries) as Record<number, object>
}

/** What the body of a route of {@link acceptStrictJsonOnly} can be rejected for. */
export const bodyErrors = [
  'FST_ERR_VALIDATION',
  'FST_ERR_CTP_INVALID_JSON_BODY',
  'DRAWBRIDGE_MALFORMED_BODY',
  'FST_ERR_CTP_BODY_TOO_LARGE'
] as const satisfies readonly ErrorCode[]

/** The same where a body of another type is not ignored. */
export const jsonBodyErrors = [
  ...bodyErrors,
  'FST_ERR_CTP_INVALID_MEDIA_TYPE',
  'DRAWBRIDGE_UNSUPPORTED_BODY'
] as const satisfies readonly ErrorCode[]

/** Of a sign-in with a password or a second factor. */
export const signInErrors = [
  ...jsonBodyErrors,
  'DRAWBRIDGE_MALFORMED_CREDENTIALS',
  'DRAWBRIDGE_INVALID_CREDENTIALS',
  'DRAWBRIDGE_TOO_MANY_ATTEMPTS',
  'DRAWBRIDGE_BUSY',
  'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE',
  'DRAWBRIDGE_LOGINS_UNAVAILABLE'
] as const satisfies readonly ErrorCode[]
