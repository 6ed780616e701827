import type { SecondFactorBody } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { TokenAuthApi } from '../api.ts'
import { secondFactorSchema as schema } from './schemas.ts'

/** `POST /login/second-factor`. */
export function secondFactorRoute(
  scope: FastifyInstance,
  path: string,
  { tokenAuth: { pendingLogins }, signIn }: TokenAuthApi
): void {
  scope.post<{ Body: SecondFactorBody }>(path, { schema }, async (request, reply) =>
    signIn(request, reply, await pendingLogins.complete(request, request.body))
  )
}
