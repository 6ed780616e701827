import { createSignInResponse } from '@drawbridge/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import { startSession, type StartSessionDependencies, type StartSessionInput } from './start.ts'

/** Starts the session of a sign-in by our routes. @returns the body of the response. */
export type SignIn = (
  request: FastifyRequest,
  reply: FastifyReply,
  signIn: StartSessionInput
) => Promise<object>

interface Dependencies extends StartSessionDependencies {
  readonly options: ParsedOptions
}

/** Creates the last step of a sign-in by our routes. */
export function createSignIn(dependencies: Dependencies): SignIn {
  const { getSignInResponse } = dependencies.options
  return async (request, reply, signIn) => {
    let body: object = { message: 'Login successful' }
    await startSession(dependencies, request, reply, signIn, async (principal) => {
      if (getSignInResponse === undefined) return
      const option = { name: 'sessionAuth.getSignInResponse', getSignInResponse }
      body = await createSignInResponse(option, principal, request)
    })
    return body
  }
}
