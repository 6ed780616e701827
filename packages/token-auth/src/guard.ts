import type { Principal } from '@drawbridge/logins'
import {
  ambiguousCredential,
  conflictOf,
  createGuardHook,
  type GuardHook,
  type GuardOptions,
  type HttpError,
  insufficientScope,
  isOpen,
  unauthorized,
  whenSent
} from '@drawbridge/logins/fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authentication, Authenticator, Unsettled } from './authenticate.ts'
import { challenge } from './challenge.ts'

/** No promise for a known token (bench, `token-guard-eddsa`, without HTTP: 0.75 µs, async 0.82). */
export type Guard = GuardHook

/**
 * Lets a request through that shows a living login with all the scopes, and sets `request.principal`. A public route is
 * open to the others too: it has a principal where this node knows of one by itself.
 */
export function createGuard(authenticator: Authenticator, options: GuardOptions): Guard {
  const { scopes = [], ...policy } = options
  const admit = (request: FastifyRequest, reply: FastifyReply, principal: Principal): HttpError | null => {
    const fault = scopeFault(principal, scopes) ?? conflictOf(request, principal)
    if (fault !== null && !isOpen(request)) return refuse(reply, fault)
    request.principal = fault === null ? principal : null
    return null
  }
  const ask = async (request: FastifyRequest, reply: FastifyReply, unsettled: Unsettled) => {
    const answer = await authenticator.settle(unsettled, policy)
    return answer.ok ? admit(request, reply, answer.principal) : refuse(reply, refusalOf(answer))
  }
  return createGuardHook((request, reply) => {
    const known = authenticator.recall(request)
    if (known.ok !== true && isOpen(request)) return null
    // What a guard lets out depends on who asks; a handler that knows better sets it anew.
    reply.header('cache-control', 'no-store')
    if (known.ok === true) return admit(request, reply, known.principal)
    return known.ok === null ? ask(request, reply, known) : refuse(reply, refusalOf(known))
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

/**
 * The challenge goes with the answer even where an error handler of the application's own does not copy the headers of
 * the error, and not with the answer of another guard that lets the request in.
 */
function refuse(reply: FastifyReply, error: HttpError): HttpError {
  whenSent(reply, (statusCode, headers) =>
    statusCode === error.statusCode && headers['www-authenticate'] === undefined ? (error.headers ?? {}) : {}
  )
  return error
}
