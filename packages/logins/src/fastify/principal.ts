import type { FastifyInstance } from 'fastify'
import type { Principal } from '../principal.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes this request; null where no guard ran or the request shows no login. */
    principal: Principal | null
  }
}

/** Adds `request.principal`. Both carriers call it; the second call does nothing. */
export function decoratePrincipal(app: FastifyInstance): void {
  if (!app.hasRequestDecorator('principal')) app.decorateRequest('principal', null)
}
