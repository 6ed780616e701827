import type { SecondFactorBody } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { TokenAuth } from '../types.ts'
import { secondFactorSchema } from './schemas.ts'

export function secondFactorRoute(
  scope: FastifyInstance,
  { issueTokens, pendingLogins }: Pick<TokenAuth, 'issueTokens' | 'pendingLogins'>
): void {
  const schema = secondFactorSchema
  scope.post<{ Body: SecondFactorBody }>('/login/second-factor', { schema }, async (request) => {
    const user = await pendingLogins.complete(request, request.body)
    return issueTokens(request, user)
  })
}
