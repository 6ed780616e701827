import { accessTokenResponseSchema, failureSchema, failureSchemas } from '@drawbridge/carrier'

export const exchangeOldSchema = {
  summary: 'Get tokens for a token of the service that was here before',
  description:
    'The old token stays valid until that service is retired. The same request again gets the same refresh token, until that is used.',
  security: [{ token: [] }],
  response: {
    200: { ...accessTokenResponseSchema, description: 'An access token and a first refresh token.' },
    401: failureSchema('No token of the service before is presented, or one that is not valid.'),
    409: failureSchema('Tokens are not exchanged yet, or the refresh token that was given has been used.'),
    410: failureSchema('The service before is retired: sign in.'),
    503: failureSchemas.unavailable
  }
} as const
