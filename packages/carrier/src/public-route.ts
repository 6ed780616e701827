import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ErrorCode } from './open-api/error-catalogue.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What guards and an OpenAPI document read of this route. */
    drawbridge?: RouteConfig
  }
}

/** The member `drawbridge` of a route's `config`. */
export interface RouteConfig {
  /** True: guards let every request through to this route. Default false. */
  readonly public?: boolean
  /** Codes of errors of ours that its handler may send, for `describeErrors`: those of a sign-in route of the service's own. */
  readonly errors?: readonly ErrorCode[]
}

/** Makes all routes of a scope public. */
export function markPublic(scope: FastifyInstance): void {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, drawbridge: { public: true } }
  })
}

/**
 * Whether a guard accepts a request that it would reject, or would ask the store about: the route is marked; or
 * there is none, and a 404 reveals nothing; or it is a CORS preflight, which never carries a credential (Fetch standard,
 * section 4.8), on its way to a handler of preflights only. A route of several methods is not one:
 * its handler would run.
 */
export function isGuardExempt(request: FastifyRequest): boolean {
  const { method, config } = request.routeOptions
  if (config?.drawbridge?.public === true) return true
  if (request.is404) return !isPastOnRequest(request)
  return method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
}

/**
 * A guard at `preHandler` or `preValidation` of a 404 was put there by name, before a not-found handler that responds
 * with more than that (`setNotFoundHandler({ preHandler: guard }, …)`). Fastify has no word for where a hook runs; it
 * notes where the body comes from once `onRequest` is over.
 */
function isPastOnRequest(request: FastifyRequest): boolean {
  return Object.getOwnPropertySymbols(request).some(
    ({ description }) => description === 'fastify.RequestPayloadStream'
  )
}
