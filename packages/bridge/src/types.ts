import type {
  AccessTokenResponse,
  Guard,
  PageGuardOptions,
  Reauthentication,
  VerifiedSignIn
} from '@drawbridge/carrier'
import type { Principal, RevocationCause, RoutePolicy } from '@drawbridge/logins'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { BridgeOutcome } from './outcome.ts'

/** Options of `sessionForToken`. */
export interface SessionForTokenOptions {
  /**
   * True: a first refresh token too, which makes the token a way of its own into the login, for as long as that lasts.
   * Default false: an access token alone; the session stays what the next one is asked for with.
   */
  readonly refreshToken?: boolean | undefined
}

/** Options of `logOut`. */
export interface LogOutOptions {
  /** A refresh token whose login is revoked too: a client that logs out often has no valid access token. */
  readonly refreshToken?: string | undefined
}

/** Options of `changePassword`. */
export interface ChangePasswordOptions {
  /**
   * True: the other logins of the user stay, where users may choose that (ASVS 5.0 7.4.3). It may be what the client sent: anything
   * but `true` revokes them. Default false.
   */
  readonly keepOthers?: boolean | undefined
}

/** What the plugin adds to the application, as `app.bridge`. Methods reject with the {@link HttpError} to send. */
export interface Bridge {
  /**
   * Takes a token or a session cookie. A token that is presented counts alone, without proof of origin; without one the cookie
   * counts. A request with a valid token and a valid session of another user is rejected with 400.
   */
  readonly guard: Guard<PageGuardOptions>
  /**
   * Whether a request presents a valid credential of either carrier, without sending a response: for routes that also serve
   * requests without a login. A promise only where the store must be asked. It sets no headers, and the response depends on
   * cookies: set `Cache-Control` and `Vary` where a cache may store it.
   *
   * @throws HttpError 503; OptionError for a wrong policy.
   * @example
   * const outcome = await app.bridge.authenticate(request)
   * return outcome.ok ? `Hello ${outcome.principal.username}` : 'Hello'
   */
  authenticate(request: FastifyRequest, policy?: RoutePolicy): BridgeOutcome | Promise<BridgeOutcome>
  /**
   * Revokes every login that the request presents, on every node and by whatever carrier, and removes its cookies. Without a
   * login it only removes the cookies.
   *
   * @throws HttpError 401 where a token is presented, and no login can be found by it or by anything beside it; 403 for a request of another origin with
   * a cookie, or without a token; 400 for credentials too many to look up; 503 while it is not certain that all were
   * revoked: the cookies then stay.
   * @example
   * await app.bridge.logOut(request, reply)
   */
  logOut(request: FastifyRequest, reply: FastifyReply, options?: LogOutOptions): Promise<void>
  /**
   * Revokes all logins of the user except the one of the request, as after a change of password (ASVS 5.0 7.4.3).
   *
   * @param cause for their events. Default: by the `user`.
   * @returns how many it revoked.
   * @throws HttpError 400, 401, 403 or 503; OptionError for a wrong cause.
   * @example
   * const revokedCount = await app.bridge.revokeOthers(request, reply)
   */
  revokeOthers(request: FastifyRequest, reply: FastifyReply, cause?: RevocationCause): Promise<number>
  /**
   * Records that the user of the request has authenticated again, by whichever credential counts: as `reauthenticate` of that
   * carrier. The other credential of the login stays as it is, unless `dropOther` says that it is removed.
   *
   * @returns the tokens to send; null where the cookie of a session was replaced.
   * @throws HttpError 400, 401, 403 or 503: 401 also for credentials of another user; OptionError for an unknown member.
   * @example
   * app.post('/reauthenticate', { onRequest: app.bridge.guard }, async (request, reply) => {
   *   const { password } = request.body as { password: unknown }
   *   const { username } = principalOf(request)
   *   const signIn = await app.tokenAuth.verifyPassword(request, { username, password })
   *   return (await app.bridge.reauthenticate(request, reply, signIn)) ?? { message: 'Authenticated' }
   * })
   */
  reauthenticate(
    request: FastifyRequest,
    reply: FastifyReply,
    verified: Reauthentication
  ): Promise<AccessTokenResponse | null>
  /**
   * Changes the password of the user of a guarded request, and then revokes all other logins of the user, unless `keepOthers` is
   * true. The attempt is counted as a sign-in is.
   *
   * @param body as the client sent it: `{ currentPassword, newPassword }`.
   * @returns what `reauthenticate` takes, which gives this login a new credential.
   * @throws HttpError to send: 400 for what is no password or breaks a rule, 403 for a wrong current password, 429 or 503; 500
   * where no guard ran.
   * @example
   * app.post('/password', { onRequest: app.bridge.guard }, async (request, reply) => {
   *   await app.bridge.changePassword(request, reply, request.body)
   *   return { message: 'Changed' }
   * })
   */
  changePassword(
    request: FastifyRequest,
    reply: FastifyReply,
    body: unknown,
    options?: ChangePasswordOptions
  ): Promise<VerifiedSignIn>
  /**
   * Issues an access token of the login of a session, for its cookie, from pages of our own. The login stays one, and nothing
   * of it grows: its end, its scopes, when the user authenticated. Any number of calls may be made.
   *
   * With `refreshToken` the login also gets its first refresh token. Calls at once, and calls again within the grace time of
   * token-auth, get the very same one.
   *
   * It sets no header: send the tokens with `Cache-Control: no-store` (RFC 6749 section 5.1).
   *
   * @throws HttpError 400, 401, 403 or 503; 409 where the login has a refresh token that cannot be given again.
   * @example
   * app.post('/tokens', async (request, reply) => {
   *   reply.header('cache-control', 'no-store')
   *   return app.bridge.sessionForToken(request)
   * })
   */
  sessionForToken(request: FastifyRequest, options?: SessionForTokenOptions): Promise<AccessTokenResponse>
  /**
   * Sets the cookie of a session of the login of a refresh token, which stays valid. The session ends when one of a sign-in now
   * would, or with the login where that is sooner. Calls at once, and calls again while it lasts, set the very same cookie.
   * Other sessions of the user that the request presents are revoked, as their cookie is replaced.
   *
   * @throws HttpError 400, 401, 403 or 503; 409 where the login has a session that the request does not present.
   * @example
   * const principal = await app.bridge.tokenForSession(request, reply, request.body.refresh_token)
   */
  tokenForSession(request: FastifyRequest, reply: FastifyReply, refreshToken: string): Promise<Principal>
}

declare module 'fastify' {
  interface FastifyInstance {
    bridge: Bridge
  }
}
