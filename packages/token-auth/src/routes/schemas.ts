import { failure, failures, logInBody, pendingAnswer, secondFactorBody } from '@drawbridge/logins/fastify'

const refreshToken = { type: 'string', minLength: 1, description: 'A refresh token, `drbr_…`.' } as const

const tokens = {
  description: 'A new pair of tokens. The refresh token is good for one use.',
  type: 'object',
  required: ['token', 'token_type', 'expires_in', 'refresh_token'],
  properties: {
    token: { type: 'string', description: 'The access token, for `Authorization: Bearer`.' },
    token_type: { type: 'string', const: 'Bearer' },
    expires_in: { type: 'integer', description: 'Seconds that the access token is good for.' },
    refresh_token: refreshToken
  }
} as const

const { malformed, rejected, tooLarge, unsupported, tooMany, unavailable } = failures

const ofEvery = { 400: malformed, 413: tooLarge, 415: unsupported, 503: unavailable }

export const logInSchema = {
  summary: 'Log in and be given tokens',
  body: logInBody,
  response: {
    200: tokens,
    401: rejected,
    429: tooMany,
    ...ofEvery
  }
} as const

export const logInSchemaOfTwo = {
  ...logInSchema,
  response: { ...logInSchema.response, 202: pendingAnswer }
} as const

export const secondFactorSchema = {
  ...logInSchema,
  summary: 'Complete a log-in with its second factor and be given tokens',
  body: secondFactorBody
} as const

export const refreshSchema = {
  summary: 'Replace a refresh token',
  description: 'A token that was replaced before ends its login when it is shown again.',
  body: {
    type: 'object',
    required: ['refresh_token'],
    additionalProperties: false,
    properties: { refresh_token: refreshToken }
  },
  response: {
    200: tokens,
    401: failure('The refresh token does not hold: unknown, expired, replaced or revoked.'),
    ...ofEvery
  }
} as const

export const logOutSchema = {
  summary: 'Log out',
  description:
    'Ends the login of the access token in `Authorization: Bearer`, or of the refresh token in the body.',
  security: [{ token: [] }, {}],
  body: {
    type: 'object',
    nullable: true,
    additionalProperties: false,
    properties: { refresh_token: refreshToken }
  },
  response: {
    200: {
      description: 'The login has ended, on every node.',
      type: 'object',
      properties: { message: { type: 'string', const: 'Logged out' } }
    },
    400: malformed,
    401: failure('Neither token is shown, or one that does not hold.'),
    413: tooLarge,
    503: unavailable
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
