import { logInBody, pendingAnswer, secondFactorBody } from '@drawbridge/logins/fastify'

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

/** Open to more members: an error handler of the application's own may add some. */
const failure = (description: string) => ({
  description,
  type: 'object',
  additionalProperties: true,
  properties: {
    statusCode: { type: 'integer' },
    code: { type: 'string' },
    error: { type: 'string' },
    message: { type: 'string' }
  }
})

const failures = {
  400: failure('The body is not as the schema says, or two credentials are shown that do not agree.'),
  415: failure('The body is not JSON in UTF-8.'),
  503: failure('A store cannot be reached; try again after `Retry-After` seconds.')
}

export const logInSchema = {
  summary: 'Log in and be given tokens',
  tags: ['token'],
  body: logInBody,
  response: {
    200: tokens,
    401: failure('The credentials do not hold.'),
    429: failure('Too many attempts; try again after `Retry-After` seconds.'),
    ...failures
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
  tags: ['token'],
  body: {
    type: 'object',
    required: ['refresh_token'],
    additionalProperties: false,
    properties: { refresh_token: refreshToken }
  },
  response: {
    200: tokens,
    401: failure('The refresh token does not hold: unknown, expired, replaced or revoked.'),
    ...failures
  }
} as const

export const logOutSchema = {
  summary: 'Log out',
  description:
    'Ends the login of the access token in `Authorization: Bearer`, or of the refresh token in the body.',
  tags: ['token'],
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
    401: failure('Neither token is shown, or one that does not hold.'),
    ...failures
  }
} as const

export const jwksSchema = {
  summary: 'The public keys that access tokens are verified with',
  tags: ['token'],
  response: {
    200: {
      description: 'A JSON Web Key Set (RFC 7517).',
      type: 'object',
      properties: { keys: { type: 'array', items: { type: 'object', additionalProperties: true } } }
    }
  }
} as const
