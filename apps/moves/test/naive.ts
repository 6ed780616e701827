import type { OldLogins } from '@drawbridge/bridge/old-logins'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/**
 * The usual way: verify the old credential, make a session of ours, clear the old cookie. A step back is the release before, which
 * reads old credentials alone.
 */
export function addNaiveGuard(app: FastifyInstance, old: OldLogins) {
  let phase = 'old'
  app.post<{ Params: { readonly phase: string } }>('/phase/:phase', async ({ params }) => {
    phase = params.phase
    return {}
  })
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const isNew = phase !== 'old'
    const cookie = /(?:^|; )drawbridge=/.test(request.headers.cookie ?? '')
    const ours = isNew && cookie ? await authenticateAlone(app, request) : null
    if (ours !== null) return
    const presented = phase === 'retired' ? null : await old.read(request)
    if (presented?.kind !== 'found') return reply.code(401).send()
    const { userId } = presented.old
    const user = { id: userId, username: userId }
    if (!isNew) {
      request.principal = { userId, username: userId } as never
      return
    }
    await app.sessionAuth.startSession(request, reply, { user })
    old.clear(reply)
  }
}

async function authenticateAlone(app: FastifyInstance, request: FastifyRequest) {
  const outcome = await app.sessionAuth.authenticate(request)
  if (!outcome.ok) return null
  request.principal = outcome.principal
  return outcome.principal
}
