import { principalOf } from '@drawbridge/bridge'
import type { Logins } from '@drawbridge/logins'
import type { FastifyInstance } from 'fastify'

const migrationSchema = {
  operationId: 'findMigration',
  tags: ['account'],
  summary: 'How far the move from the system before is, for the login of the request',
  response: {
    200: {
      description: 'The login, and what decides about it.',
      type: 'object',
      properties: {
        name: { type: 'string', description: 'The system that users are moved from.' },
        phase: { type: 'string', enum: ['old', 'both', 'new', 'retired'] },
        ledBy: { type: 'string', enum: ['old', 'new'], description: 'Which system decides about the login.' },
        carriers: {
          type: 'array',
          description: 'How the login can be presented here; empty while only the other system has one.',
          items: { type: 'string', enum: ['session', 'token'] }
        },
        mayOperate: { type: 'boolean', description: 'Whether the login has the scope of operators.' },
        acceptUntil: {
          type: ['integer', 'null'],
          description: 'From when logins of the system before are not accepted any more, ms since the epoch.'
        }
      }
    }
  }
} as const

/** `GET /account/migration`, by either carrier and by a login of the system before. */
export function migrationRoute(app: FastifyInstance, logins: Pick<Logins, 'listByUser'>, name: string): void {
  app.get('/account/migration', { onRequest: app.bridge.guard, schema: migrationSchema }, async (request) => {
    const { userId, loginId, scopes } = principalOf(request)
    const views = await logins.listByUser(userId)
    const { carriers = [] } = views.find(({ id }) => id === loginId) ?? {}
    const mayOperate = scopes.includes('drawbridge:operator')
    return { name, ...(await app.migrations.findLogin(name, loginId)), carriers, mayOperate }
  })
}
