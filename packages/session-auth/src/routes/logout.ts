import { ignoreBodies } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { SessionAuth } from '../types.ts'
import { logoutSchema as schema } from './schemas.ts'

/** `POST /logout`, in a scope of its own: how it treats bodies is for this route alone. */
export function logoutRoute(
  scope: FastifyInstance,
  path: string,
  { endSession }: Pick<SessionAuth, 'endSession'>
): void {
  ignoreBodies(scope)
  scope.post(path, { schema }, async (request, reply) => {
    await endSession(request, reply)
    return { message: 'Logged out' }
  })
}
