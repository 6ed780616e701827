import { ignoreBodies } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import type { SessionAuth } from '../types.ts'
import { sendOrRedirect } from './forms.ts'
import { createLogoutSchema } from './schemas.ts'

/** `POST /logout`, in a scope of its own: how it treats bodies is for this route alone. */
export function logoutRoute(
  scope: FastifyInstance,
  path: string,
  { forms }: ParsedOptions,
  { endSession }: Pick<SessionAuth, 'endSession'>
): void {
  ignoreBodies(scope)
  scope.post(path, { schema: createLogoutSchema({ forms }) }, async (request, reply) => {
    await endSession(request, reply)
    return sendOrRedirect(request, reply, forms?.afterLogOut, { message: 'Logged out' })
  })
}
