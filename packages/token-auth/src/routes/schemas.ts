import {
  accessTokenResponseSchema,
  bodyErrors,
  createSignInBodySchema,
  errorSchemas,
  jsonBodyErrors,
  refreshTokenSchema,
  secondFactorBodySchema,
  secondFactorRequiredSchema,
  signInErrors
} from '@drawbridge/carrier'
import type { ParsedOptions } from '../options.ts'

const tokenResponseSchema = {
  ...accessTokenResponseSchema,
  description: 'A new pair of tokens. The refresh token is valid for one use.',
  required: [...accessTokenResponseSchema.required, 'refresh_token']
} as const

const signInSchema = {
  summary: 'Sign in and get tokens',
  response: {
    200: tokenResponseSchema,
    ...errorSchemas(signInErrors)
  }
} as const

/** With the response to a sign-in that needs a second factor, where there may be one. */
export function createSignInSchema({
  credentials,
  usernameField
}: Pick<ParsedOptions, 'credentials' | 'usernameField'>) {
  const { response } = signInSchema
  const needsOne = credentials.verifySecondFactor !== undefined
  return {
    ...signInSchema,
    body: createSignInBodySchema(usernameField),
    response: needsOne ? { ...response, 202: secondFactorRequiredSchema } : response
  }
}

export const secondFactorSchema = {
  ...signInSchema,
  summary: 'Complete a sign-in with its second factor and get tokens',
  body: secondFactorBodySchema
} as const

export const refreshSchema = {
  summary: 'Replace a refresh token',
  description: 'A replaced token that is presented again revokes its login.',
  body: {
    type: 'object',
    required: ['refresh_token'],
    additionalProperties: false,
    properties: { refresh_token: refreshTokenSchema }
  },
  response: {
    200: tokenResponseSchema,
    ...errorSchemas([...jsonBodyErrors, 'DRAWBRIDGE_UNAUTHORIZED', 'DRAWBRIDGE_LOGINS_UNAVAILABLE'], {
      401: 'The refresh token is not valid: unknown, expired, replaced or revoked.'
    })
  }
} as const

export const logoutSchema = {
  summary: 'Log out',
  description:
    'Revokes the login of the access token in `Authorization: Bearer`, or of the refresh token in the body.',
  security: [{ token: [] }, {}],
  body: {
    type: 'object',
    nullable: true,
    additionalProperties: false,
    properties: { refresh_token: refreshTokenSchema }
  },
  response: {
    200: {
      description: 'The login is revoked, on every node.',
      type: 'object',
      properties: { message: { type: 'string', const: 'Logged out' } }
    },
    ...errorSchemas(
      [
        ...bodyErrors,
        'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL',
        'DRAWBRIDGE_UNAUTHORIZED',
        'DRAWBRIDGE_LOGINS_UNAVAILABLE'
      ],
      { 401: 'No token is presented, or one that is not valid.' }
    )
  }
} as const

export const jwksSchema = {
  summary: 'The public keys that access tokens are verified with',
  response: {
    200: {
      description: 'A JSON Web Key Set (RFC 7517).',
      type: 'object',
      properties: { keys: { type: 'array', items: { type: 'object', additionalProperties: true } } }
    }
  }
} as const

const tokenForm = {
  consumes: ['application/x-www-form-urlencoded'],
  body: {
    type: 'object',
    required: ['token'],
    properties: {
      token: { type: 'string', minLength: 1 },
      token_type_hint: { type: 'string', description: 'Ignored: a token says itself what it is.' },
      client_id: { type: 'string', description: 'Of the client that authenticates, if it is there.' },
      client_assertion_type: { type: 'string' },
      client_assertion: { type: 'string', description: 'Signed by the client (RFC 7523).' }
    }
  }
} as const

const formErrors = [
  'FST_ERR_VALIDATION',
  'DRAWBRIDGE_MALFORMED_BODY',
  'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL',
  'FST_ERR_CTP_BODY_TOO_LARGE',
  'FST_ERR_CTP_INVALID_MEDIA_TYPE',
  'DRAWBRIDGE_UNSUPPORTED_BODY',
  'DRAWBRIDGE_INVALID_CLIENT',
  'DRAWBRIDGE_LOGINS_UNAVAILABLE'
] as const

export const introspectSchema = {
  summary: 'Ask whether an access token is valid now (RFC 7662)',
  description: 'For other services, which authenticate by a secret or by a signed assertion.',
  security: [{ client: [] }],
  ...tokenForm,
  response: {
    200: {
      description: 'Whether it is, and what is true of its user now.',
      type: 'object',
      required: ['active'],
      additionalProperties: true,
      properties: { active: { type: 'boolean' } }
    },
    ...errorSchemas(formErrors)
  }
} as const

export const revokeSchema = {
  summary: 'Revoke the login of a token (RFC 7009)',
  description: 'Of a refresh token or an access token. A client need not authenticate.',
  security: [{}, { client: [] }],
  ...tokenForm,
  response: {
    200: { description: 'No such token is valid any more, if there was one.', type: 'null' },
    ...errorSchemas(formErrors)
  }
} as const

export const metadataSchema = {
  summary: 'Where the endpoints for other services are (RFC 8414)',
  response: {
    200: {
      description: 'Authorization server metadata.',
      type: 'object',
      required: ['issuer'],
      additionalProperties: true,
      properties: { issuer: { type: 'string' } }
    }
  }
} as const
