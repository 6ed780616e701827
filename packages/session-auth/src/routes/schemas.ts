import { failureSchema, failureSchemas } from '@drawbridge/carrier'

/** JSON Schema of an answer that only says what was done. */
export const messageSchema = {
  type: 'object',
  required: ['message'],
  properties: { message: { type: 'string' } }
} as const

export const crossOriginFailure = failureSchema('A page of another origin may have sent this.')

const { malformed, rejected, tooLarge, unsupported, tooMany, unavailable } = failureSchemas

/** What a log-in fails with, at either of its steps. */
export const signInFailures = {
  400: malformed,
  401: rejected,
  403: crossOriginFailure,
  413: tooLarge,
  415: unsupported,
  429: tooMany,
  503: unavailable
} as const
