import {
  type SignInBody,
  signInBodySchema,
  secondFactorRequiredSchema,
  type SecondFactorFlow,
  authenticateUser
} from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import type { StartSession } from '../sessions/start.ts'
import { signInFailures, messageSchema } from './schemas.ts'

export interface LoginDependencies extends Pick<ParsedOptions, 'credentials' | 'getScopes'> {
  readonly startSession: StartSession
  readonly pendingLogins: SecondFactorFlow
}

const signInSchema = {
  summary: 'Log in with a cookie',
  body: signInBodySchema,
  response: { 200: messageSchema, ...signInFailures }
}

const signInWithSecondFactorSchema = {
  ...signInSchema,
  response: { ...signInSchema.response, 202: secondFactorRequiredSchema }
}

export function loginRoute(scope: FastifyInstance, dependencies: LoginDependencies): void {
  const { credentials, getScopes, startSession, pendingLogins } = dependencies
  const routeSchema =
    credentials.verifySecondFactor === undefined ? signInSchema : signInWithSecondFactorSchema
  scope.post<{ Body: SignInBody }>('/login', { schema: routeSchema }, async (request, reply) => {
    const user = await authenticateUser(credentials, request)
    if ('lacksSecondFactor' in user) {
      reply.code(202)
      return pendingLogins.start(request, user.lacksSecondFactor)
    }
    await startSession(request, reply, user, { scopes: getScopes(user) })
    return { message: 'Login successful' }
  })
}
