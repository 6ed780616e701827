import { type SecondFactorBody, secondFactorBody } from '@drawbridge/logins/fastify'
import type { FastifyInstance } from 'fastify'
import type { LoginParts } from './login.ts'
import { message } from './message.ts'

const schema = {
  summary: 'Complete a log-in with its second factor',
  tags: ['session'],
  body: secondFactorBody,
  response: { 200: message }
}

export function secondFactorRoute(
  scope: FastifyInstance,
  { pendingLogins, scopesOf, startSession }: Omit<LoginParts, 'credentials'>
): void {
  scope.post<{ Body: SecondFactorBody }>('/login/second-factor', { schema }, async (request, reply) => {
    const user = await pendingLogins.complete(request, request.body)
    await startSession(request, reply, user, { scopes: scopesOf?.(user) ?? [] })
    return { message: 'Login successful' }
  })
}
