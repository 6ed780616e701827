import { type SignInBody, authenticateUser } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import type { SessionAuth } from '../types.ts'
import { signInSchema, signInWithSecondFactorSchema } from './schemas.ts'

/** `POST /login`. */
export function loginRoute(
  scope: FastifyInstance,
  path: string,
  { credentials, getScopes }: Pick<ParsedOptions, 'credentials' | 'getScopes'>,
  { startSession, pendingLogins }: Pick<SessionAuth, 'startSession' | 'pendingLogins'>
): void {
  const schema = credentials.verifySecondFactor === undefined ? signInSchema : signInWithSecondFactorSchema
  scope.post<{ Body: SignInBody }>(path, { schema }, async (request, reply) => {
    const outcome = await authenticateUser(credentials, request)
    if (outcome.status === 'second-factor-required') {
      reply.code(202)
      return pendingLogins.start(request, outcome)
    }
    await startSession(request, reply, { ...outcome, scopes: getScopes(outcome.user) })
    return { message: 'Login successful' }
  })
}
