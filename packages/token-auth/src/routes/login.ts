import { type CredentialsVerifier, type SignInBody, authenticateUser } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { TokenAuth } from '../types.ts'
import { signInSchema, signInWithSecondFactorSchema } from './schemas.ts'

export function loginRoute(
  scope: FastifyInstance,
  credentials: CredentialsVerifier,
  { issueTokens, pendingLogins }: Pick<TokenAuth, 'issueTokens' | 'pendingLogins'>
): void {
  const schema = credentials.verifySecondFactor === undefined ? signInSchema : signInWithSecondFactorSchema
  scope.post<{ Body: SignInBody }>('/login', { schema }, async (request, reply) => {
    const user = await authenticateUser(credentials, request)
    if ('lacksSecondFactor' in user) {
      reply.code(202)
      return pendingLogins.start(request, user.lacksSecondFactor)
    }
    return issueTokens(request, user)
  })
}
