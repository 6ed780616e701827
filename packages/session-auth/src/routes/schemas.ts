import {
  createSignInBodySchema,
  errorSchemas,
  secondFactorBodySchema,
  secondFactorRequiredSchema,
  signInErrors
} from '@drawbridge/carrier'
import type { ParsedOptions } from '../options.ts'

const messageSchema = {
  type: 'object',
  required: ['message'],
  properties: { message: { type: 'string' } }
} as const

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
const toResponse = ({ getSignInResponse }: Pick<ParsedOptions, 'getSignInResponse'>) => ({
  200: getSignInResponse === undefined ? messageSchema : ownSchema,
  ...errorSchemas([...signInErrors, 'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL', 'DRAWBRIDGE_CROSS_ORIGIN'])
})

const redirectSchema = {
  description: 'The body was a form: to the page that is next.',
  type: 'null',
  headers: { Location: { type: 'string' } }
} as const

/** With the responses to a form, and to a sign-in that needs a second factor, where there may be such. */
export function createSignInSchema(options: ParsedOptions) {
  const { credentials, usernameField, forms, remember } = options
  return {
    summary: 'Sign in with a cookie',
    ...(forms !== null && { consumes: ['application/json', 'application/x-www-form-urlencoded'] }),
    body: withRemember(createSignInBodySchema(usernameField), remember),
    response: {
      ...toResponse(options),
      ...(credentials.verifySecondFactor !== undefined && { 202: secondFactorRequiredSchema }),
      ...(forms !== null && { 303: redirectSchema })
    }
  }
}

export const createSecondFactorSchema = (options: ParsedOptions) => ({
  summary: 'Complete a sign-in with its second factor',
  body: withRemember(secondFactorBodySchema, options.remember),
  response: toResponse(options)
})

export const createLogoutSchema = ({ forms }: Pick<ParsedOptions, 'forms'>) => ({
  summary: 'Revoke the login of the cookie',
  security: [{ session: [] }, {}],
  response: {
    200: messageSchema,
    ...(forms !== null && { 303: redirectSchema }),
    ...errorSchemas([
      'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL',
      'DRAWBRIDGE_CROSS_ORIGIN',
      'FST_ERR_CTP_BODY_TOO_LARGE',
      'DRAWBRIDGE_LOGINS_UNAVAILABLE'
    ])
  }
})
