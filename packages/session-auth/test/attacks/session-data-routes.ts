import type { FastifyInstance, FastifyRequest } from 'fastify'

/** The session as a bag of anything, which is what a handler that trusts its input makes of it. */
export const getBag = (request: FastifyRequest) => request.session as unknown as Record<string, unknown>

/** Routes that store data in the session: `GET /bag` returns it with its user, `POST /bag` puts the body into it. */
export async function bag(app: FastifyInstance): Promise<void> {
  await app.register(async (scope) => {
    await scope.register(app.sessionAuth.sessionData)
    scope.get('/bag', async (request) => ({
      username: request.principal?.username,
      owner: getBag(request).owner ?? null
    }))
    scope.post<{ Body: Record<string, unknown> }>('/bag', async (request, reply) => {
      for (const [name, value] of Object.entries(request.body)) getBag(request)[name] = value
      reply.setCookie('theme', 'dark')
      return {}
    })
  })
}
