import { type SecondFactorBody, secondFactorBodySchema } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { LoginDependencies } from './login.ts'
import { signInFailures, messageSchema } from './schemas.ts'

const schema = {
  summary: 'Complete a log-in with its second factor',
  body: secondFactorBodySchema,
  response: { 200: messageSchema, ...signInFailures }
}

export function secondFactorRoute(
  scope: FastifyInstance,
  { pendingLogins, getScopes, startSession }: Omit<LoginDependencies, 'credentials'>
): void {
  scope.post<{ Body: SecondFactorBody }>('/login/second-factor', { schema }, async (request, reply) => {
    const user = await pendingLogins.complete(request, request.body)
    await startSession(request, reply, user, { scopes: getScopes(user) })
    return { message: 'Login successful' }
  })
}
