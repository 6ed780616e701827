import {
  failureSchema,
  failureSchemas,
  secondFactorBodySchema,
  secondFactorRequiredSchema,
  createSignInBodySchema
} from '@drawbridge/carrier'
import type { ParsedOptions } from '../options.ts'

const messageSchema = {
  type: 'object',
  required: ['message'],
  properties: { message: { type: 'string' } }
} as const

const crossOrigin = failureSchema('A page of another origin may have sent this.')

const { malformed, rejected, tooLarge, unsupported, tooMany, unavailable } = failureSchemas

const commonFailures = { 400: malformed, 403: crossOrigin, 413: tooLarge, 503: unavailable }

const signInSchema = {
  summary: 'Sign in with a cookie',
  response: {
    200: messageSchema,
    401: rejected,
    415: unsupported,
    429: tooMany,
    ...commonFailures
  }
} as const

/** With the response to a sign-in that needs a second factor, where there may be one. */
export function createSignInSchema({
  credentials,
  usernameField,
  getSignInResponse,
  remember
}: ParsedOptions) {
  const response = createResponse(getSignInResponse)
  const needsOne = credentials.verifySecondFactor !== undefined
  return {
    ...signInSchema,
    body: withRemember(createSignInBodySchema(usernameField), remember),
    response: needsOne ? { ...response, 202: secondFactorRequiredSchema } : response
  }
}

export const createSecondFactorSchema = ({ getSignInResponse, remember }: ParsedOptions) => ({
  ...signInSchema,
  summary: 'Complete a sign-in with its second factor',
  body: withRemember(secondFactorBodySchema, remember),
  response: createResponse(getSignInResponse)
})

/** The schema of a body which may say that the cookie is to survive the browser, where the service allows it. */
function withRemember<Schema extends { readonly properties: object }>(
  schema: Schema,
  remember: ParsedOptions['remember']
) {
  if (remember === null) return schema
  return { ...schema, properties: { ...schema.properties, remember: { type: 'boolean' } } }
}

const ownSchema = {
  description: 'What the service responds.',
  type: 'object',
  additionalProperties: true,
  properties: {}
} as const

/** The members of the service's own are not known. */
function createResponse(getSignInResponse: ParsedOptions['getSignInResponse']) {
  const { response } = signInSchema
  return getSignInResponse === undefined ? response : { ...response, 200: ownSchema }
}

export const logoutSchema = {
  summary: 'Revoke the login of the cookie',
  security: [{ session: [] }, {}],
  response: { 200: messageSchema, ...commonFailures }
} as const
