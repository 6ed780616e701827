import { type CredentialsVerifier, type LogInBody, proveUser } from '@drawbridge/logins/fastify'
import type { FastifyInstance } from 'fastify'
import type { TokenAuth } from '../types.ts'
import { logInSchema } from './schemas.ts'

export function logInRoute(
  scope: FastifyInstance,
  credentials: CredentialsVerifier,
  { issueTokens }: Pick<TokenAuth, 'issueTokens'>
): void {
  scope.post<{ Body: LogInBody }>('/login', { schema: logInSchema }, async (request) => {
    const user = await proveUser(credentials, request)
    return issueTokens(request, user)
  })
}
