import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Principal } from '@drawbridge/logins'
import { ambiguousCredential, type HttpError, keyNotAllowed, unguardedRoute } from './errors.ts'
import { checkRoutes } from './check-routes.ts'
import { noteRejection } from './rejections.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The user and login of this request; null where no guard ran or no valid credential was presented. */
    principal: Principal | null
  }
}

/** Adds `request.principal`, and checks the guards of routes. Both carriers call it; the second call does nothing. */
export function decoratePrincipal(app: FastifyInstance): void {
  if (app.hasRequestDecorator('principal')) return
  app.decorateRequest('principal', null)
  checkRoutes(app)
}

/**
 * The principal of a request behind a guard, which is never null there.
 *
 * @throws HttpError 500 where no guard has authenticated the request: the route has none, or is public.
 * @example
 * app.get('/me', { onRequest: app.sessionAuth.guard }, (request) => ({ id: principalOf(request).userId }))
 */
export function principalOf({ principal }: Pick<FastifyRequest, 'principal'>): Principal {
  if (!principal) throw unguardedRoute()
  return principal
}

/**
 * Refuses a request that a key has authenticated: a personal access token makes no other credential, lists none and changes no
 * password. For routes of your own that do.
 *
 * @throws HttpError 403.
 * @example
 * app.get('/keys', { onRequest: app.bridge.guard }, (request) => {
 *   refuseKey(request.principal)
 *   return app.keyAuth.list(principalOf(request).userId)
 * })
 */
export function refuseKey(principal: (Pick<Principal, 'carrier'> & Partial<Principal>) | null): void {
  if (principal?.carrier !== 'key') return
  const { carrier, loginId, userId } = principal
  const error = keyNotAllowed('the request is authenticated by a key')
  throw noteRejection(error, { reason: 'key-not-allowed', carrier, loginId, userId })
}

/** The error where another guard has authenticated the request by another login: never silently one of the two. */
export function findPrincipalConflict(
  { principal: current }: FastifyRequest,
  { loginId }: Principal
): HttpError | null {
  if (!current || current.loginId === loginId) return null
  return ambiguousCredential('credentials of two different logins are presented')
}
