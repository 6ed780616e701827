import {
  type LogInBody,
  logInBody,
  pendingAnswer,
  type PendingLogins,
  proveUser
} from '@drawbridge/logins/fastify'
import type { FastifyInstance } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import type { StartSession } from '../start-session.ts'
import { logInFailures, message } from './answers.ts'

export interface LoginParts extends Pick<ParsedOptions, 'credentials' | 'scopesOf'> {
  readonly startSession: StartSession
  readonly pendingLogins: PendingLogins
}

const schema = {
  summary: 'Log in with a cookie',
  body: logInBody,
  response: { 200: message, ...logInFailures }
}

const schemaOfTwo = { ...schema, response: { ...schema.response, 202: pendingAnswer } }

export function loginRoute(scope: FastifyInstance, parts: LoginParts): void {
  const { credentials, scopesOf, startSession, pendingLogins } = parts
  const routeSchema = credentials.verifySecondFactor === undefined ? schema : schemaOfTwo
  scope.post<{ Body: LogInBody }>('/login', { schema: routeSchema }, async (request, reply) => {
    const user = await proveUser(credentials, request)
    if ('lacksSecondFactor' in user) {
      reply.code(202)
      return pendingLogins.start(request, user.lacksSecondFactor)
    }
    await startSession(request, reply, user, { scopes: scopesOf(user) })
    return { message: 'Login successful' }
  })
}
