import type { FastifyInstance } from 'fastify'
import type { EndSession } from '../end-session.ts'
import { message } from './message.ts'

const schema = {
  summary: 'End the login that the cookie shows',
  tags: ['session'],
  response: { 200: message }
}

export function logoutRoute(scope: FastifyInstance, endSession: EndSession): void {
  scope.post('/logout', { schema }, async (request, reply) => {
    await endSession(request, reply)
    return { message: 'Logged out' }
  })
}
