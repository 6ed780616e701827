import { type SecondFactorBody, secondFactorBody } from '@drawbridge/logins/fastify'
import type { FastifyInstance } from 'fastify'
import type { LoginParts } from './login.ts'
import { logInFailures, message } from './answers.ts'

const schema = {
  summary: 'Complete a log-in with its second factor',
  body: secondFactorBody,
  response: { 200: message, ...logInFailures }
}

export function secondFactorRoute(
  scope: FastifyInstance,
  { pendingLogins, scopesOf, startSession }: Omit<LoginParts, 'credentials'>
): void {
  scope.post<{ Body: SecondFactorBody }>('/login/second-factor', { schema }, async (request, reply) => {
    const user = await pendingLogins.complete(request, request.body)
    await startSession(request, reply, user, { scopes: scopesOf(user) })
    return { message: 'Login successful' }
  })
}
