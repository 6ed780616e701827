import fastifySession from '@fastify/session'
import type { Logins } from '@drawbridge/logins'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { asFastifyStore } from './as-fastify-store.ts'
import type { Guard } from './guard.ts'
import type { SessionCookie } from './session-cookie.ts'

/**
 * Gives the routes of a scope `request.session`, by @fastify/session. Its hooks read the store on each request, so
 * they are kept to the routes that ask for them; those routes are guarded too, for there is no session without a
 * login. A request that only reads writes nothing.
 */
export function createSessionData(logins: Logins, cookie: SessionCookie, guard: Guard): FastifyPluginAsync {
  const store = asFastifyStore(logins)
  return fp(
    async (scope: FastifyInstance) => {
      scope.addHook('onRequest', guard)
      scope.addHook('onRequest', parseCookies)
      scope.addHook('onSend', saveChanges)
      await scope.register(fastifySession, {
        secret: cookie.signer as never,
        store,
        cookieName: cookie.name,
        cookie: { ...cookie.attributes },
        saveUninitialized: false,
        rolling: false
      })
    },
    { name: '@drawbridge/session-auth/data' }
  )
}

/** @fastify/session finds its cookie among the parsed ones. */
async function parseCookies(request: FastifyRequest): Promise<void> {
  request.cookies ??= request.server.parseCookie(request.headers.cookie ?? '')
}

/**
 * @fastify/session would save by itself, but not where the cookie is Secure and the connection seems to be plain
 * http, as it does behind a proxy that the application was not told of: the change would be lost without a word.
 */
async function saveChanges(
  request: FastifyRequest,
  _reply: FastifyReply,
  payload: unknown
): Promise<unknown> {
  if (request.session?.isModified?.()) await request.session.save()
  return payload
}
