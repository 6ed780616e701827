import {
  failureSchema,
  failureSchemas,
  secondFactorBodySchema,
  secondFactorRequiredSchema,
  signInBodySchema
} from '@drawbridge/carrier'

const messageSchema = {
  type: 'object',
  required: ['message'],
  properties: { message: { type: 'string' } }
} as const

const crossOrigin = failureSchema('A page of another origin may have sent this.')

const { malformed, rejected, tooLarge, unsupported, tooMany, unavailable } = failureSchemas

const commonFailures = { 400: malformed, 403: crossOrigin, 413: tooLarge, 503: unavailable }

export const signInSchema = {
  summary: 'Sign in with a cookie',
  body: signInBodySchema,
  response: {
    200: messageSchema,
    401: rejected,
    415: unsupported,
    429: tooMany,
    ...commonFailures
  }
} as const

export const signInWithSecondFactorSchema = {
  ...signInSchema,
  response: { ...signInSchema.response, 202: secondFactorRequiredSchema }
} as const

export const secondFactorSchema = {
  ...signInSchema,
  summary: 'Complete a sign-in with its second factor',
  body: secondFactorBodySchema
} as const

export const logoutSchema = {
  summary: 'Revoke the login of the cookie',
  security: [{ session: [] }, {}],
  response: { 200: messageSchema, ...commonFailures }
} as const
