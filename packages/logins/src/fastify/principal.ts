import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Principal } from '../principal.ts'
import { ambiguousCredential, type HttpError } from './errors.ts'

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

/** The answer where another guard has taken the request for one of another login: never silently one of the two. */
export function conflictOf({ principal: earlier }: FastifyRequest, { loginId }: Principal): HttpError | null {
  if (!earlier || earlier.loginId === loginId) return null
  return ambiguousCredential('credentials of two different logins are shown')
}
