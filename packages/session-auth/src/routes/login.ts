import { type LogInBody, logInBody, type ProvenUser, proveUser } from '@drawbridge/logins/fastify'
import type { FastifyInstance } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import type { StartSession } from '../start-session.ts'
import { message } from './message.ts'

type Parts = Pick<ParsedOptions, 'credentials' | 'scopesOf'> & { readonly startSession: StartSession }

const schema = {
  summary: 'Log in with a cookie',
  tags: ['session'],
  body: logInBody,
  response: { 200: message }
}

export function loginRoute(scope: FastifyInstance, { credentials, scopesOf, startSession }: Parts): void {
  const scopes = (user: ProvenUser) => scopesOf?.(user) ?? []
  scope.post<{ Body: LogInBody }>('/login', { schema }, async (request, reply) => {
    const user = await proveUser(credentials, request)
    await startSession(request, reply, user, { scopes: scopes(user) })
    return { message: 'Login successful' }
  })
}
