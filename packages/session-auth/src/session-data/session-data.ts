import cookiePlugin from '@fastify/cookie'
import fastifySession from '@fastify/session'
import type { FollowerSlot, GuardHook } from '@drawbridge/carrier'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { OptionError } from '@drawbridge/options'
import { createFollowedIds, type FollowedIds } from './followed-ids.ts'
import { createSessionStore, type SessionStoreDependencies, toData } from './store.ts'
import { SessionDataError, SessionRegenerateError } from '../errors.ts'
import { readCookies } from '../cookies/header.ts'
import type { SessionCookie } from '../cookies/session-cookie.ts'

/**
 * Gives the routes of a scope `request.session`, by @fastify/session. Its hooks read the store on each request, so only
 * the routes of the scope have them; these are guarded too, since there is no session without a login. A request that
 * only reads writes nothing.
 */
export function createSessionData(
  dependencies: Omit<SessionStoreDependencies, 'followed'>,
  cookie: SessionCookie,
  guard: GuardHook,
  following: FollowerSlot
): FastifyPluginAsync {
  const { logins } = dependencies
  const followed = createFollowedIds()
  const store = createSessionStore({ ...dependencies, followed })
  const setParsedCookie = createSetParsedCookie(cookie, followed)
  return fp(
    async (scope: FastifyInstance) => {
      rejectSecondSession(scope)
      // Hooks that are added to an outer scope later run in this one too, and replace our session by theirs.
      scope.addHook('onReady', async () => rejectSecondSession(Object.getPrototypeOf(scope)))
      scope.addHook('onRequest', guard)
      scope.addHook('onRequest', async (request) => adoptUnstored(logins, cookie, following, request))
      scope.addHook('onRequest', async (request) => setParsedCookie(request))
      scope.addHook('onSend', saveChanges)
      scope.addHook('onSend', async (request) => preventSetCookie(request, setParsedCookie))
      // Without its hook: `setParsedCookie` parses.
      if (!scope.hasPlugin('@fastify/cookie')) await scope.register(cookiePlugin, { hook: false })
      await scope.register(fastifySession, {
        secret: cookie.signer as never,
        store,
        idGenerator,
        cookieName: cookie.name,
        cookie: { ...cookie.attributes },
        saveUninitialized: false,
        rolling: false
      })
      scope.addHook('onRequest', async (request, reply) => rejectUnsavedHijack(request, reply))
    },
    { name: '@drawbridge/session-auth/data' }
  )
}

/** @fastify/session and @fastify/secure-session add the same name. */
function rejectSecondSession(scope: Partial<FastifyInstance>): void {
  if (scope.hasRequestDecorator?.('session') !== true) return
  throw new OptionError(
    'app.sessionAuth.sessionData cannot be registered where another plugin has added request.session: register that plugin ' +
      'and app.sessionAuth.sessionData in two scopes, neither of them inside the other'
  )
}

/**
 * Without a login there is no id, and nothing is stored. Only `regenerate` asks for an id where the request has a session
 * already; it fails before it revokes anything.
 */
function idGenerator(request?: FastifyRequest): string {
  if (request?.session?.sessionId) throw new SessionRegenerateError()
  return ''
}

/** The phase `old` of a migration makes no login for a credential of the other system, and only a login has data. */
async function adoptUnstored(
  logins: CarrierLogins,
  cookie: SessionCookie,
  { follower }: FollowerSlot,
  request: FastifyRequest
): Promise<void> {
  const { principal } = request
  if (follower === undefined || principal === null || findOwnCookie(cookie, request) !== null) return
  if ((await logins.resolve(principal.loginId)) === null) await follower.adopt(request, 'limited')
}

/** The session cookie of a request, where it is that of the login which counts. */
function findOwnCookie(cookie: SessionCookie, { headers, principal }: FastifyRequest) {
  const verified = cookie.verify(readCookies(headers.cookie, cookie.name).session)
  if (typeof verified === 'string') return null
  const { content } = verified
  return principal === null || content.loginId === principal.loginId ? content : null
}

type SetParsedCookie = (request: FastifyRequest) => void

/**
 * @fastify/session looks for its cookie among the parsed ones, by other rules than ours: of two that a lenient parser
 * reads as one name it would load the first, and not the one that the guard has checked. It gets that one alone.
 *
 * A migration may have decided that the login of another credential counts: the session is then that one's, and never that of
 * the cookie, whose user may be another.
 */
function createSetParsedCookie(cookie: SessionCookie, followed: FollowedIds): SetParsedCookie {
  return (request) => {
    const { headers, principal } = request
    const value = findOwnCookie(cookie, request) ?? (principal && followed.create(principal.loginId))
    request.cookies ??= request.server.parseCookie(headers.cookie ?? '')
    request.cookies[cookie.name] = value === null ? '' : cookie.sign(value)
  }
}

/**
 * Only we set the cookie. @fastify/session would set its own after a save, and remove (without Secure) one that is signed
 * under an older secret, just when the guard has sent a new one. Where the service sets a cookie of its own in between,
 * the Cookie header is parsed again, so the checked cookie is set again too.
 */
function preventSetCookie(request: FastifyRequest, setParsedCookie: SetParsedCookie): void {
  if (!request.session) return
  setParsedCookie(request)
  Object.defineProperty(request.session, 'isSaved', { value: () => false, configurable: true })
}

/**
 * @fastify/session would save by itself, but not where the cookie is Secure and the connection seems to be plain http, as
 * behind a proxy that is not in `trustProxy`: the change would be lost silently.
 */
async function saveChanges(
  request: FastifyRequest,
  _reply: FastifyReply,
  payload: unknown
): Promise<unknown> {
  if (hasChanged(request)) await request.session.save()
  return payload
}

/** Checks the data first: @fastify/session compares sessions as JSON, and sees no change in what JSON drops. */
function hasChanged({ session }: FastifyRequest): boolean {
  if (!session?.isModified) return false
  toData(session)
  return session.isModified()
}

/** Once a handler has taken over the connection, a change can no longer be saved. */
function rejectUnsavedHijack(request: FastifyRequest, reply: FastifyReply): void {
  const hijack = reply.hijack.bind(reply)
  reply.hijack = () => {
    if (hasChanged(request))
      throw new SessionDataError(
        'request.session was changed before reply.hijack(): await request.session.save() first'
      )
    return hijack()
  }
}
