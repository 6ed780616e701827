import { failureSchemas, ignoreBodies } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { EndSession } from '../sessions/end.ts'
import { crossOriginFailure, messageSchema } from './schemas.ts'

const { malformed, tooLarge, unavailable } = failureSchemas

const schema = {
  summary: 'End the login that the cookie shows',
  security: [{ session: [] }, {}],
  response: { 200: messageSchema, 400: malformed, 403: crossOriginFailure, 413: tooLarge, 503: unavailable }
}

/** In a scope of its own: what it says of bodies is for this route alone. */
export function logoutRoute(scope: FastifyInstance, endSession: EndSession): void {
  ignoreBodies(scope)
  scope.post('/logout', { schema }, async (request, reply) => {
    await endSession(request, reply)
    return { message: 'Logged out' }
  })
}
