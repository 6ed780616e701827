// `request.session` is typed there, and the types are to reach the services that use this package.
/// <reference types="@fastify/session" preserve="true" />
import type {
  AuthenticateOutcome,
  Guard,
  GuardHook,
  PageGuardOptions,
  SecondFactorFlow,
  VerifyPassword
} from '@drawbridge/carrier'
import type { Principal, RoutePolicy } from '@drawbridge/logins'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { OriginOptions } from './origin.ts'
import type { ReauthenticateInput } from './sessions/reauthenticate.ts'
import type { RevokeOthersOptions } from './sessions/revoke-others.ts'
import type { StartSessionInput } from './sessions/start.ts'

/** What the plugin adds to the application, as `app.sessionAuth`. Methods reject with the {@link HttpError} to send. */
export interface SessionAuth {
  readonly guard: Guard<PageGuardOptions>
  /**
   * Whether a request presents a valid session, without sending a response: for routes that also serve requests without a login.
   * A promise only where the store must be asked. It sets no headers, and the response depends on a cookie: set
   * `Cache-Control` and `Vary` where a cache may store it.
   *
   * @throws HttpError 503; OptionError for a wrong policy.
   * @example
   * const outcome = await app.sessionAuth.authenticate(request)
   * return outcome.ok ? `Hello ${outcome.principal.username}` : 'Hello'
   */
  authenticate(
    request: FastifyRequest,
    policy?: RoutePolicy
  ): AuthenticateOutcome | Promise<AuthenticateOutcome>
  /** onRequest hook for sign-in and log-out routes of your own: unsafe methods only from our own pages. */
  readonly requireSameOrigin: GuardHook
  /**
   * Signs in a user whose credentials were verified just now: creates a login, sets its cookie, and revokes the login of
   * each session cookie of the request, so that a planted cookie gains nothing (ASVS 5.0 7.2.4, session fixation). With a
   * `passwordStamp` it checks that the password is still the user's.
   *
   * @throws HttpError 400, 401, 403 or 503; OptionError for an unknown member.
   * @example
   * const outcome = await credentials.verify({ username, password, address: request.ip })
   * if (!outcome.ok) throw unauthorized(outcome.reason)
   * await app.sessionAuth.startSession(request, reply, { ...outcome, scopes: ['read'] })
   */
  startSession(request: FastifyRequest, reply: FastifyReply, input: StartSessionInput): Promise<Principal>
  /**
   * Records that the user of the request's session has authenticated again, by credentials that were verified just now (step-up,
   * ASVS 5.0 7.5.3): the login stays the same, `principal.authenticatedAt` becomes now on every node, and its cookie is replaced. The
   * old one is worthless, except that the same request may be repeated with it after a lost response, and that it logs out. With a
   * `passwordStamp` it checks that the password is still the user's.
   *
   * @throws HttpError 400, 401, 403 or 503: 401 also for credentials of another user; OptionError for an unknown member.
   * @example
   * const signIn = await app.sessionAuth.verifyPassword(request, { username: principalOf(request).username, password })
   * await app.sessionAuth.reauthenticate(request, reply, signIn)
   */
  reauthenticate(request: FastifyRequest, reply: FastifyReply, input: ReauthenticateInput): Promise<Principal>
  /** For sign-in routes of your own: verifies the password, or throws the error to send. */
  readonly verifyPassword: VerifyPassword
  /** For sign-in routes of your own: sign-ins that wait for a second factor. */
  readonly pendingLogins: SecondFactorFlow
  /**
   * Revokes the login of the request's cookie on every node and removes the cookie; without a login it only removes the
   * cookie. Of several cookies it revokes the login of each, and asks the store about each even where this node does not
   * know the secret that signed it.
   *
   * @throws HttpError 400 where the cookies of our name are too many to look up, 403 for an unsafe request of another
   * origin, 503 while it is not certain that the login was revoked: the cookie then stays.
   * @example
   * await app.sessionAuth.endSession(request, reply)
   */
  endSession(request: FastifyRequest, reply: FastifyReply, options?: OriginOptions): Promise<void>
  /**
   * Revokes all logins of the user except the one of the request, as after a change of password (ASVS 5.0 7.4.3). Asks the
   * store for the login of the request. For the user who called it the others are revoked at once, whichever node serves
   * the next request.
   *
   * @returns how many it revoked.
   * @throws HttpError 400, 401, 403 or 503.
   * @example
   * const revokedCount = await app.sessionAuth.revokeOthers(request, reply)
   */
  revokeOthers(request: FastifyRequest, reply: FastifyReply, options?: RevokeOthersOptions): Promise<number>
  /** Plugin for a scope whose routes use `request.session`; it guards them too. */
  readonly sessionData: FastifyPluginAsync
}

declare module 'fastify' {
  interface FastifyInstance {
    sessionAuth: SessionAuth
  }
}
