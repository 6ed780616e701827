import { ignoreBodies } from '@drawbridge/logins/fastify'
import type { FastifyInstance } from 'fastify'
import type { EndSession } from '../end-session.ts'
import { message } from './message.ts'

const schema = {
  summary: 'End the login that the cookie shows',
  tags: ['session'],
  response: { 200: message }
}

/** In a scope of its own: what it says of bodies is for this route alone. */
export function logoutRoute(scope: FastifyInstance, endSession: EndSession): void {
  ignoreBodies(scope)
  scope.post('/logout', { schema }, async (request, reply) => {
    await endSession(request, reply)
    return { message: 'Logged out' }
  })
}
