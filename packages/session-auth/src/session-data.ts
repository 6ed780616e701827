import cookiePlugin from '@fastify/cookie'
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
  const showHandle = createShowHandle(cookie)
  return fp(
    async (scope: FastifyInstance) => {
      scope.addHook('onRequest', guard)
      scope.addHook('onRequest', async (request) => showHandle(request))
      scope.addHook('onSend', saveChanges)
      scope.addHook('onSend', async (request) => keepItFromCookies(request, showHandle))
      // Without its hook: `showHandle` parses.
      if (!scope.hasPlugin('@fastify/cookie')) await scope.register(cookiePlugin, { hook: false })
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

type ShowHandle = (request: FastifyRequest) => void

/**
 * @fastify/session finds its cookie among the parsed ones, by other rules than ours: of two that a lenient reader
 * takes for one name it would load the first, and not the one that the guard has checked. It is shown that one alone.
 */
function createShowHandle(cookie: SessionCookie): ShowHandle {
  return (request) => {
    const { cookie: header } = request.headers
    const opened = cookie.openIn(header)
    request.cookies ??= request.server.parseCookie(header ?? '')
    request.cookies[cookie.name] = typeof opened === 'string' ? '' : cookie.write(opened.handle)
  }
}

/**
 * The cookie is for us to set. @fastify/session would set its own after a save, and remove (without Secure) one that
 * is signed under an older secret, just when the guard has sent it anew. Setting a cookie of the service's own in
 * between reads the Cookie header again, so the handle is shown again.
 */
function keepItFromCookies(request: FastifyRequest, showHandle: ShowHandle): void {
  if (!request.session) return
  showHandle(request)
  Object.defineProperty(request.session, 'isSaved', { value: () => false, configurable: true })
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
