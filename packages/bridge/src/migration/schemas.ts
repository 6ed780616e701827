import { accessTokenResponseSchema, errorSchemas } from '@drawbridge/carrier'

export const exchangeOldSchema = {
  summary: 'Get tokens for a token of the service that was here before',
  description:
    'The old token stays valid until that service is retired. The same request again gets the same refresh token, until that is used.',
  security: [{ token: [] }],
  response: {
    200: { ...accessTokenResponseSchema, description: 'An access token and a first refresh token.' },
    ...errorSchemas(
      [
        'DRAWBRIDGE_UNAUTHORIZED',
        'DRAWBRIDGE_MIGRATION_STEP',
        'DRAWBRIDGE_ALREADY_CARRIED',
        'DRAWBRIDGE_RETIRED',
        'DRAWBRIDGE_TOO_MANY_ATTEMPTS',
        'FST_ERR_CTP_BODY_TOO_LARGE',
        'DRAWBRIDGE_LOGINS_UNAVAILABLE'
      ],
      {
        401: 'No token of the service before is presented, or one that is not valid.',
        409: 'Tokens are not exchanged yet, or the refresh token that was given has been used.',
        410: 'The service before is retired: sign in.'
      }
    )
  }
} as const
