import type { OutagePolicy, Principal } from '@drawbridge/logins'
import {
  ambiguousCredential,
  createGuardHook,
  type GuardHook,
  type HttpError,
  insufficientScope,
  unauthorized
} from '@drawbridge/logins/fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticate, Authentication } from './authenticate.ts'
import { challenge } from './challenge.ts'
import { checkScopes } from './scopes.ts'

/** No promise for a known token (bench, `token-guard-eddsa`, without HTTP: 0.75 µs, async 0.82). */
export type Guard = GuardHook

/** What a route wants of a guard. */
export interface GuardOptions extends OutagePolicy {
  /** The login must have all of these; 403 otherwise. */
  readonly scopes?: readonly string[]
}

/** Lets a request through that shows a living login with all the scopes, and sets `request.principal`. */
export function createGuard(authenticate: Authenticate, options: GuardOptions = {}): Guard {
  const { scopes = [], ...policy } = options
  checkScopes(scopes)
  const conclude = (request: FastifyRequest, reply: FastifyReply, answer: Authentication): Error | null => {
    const refusal = answer.ok ? scopeFault(answer.principal, scopes) : refusalOf(answer)
    if (refusal !== null) return refuse(reply, refusal)
    if (answer.ok) request.principal = answer.principal
    return null
  }
  return createGuardHook((request, reply) => {
    // What a guard lets out depends on who asks; a handler that knows better sets it anew.
    reply.header('cache-control', 'no-store')
    const answer = authenticate(request, policy)
    if (!(answer instanceof Promise)) return conclude(request, reply, answer)
    return answer.then((settled) => conclude(request, reply, settled))
  })
}

/** The answer to a request whose credential does not hold. One body for all causes; the cause is for the log. */
export function refusalOf({ reason, cause }: Exclude<Authentication, { ok: true }>): HttpError {
  switch (reason) {
    case 'ambiguous':
      return ambiguousCredential(cause, challenge('invalid_request'))
    case 'none':
      return unauthorized(cause, challenge())
    case 'invalid':
      return unauthorized(cause, challenge('invalid_token'))
  }
}

function scopeFault({ scopes: held }: Principal, needed: readonly string[]): HttpError | null {
  const missing = needed.find((scope) => !held.includes(scope))
  if (missing === undefined) return null
  return insufficientScope(missing, challenge('insufficient_scope', needed.join(' ')))
}

/** The headers go on the reply too: an error handler of the application's own may not copy those of the error. */
function refuse(reply: FastifyReply, error: HttpError): HttpError {
  reply.headers(error.headers ?? {})
  return error
}
