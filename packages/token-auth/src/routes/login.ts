import { authenticateUser, readSignInBody } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import type { TokenAuthApi } from '../api.ts'
import { createSignInSchema } from './schemas.ts'

/** `POST /login`. */
export function loginRoute(
  scope: FastifyInstance,
  path: string,
  options: Pick<ParsedOptions, 'credentials' | 'usernameField'>,
  { tokenAuth: { pendingLogins }, signIn }: TokenAuthApi
): void {
  const schema = createSignInSchema(options)
  scope.post(path, { schema }, async (request, reply) => {
    const outcome = await authenticateUser(options, request, readSignInBody(request, options.usernameField))
    if (outcome.status === 'second-factor-required') {
      reply.code(202)
      return pendingLogins.start(request, outcome)
    }
    return signIn(request, reply, outcome)
  })
}
