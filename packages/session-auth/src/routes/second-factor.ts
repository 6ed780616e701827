import type { SecondFactorBody } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import type { SessionAuthApi } from '../api.ts'
import { isRemembered } from './remember.ts'
import { createSecondFactorSchema } from './schemas.ts'

/** `POST /login/second-factor`. */
export function secondFactorRoute(
  scope: FastifyInstance,
  path: string,
  options: ParsedOptions,
  { sessionAuth: { pendingLogins }, signIn }: SessionAuthApi
): void {
  const schema = createSecondFactorSchema(options)
  scope.post<{ Body: SecondFactorBody }>(path, { schema }, async (request, reply) => {
    const { pending, response } = request.body
    const outcome = await pendingLogins.complete(request, { pending, response })
    return signIn(request, reply, { ...outcome, remember: isRemembered(request) })
  })
}
