import {
  accessTokenResponseSchema,
  bodyErrors,
  errorSchemas,
  jsonBodyErrors,
  refreshTokenSchema
} from '@drawbridge/carrier'

const credentialErrors = [
  'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL',
  'DRAWBRIDGE_UNAUTHORIZED',
  'DRAWBRIDGE_CROSS_ORIGIN',
  'DRAWBRIDGE_LOGINS_UNAVAILABLE'
] as const

const exchangeErrors = [
  ...jsonBodyErrors,
  ...credentialErrors,
  'DRAWBRIDGE_TWO_USERS',
  'DRAWBRIDGE_ALREADY_CARRIED'
] as const

const message = (text: string, description: string) =>
  ({ description, type: 'object', properties: { message: { type: 'string', const: text } } }) as const

export const sessionForTokenSchema = {
  summary: 'Get a token for the session of the cookie',
  description: 'The session stays as it is. The token is of the same login: one log-out revokes both.',
  security: [{ session: [] }],
  body: {
    type: 'object',
    nullable: true,
    additionalProperties: false,
    properties: {
      refresh_token: { type: 'boolean', description: 'True: with a first refresh token. Default false.' }
    }
  },
  response: {
    200: { ...accessTokenResponseSchema, description: 'An access token of the login.' },
    ...errorSchemas(exchangeErrors, { 409: 'The login has a refresh token that cannot be given again.' })
  }
} as const

export const tokenForSessionSchema = {
  summary: 'Get a session cookie for a refresh token',
  description: 'The refresh token stays valid. The session is of the same login: one log-out revokes both.',
  body: {
    type: 'object',
    required: ['refresh_token'],
    additionalProperties: false,
    properties: { refresh_token: refreshTokenSchema }
  },
  response: {
    200: message('Login successful', 'The cookie is set.'),
    ...errorSchemas(exchangeErrors, {
      409: 'The login has a session that the request does not present.'
    })
  }
} as const

export const logoutSchema = {
  summary: 'Log out, by either carrier',
  description:
    'Revokes the login of each credential that is presented: the cookie, the access token in `Authorization: Bearer`, the ' +
    'refresh token in the body. Removes the cookies.',
  security: [{ session: [] }, { token: [] }, {}],
  body: {
    type: 'object',
    nullable: true,
    additionalProperties: false,
    properties: { refresh_token: refreshTokenSchema }
  },
  response: {
    200: message('Logged out', 'The logins are revoked, on every node.'),
    ...errorSchemas([...bodyErrors, ...credentialErrors])
  }
} as const
