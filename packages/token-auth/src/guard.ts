import type { Principal } from '@drawbridge/logins'
import {
  findPrincipalConflict,
  createGuardHook,
  type GuardHook,
  type GuardOptions,
  type HttpError,
  insufficientScope,
  isGuardExempt,
  onHeaders
} from '@drawbridge/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticator, UnresolvedToken } from './authenticate.ts'
import { challenge } from './access-tokens/challenge.ts'
import { toHttpError } from './errors.ts'

/** No promise for a known token (bench, `token-guard-eddsa`, without HTTP: 0.75 µs, async 0.82). */
export type Guard = GuardHook

/**
 * Lets a request through that shows a living login with all the scopes, and sets `request.principal`. A public route is
 * open to the others too: it has a principal where this node knows of one by itself.
 */
export function createGuard(authenticator: Authenticator, options: GuardOptions): Guard {
  const { scopes = [], ...policy } = options
  const authorize = (
    request: FastifyRequest,
    reply: FastifyReply,
    principal: Principal
  ): HttpError | null => {
    const error = checkScopes(principal, scopes) ?? findPrincipalConflict(request, principal)
    if (error !== null && !isGuardExempt(request)) return withChallenge(reply, error)
    request.principal = error === null ? principal : null
    return null
  }
  const askStore = async (request: FastifyRequest, reply: FastifyReply, unresolved: UnresolvedToken) => {
    const outcome = await authenticator.resolve(unresolved, policy)
    return outcome.ok
      ? authorize(request, reply, outcome.principal)
      : withChallenge(reply, toHttpError(outcome))
  }
  return createGuardHook((request, reply) => {
    const known = authenticator.authenticateLocally(request)
    if (known.ok !== true && isGuardExempt(request)) return null
    // What a guard lets out depends on who asks; a handler that knows better sets it anew.
    reply.header('cache-control', 'no-store')
    if (known.ok === true) return authorize(request, reply, known.principal)
    return known.ok === null ? askStore(request, reply, known) : withChallenge(reply, toHttpError(known))
  })
}

function checkScopes({ scopes: granted }: Principal, required: readonly string[]): HttpError | null {
  const missing = required.find((scope) => !granted.includes(scope))
  if (missing === undefined) return null
  return insufficientScope(missing, challenge('insufficient_scope', required.join(' ')))
}

/**
 * The challenge goes with the answer even where an error handler of the application's own does not copy the headers of
 * the error, and not with the answer of another guard that lets the request in.
 */
function withChallenge(reply: FastifyReply, error: HttpError): HttpError {
  onHeaders(reply, (statusCode, headers) =>
    statusCode === error.statusCode && headers['www-authenticate'] === undefined ? (error.headers ?? {}) : {}
  )
  return error
}
