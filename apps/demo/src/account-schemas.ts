/* How /docs describes the routes of the account. What the guard does is described for it. */
const tags = ['account']

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
      properties: { userAgent: { type: 'string' }, address: { type: 'string' } }
    },
    carriers: {
      type: 'array',
      description: 'How it can be presented: by cookie, by refresh token and access token, or both.',
      items: { type: 'string', enum: ['session', 'token'] }
    },
    scopes: { type: 'array', items: { type: 'string' } }
  }
} as const

export const loginsSchema = {
  operationId: 'listLogins',
  tags,
  summary: 'The logins of the user, the newest first',
  description: 'In an object, so that members can be added beside the list.',
  response: {
    200: {
      description: 'All that are active.',
      type: 'object',
      properties: { logins: { type: 'array', items: loginSchema } }
    }
  }
} as const

export const revokeLoginSchema = {
  operationId: 'revokeLogin',
  tags,
  summary: 'Revoke a login of the user',
  description:
    'Every carrier of the login is rejected from then on. The login of the request is allowed too.',
  params: { type: 'object', properties: { id: { type: 'string' } } },
  response: {
    204: { description: 'It is revoked, on every node.', type: 'null' },
    404: {
      description: 'The user has no such login.',
      type: 'object',
      required: ['statusCode', 'error', 'message'],
      additionalProperties: true,
      properties: {
        statusCode: { type: 'integer' },
        error: { type: 'string' },
        message: { type: 'string' }
      }
    }
  }
} as const

export const revokeOthersSchema = {
  operationId: 'revokeOtherLogins',
  tags,
  summary: 'Revoke all logins of the user but the one of the request',
  response: {
    200: {
      description: 'How many were revoked.',
      type: 'object',
      properties: { revoked: { type: 'integer' } }
    }
  }
} as const
