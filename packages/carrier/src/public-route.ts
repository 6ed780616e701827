import type { FastifyInstance, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What guards are to know of this route. */
    drawbridge?: RouteConfig
  }
}

export interface RouteConfig {
  /** Guards let everybody through to this route. Default false. */
  readonly public?: boolean
}

/** Opens all routes of a scope. */
export function markPublic(scope: FastifyInstance): void {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, drawbridge: { public: true } }
  })
}

/**
 * Whether a guard lets a request through that it would refuse, or would ask the store about: the route is marked; or
 * there is none, and a 404 tells nothing; or it is a CORS preflight, which never carries a credential (Fetch standard,
 * section 4.8), on its way to what answers preflights and nothing else. A route of several methods is no such thing:
 * its handler would run.
 */
export function isGuardExempt(request: FastifyRequest): boolean {
  const { method, config } = request.routeOptions
  if (config?.drawbridge?.public === true) return true
  if (request.is404) return !isPastOnRequest(request)
  return method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
}

/**
 * A guard at `preHandler` or `preValidation` of a 404 was put there by name, before a not-found handler that answers
 * with more than that (`setNotFoundHandler({ preHandler: guard }, …)`). Fastify has no word for where a hook runs; it
 * notes where the body comes from once `onRequest` is over.
 */
function isPastOnRequest(request: FastifyRequest): boolean {
  return Object.getOwnPropertySymbols(request).some(
    ({ description }) => description === 'fastify.RequestPayloadStream'
  )
}
