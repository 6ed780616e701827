import { principalOf } from '@drawbridge/bridge'
import type { Logins } from '@drawbridge/logins'
import type { FastifyInstance } from 'fastify'
import { loginsSchema, revokeLoginSchema, revokeOthersSchema } from './account-schemas.ts'

/** `/account/logins`: where a user is signed in, by either carrier. */
export function accountRoutes(app: FastifyInstance, logins: Pick<Logins, 'listByUser' | 'revoke'>): void {
  const onRequest = app.bridge.guard

  app.get('/account/logins', { onRequest, schema: loginsSchema }, async (request) => {
    const { userId, loginId } = principalOf(request)
    const views = await logins.listByUser(userId)
    return { logins: views.map((view) => ({ ...view, current: view.id === loginId })) }
  })

  app.delete<{ Params: { id: string } }>(
    '/account/logins/:id',
    { onRequest, schema: revokeLoginSchema },
    async (request, reply) => {
      const { userId } = principalOf(request)
      // A loginId is public: without the owner, any user who knows it could revoke the login.
      if (!(await logins.revoke(request.params.id, { userId }))) throw new NotFoundError()
      return reply.code(204).send()
    }
  )

  app.post(
    '/account/logins/revoke-others',
    { onRequest, schema: revokeOthersSchema },
    async (request, reply) => ({ revoked: await app.bridge.revokeOthers(request, reply) })
  )
}

/** One body for an unknown login and for another user's: the response must not reveal which ids exist. */
class NotFoundError extends Error {
  readonly statusCode = 404
  override readonly message = 'Not Found'
}
