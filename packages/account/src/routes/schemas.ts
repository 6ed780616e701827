import { accessTokenResponseSchema, errorSchemas, jsonBodyErrors } from '@drawbridge/carrier'

/* How an OpenAPI document describes the routes, and what their bodies are checked by. */

const guardErrors = [
  'DRAWBRIDGE_AMBIGUOUS_CREDENTIAL',
  'DRAWBRIDGE_TWO_USERS',
  'DRAWBRIDGE_UNAUTHORIZED',
  'DRAWBRIDGE_KEY_NOT_ALLOWED',
  'DRAWBRIDGE_LOGINS_UNAVAILABLE'
] as const

const unsafeGuardErrors = [
  ...guardErrors,
  'DRAWBRIDGE_CROSS_ORIGIN',
  'DRAWBRIDGE_INSUFFICIENT_SCOPE'
] as const

const newPasswordErrors = [
  'DRAWBRIDGE_MALFORMED_CREDENTIALS',
  'DRAWBRIDGE_PASSWORD_POLICY',
  'DRAWBRIDGE_TOO_MANY_ATTEMPTS',
  'DRAWBRIDGE_BUSY',
  'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE'
] as const

const security = [{ session: [] }, { token: [] }]

const text = { type: 'string', minLength: 1 } as const

const body = (...names: readonly string[]) => ({
  type: 'object',
  required: names,
  additionalProperties: false,
  properties: Object.fromEntries(names.map((name) => [name, text]))
})

const message = (description: string, ...texts: readonly string[]) => ({
  description,
  type: 'object',
  properties: { message: { type: 'string', enum: texts } }
})

/** By a token the response has the new ones too; by cookie, the cookie is replaced. */
const withTokens = (description: string, ...texts: readonly string[]) => ({
  ...message(description, ...texts),
  properties: {
    ...message(description, ...texts).properties,
    ...accessTokenResponseSchema.properties
  }
})

const ms = (description: string) =>
  ({ type: 'integer', description: `${description}, ms since the epoch.` }) as const

const loginSchema = {
  type: 'object',
  properties: {
    id: { type: 'string', description: 'Public; what the other routes take.' },
    current: { type: 'boolean', description: 'Whether this request presents it.' },
    createdAt: ms('When the user signed in'),
    lastSeenAt: ms('When it was last used, written once per touch interval at most'),
    authenticatedAt: ms('When credentials were last presented; an exchange does not change it'),
    expiresAt: ms('When it expires, however much it is used'),
    device: {
      type: 'object',
      properties: {
        label: { type: 'string', description: 'Such as "Chrome on Windows".' },
        userAgent: { type: 'string' },
        address: { type: 'string' }
      }
    },
    carriers: {
      type: 'array',
      description:
        'How it can be presented: by cookie, by refresh token and access token, by both, or as a key.',
      items: { type: 'string', enum: ['session', 'token', 'key'] }
    },
    scopes: {
      type: 'array',
      description: 'Those that were asked for at the sign-in; empty for all of the user.',
      items: { type: 'string' }
    },
    keyName: { type: 'string', description: 'What the user calls a key; absent for a sign-in.' }
  }
} as const

const notFoundSchema = (description: string) => ({
  description,
  type: 'object',
  required: ['statusCode', 'error', 'message'],
  additionalProperties: true,
  properties: {
    statusCode: { type: 'integer' },
    error: { type: 'string' },
    message: { type: 'string' }
  }
})

export const listLoginsSchema = {
  operationId: 'listLogins',
  summary: 'The logins of the user, the newest first',
  description: 'In an object, so that members can be added beside the list.',
  security,
  response: {
    200: {
      description: 'All that are active.',
      type: 'object',
      properties: { logins: { type: 'array', items: loginSchema } }
    },
    ...errorSchemas(guardErrors)
  }
}

export const revokeLoginSchema = {
  operationId: 'revokeLogin',
  summary: 'Revoke a login of the user',
  description:
    'Every carrier of the login is rejected from then on. The login of the request is allowed too.',
  security,
  params: { type: 'object', properties: { id: { type: 'string' } } },
  response: {
    204: { description: 'It is revoked, on every node.', type: 'null' },
    ...errorSchemas(unsafeGuardErrors),
    404: notFoundSchema('The user has no such login.')
  }
}

export const revokeOthersSchema = {
  operationId: 'revokeOtherLogins',
  summary: 'Revoke all logins of the user but the one of the request',
  security,
  response: {
    200: {
      description: 'How many were revoked.',
      type: 'object',
      properties: { revoked: { type: 'integer' } }
    },
    ...errorSchemas(unsafeGuardErrors)
  }
}

export const changePasswordSchema = {
  operationId: 'changePassword',
  summary: 'Change the password',
  description:
    'Revokes all other logins of the user, unless the service keeps them, and gives this one a new credential: the cookie is replaced, or the response has new tokens.',
  security,
  body: body('currentPassword', 'newPassword'),
  response: {
    200: withTokens(
      'It is changed, and the other logins are revoked unless the service keeps them.',
      'Password changed'
    ),
    ...errorSchemas([
      ...jsonBodyErrors,
      ...unsafeGuardErrors,
      ...newPasswordErrors,
      'DRAWBRIDGE_WRONG_PASSWORD'
    ])
  }
}

export const reauthenticateSchema = {
  operationId: 'reauthenticate',
  summary: 'Present the password again',
  description:
    'For routes that ask for a recent authentication. The login stays the same, and gets a new credential: the cookie is replaced, or the response has new tokens.',
  security,
  body: { ...body('password', 'response'), required: ['password'] },
  response: {
    200: withTokens('The user has authenticated.', 'Authenticated'),
    ...errorSchemas([
      ...jsonBodyErrors,
      ...unsafeGuardErrors,
      'DRAWBRIDGE_MALFORMED_CREDENTIALS',
      'DRAWBRIDGE_WRONG_PASSWORD',
      'DRAWBRIDGE_TOO_MANY_ATTEMPTS',
      'DRAWBRIDGE_BUSY',
      'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE'
    ])
  }
}

export const registerSchema = {
  operationId: 'register',
  summary: 'Register',
  description: 'Signs nobody in.',
  body: body('username', 'password'),
  response: {
    201: message('The user can sign in.', 'Registered'),
    202: message('The username is free or not: its owner gets a message.', 'Accepted'),
    ...errorSchemas([...jsonBodyErrors, ...newPasswordErrors, 'DRAWBRIDGE_USERNAME_TAKEN'])
  }
}

export const forgotPasswordSchema = {
  operationId: 'forgotPassword',
  summary: 'Ask for a token to set a new password',
  body: body('username'),
  response: {
    202: message('There is such a user or not: if so, the user gets a message.', 'Accepted'),
    ...errorSchemas([
      ...jsonBodyErrors,
      'DRAWBRIDGE_MALFORMED_CREDENTIALS',
      'DRAWBRIDGE_TOO_MANY_ATTEMPTS',
      'DRAWBRIDGE_BUSY',
      'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE'
    ])
  }
}

export const resetPasswordSchema = {
  operationId: 'resetPassword',
  summary: 'Set a new password by a token',
  description: 'Revokes all logins of the user, and signs nobody in. A token is used once.',
  body: body('token', 'newPassword'),
  response: {
    200: message('It is set, and all logins are revoked.', 'Password changed'),
    ...errorSchemas([
      ...jsonBodyErrors,
      ...newPasswordErrors,
      'DRAWBRIDGE_INVALID_ONE_TIME_TOKEN',
      'DRAWBRIDGE_LOGINS_UNAVAILABLE'
    ])
  }
}

export const verifySchema = {
  operationId: 'verify',
  summary: 'Confirm an address by a token',
  body: body('token'),
  response: {
    200: message('It is confirmed.', 'Verified'),
    ...errorSchemas([...jsonBodyErrors, 'DRAWBRIDGE_INVALID_ONE_TIME_TOKEN', 'DRAWBRIDGE_LOGINS_UNAVAILABLE'])
  }
}

const newTokenMembers = {
  name: { type: 'string', description: 'What the user calls it: 1 to 100 visible characters.' },
  scopes: {
    type: 'array',
    description: 'Scopes of the user: it never has another.',
    items: { type: 'string' }
  },
  expiresAt: ms('When it expires')
} as const

const tokenMembers = {
  id: { type: 'string', description: 'Public; what the other routes take.' },
  ...newTokenMembers,
  createdAt: ms('When it was made')
} as const

export const listTokensSchema = {
  operationId: 'listPersonalAccessTokens',
  summary: 'The personal access tokens of the user, the newest first',
  description: 'In an object, so that members can be added beside the list. Nothing in it authenticates.',
  security,
  response: {
    200: {
      description: 'All that are active.',
      type: 'object',
      properties: {
        tokens: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              ...tokenMembers,
              lastUsedAt: {
                type: ['integer', 'null'],
                description:
                  'When it was last used, ms since the epoch, written once per touch interval at most; null where it never was.'
              }
            }
          }
        }
      }
    },
    ...errorSchemas(guardErrors)
  }
}

export const createTokenSchema = {
  operationId: 'createPersonalAccessToken',
  summary: 'Make a personal access token',
  description:
    'For a program of the user. Requires that the user has authenticated recently, unless the service does not ask for it.',
  security,
  body: {
    type: 'object',
    required: ['name', 'scopes', 'expiresAt'],
    additionalProperties: false,
    properties: newTokenMembers
  },
  response: {
    201: {
      description: 'It is made. No other response has the value again.',
      type: 'object',
      properties: {
        token: { type: 'string', description: 'The value, `drbk_…`: for `Authorization: Bearer`.' },
        ...tokenMembers
      }
    },
    ...errorSchemas([
      ...jsonBodyErrors,
      ...unsafeGuardErrors,
      'DRAWBRIDGE_MALFORMED_KEY',
      'DRAWBRIDGE_REAUTHENTICATE',
      'DRAWBRIDGE_TOO_MANY_KEYS'
    ])
  }
}

export const revokeTokenSchema = {
  operationId: 'revokePersonalAccessToken',
  summary: 'Revoke a personal access token of the user',
  security,
  params: { type: 'object', properties: { id: { type: 'string' } } },
  response: {
    204: { description: 'It is revoked, on every node.', type: 'null' },
    ...errorSchemas(unsafeGuardErrors),
    404: notFoundSchema('The user has no such token.')
  }
}

export const deleteAccountSchema = {
  operationId: 'deleteAccount',
  summary: 'Delete the account of the user',
  description: 'Requires that the user has authenticated recently. Revokes all logins first.',
  security,
  response: {
    204: { description: 'The user is deleted, and the cookies are removed.', type: 'null' },
    ...errorSchemas([
      ...unsafeGuardErrors,
      'FST_ERR_CTP_BODY_TOO_LARGE',
      'DRAWBRIDGE_REAUTHENTICATE',
      'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE'
    ])
  }
}
