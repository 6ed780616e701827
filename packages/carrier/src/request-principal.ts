import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Principal } from '@drawbridge/logins'
import { ambiguousCredential, type HttpError, unguardedRoute } from './errors.ts'
import { checkRoutes } from './check-routes.ts'

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

/** The error where another guard has authenticated the request by another login: never silently one of the two. */
export function findPrincipalConflict(
  { principal: current }: FastifyRequest,
  { loginId }: Principal
): HttpError | null {
  if (!current || current.loginId === loginId) return null
  return ambiguousCredential('credentials of two different logins are presented')
}
