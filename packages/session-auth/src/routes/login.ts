import { acceptForms, authenticateUser, nextPath, readSignInBody } from '@drawbridge/carrier'
import type { FastifyInstance } from 'fastify'
import type { ParsedOptions } from '../options.ts'
import type { SessionAuthApi } from '../api.ts'
import { readCheckbox, redirectFailedForms, sendOrRedirect } from './forms.ts'
import { isRemembered } from './remember.ts'
import { createSignInSchema } from './schemas.ts'

/** `POST /login`, in a scope of its own, which may take forms. */
export function loginRoute(
  scope: FastifyInstance,
  path: string,
  options: ParsedOptions,
  { sessionAuth: { pendingLogins }, signIn }: SessionAuthApi
): void {
  const { forms } = options
  if (forms !== null) {
    acceptForms(scope)
    redirectFailedForms(scope, forms)
    readCheckbox(scope, 'remember')
  }
  const schema = createSignInSchema(options)
  scope.post(path, { schema }, async (request, reply) => {
    const outcome = await authenticateUser(options, request, readSignInBody(request, options.usernameField))
    if (outcome.status === 'second-factor-required') {
      reply.code(202)
      return pendingLogins.start(request, outcome)
    }
    const body = await signIn(request, reply, { ...outcome, remember: isRemembered(request) })
    return sendOrRedirect(
      request,
      reply,
      forms === null ? undefined : nextPath(request, forms.afterSignIn),
      body
    )
  })
}
