import { type CredentialsVerifier, type LogInBody, proveUser } from '@drawbridge/logins/fastify'
import type { FastifyInstance } from 'fastify'
import type { TokenAuth } from '../types.ts'
import { logInSchema, logInSchemaOfTwo } from './schemas.ts'

export function logInRoute(
  scope: FastifyInstance,
  credentials: CredentialsVerifier,
  { issueTokens, pendingLogins }: Pick<TokenAuth, 'issueTokens' | 'pendingLogins'>
): void {
  const schema = credentials.verifySecondFactor === undefined ? logInSchema : logInSchemaOfTwo
  scope.post<{ Body: LogInBody }>('/login', { schema }, async (request, reply) => {
    const user = await proveUser(credentials, request)
    if ('lacksSecondFactor' in user) {
      reply.code(202)
      return pendingLogins.start(request, user.lacksSecondFactor)
    }
    return issueTokens(request, user)
  })
}
