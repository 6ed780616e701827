import type { SecondFactorBody } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import type { SessionAuth } from '../types.ts'
import { secondFactorSchema as schema } from './schemas.ts'

/** `POST /login/second-factor`. */
export function secondFactorRoute(
  scope: FastifyInstance,
  path: string,
  { getScopes }: Pick<ParsedOptions, 'getScopes'>,
  { startSession, pendingLogins }: Pick<SessionAuth, 'startSession' | 'pendingLogins'>
): void {
  scope.post<{ Body: SecondFactorBody }>(path, { schema }, async (request, reply) => {
    const signIn = await pendingLogins.complete(request, request.body)
    await startSession(request, reply, { ...signIn, scopes: getScopes(signIn.user) })
    return { message: 'Login successful' }
  })
}
