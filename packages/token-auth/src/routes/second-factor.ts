import type { SecondFactorBody } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { TokenAuth } from '../types.ts'
import { secondFactorSchema as schema } from './schemas.ts'

/** `POST /login/second-factor`. */
export function secondFactorRoute(
  scope: FastifyInstance,
  path: string,
  { issueTokens, pendingLogins }: Pick<TokenAuth, 'issueTokens' | 'pendingLogins'>
): void {
  scope.post<{ Body: SecondFactorBody }>(path, { schema }, async (request) =>
    issueTokens(request, await pendingLogins.complete(request, request.body))
  )
}
