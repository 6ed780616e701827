import type {
  AccessTokenResponse,
  AuthenticateOutcome,
  Guard,
  SecondFactorFlow,
  Reauthentication,
  VerifyPassword
} from '@drawbridge/carrier'
import type { RevocationCause, RoutePolicy } from '@drawbridge/logins'
import type { FastifyRequest } from 'fastify'
import type { IssueTokensInput } from './access-tokens/issue.ts'
import type { TokenResponse } from './access-tokens/token-response.ts'
import type { PublicJwkSet } from './keys/jwks.ts'
import type { RefreshOutcome } from './refresh/refresh.ts'

/** What the plugin adds to the application, as `app.tokenAuth`. Methods reject with the {@link HttpError} to send. */
export interface TokenAuth {
  readonly guard: Guard
  /**
   * Whether a request presents a valid access token, without sending a response: for routes that also serve requests without a
   * login. A promise only where the store must be asked.
   *
   * @throws HttpError 503; OptionError for a wrong policy.
   * @example
   * const outcome = await app.tokenAuth.authenticate(request)
   * return outcome.ok ? `Hello ${outcome.principal.username}` : 'Hello'
   */
  authenticate(
    request: FastifyRequest,
    policy?: RoutePolicy
  ): AuthenticateOutcome | Promise<AuthenticateOutcome>
  /**
   * As `authenticate`, of an access token that is not in a header: from a message of a WebSocket or a job of a queue.
   *
   * @throws HttpError 503; OptionError for a wrong policy.
   * @example
   * const outcome = await app.tokenAuth.verify(message.token)
   * if (!outcome.ok) socket.close(1008)
   */
  verify(token: string, policy?: RoutePolicy): AuthenticateOutcome | Promise<AuthenticateOutcome>
  /**
   * Signs in a user whose credentials were verified just now: creates a login and its first tokens. With a `passwordStamp`
   * it checks that the password is still the user's.
   *
   * @throws HttpError 401 or 503; OptionError for an unknown member.
   * @example
   * const outcome = await credentials.verify({ username, password, address: request.ip })
   * if (!outcome.ok) throw unauthorized(outcome.reason)
   * return app.tokenAuth.issueTokens(request, { ...outcome, scopes: ['read'] })
   */
  issueTokens(request: FastifyRequest, input: IssueTokensInput): Promise<TokenResponse>
  /**
   * Records that the user of the request's access token has authenticated again, by credentials that were verified just now (step-up,
   * RFC 9470, ASVS 5.0 7.5.3): the login stays the same, and gets a new access token, whose `auth_time` is now, and a new refresh
   * token where it has one. No earlier refresh token is valid any more; an access token from before is as old as it says. Calls at
   * once, and calls again with the same access token until the new refresh token is used, get the same one. With a
   * `passwordStamp` it checks that the password is still the user's.
   *
   * It sets no header: send the tokens with `Cache-Control: no-store` (RFC 6749 section 5.1).
   *
   * @throws HttpError 400, 401 or 503: 401 also for credentials of another user; OptionError for an unknown member.
   * @example
   * const signIn = await app.tokenAuth.verifyPassword(request, { username: principalOf(request).username, password })
   * return app.tokenAuth.reauthenticate(request, signIn)
   */
  reauthenticate(request: FastifyRequest, verified: Reauthentication): Promise<AccessTokenResponse>
  /** For sign-in routes of your own: verifies the password, or throws the error to send. */
  readonly verifyPassword: VerifyPassword
  /** For sign-in routes of your own: sign-ins that wait for a second factor. */
  readonly pendingLogins: SecondFactorFlow
  /**
   * Replaces a refresh token (RFC 9700 section 4.14.2). A reused one has revoked its login when this resolves.
   *
   * @throws HttpError 503.
   * @example
   * const outcome = await app.tokenAuth.refresh(request.body.refresh_token)
   * if (!outcome.ok) throw unauthorized(outcome.reason, 'invalid_token')
   * return outcome.response
   */
  refresh(refreshToken: string): Promise<RefreshOutcome>
  /**
   * Revokes a login on every node, whatever its carrier. The cause is for its event.
   *
   * @returns whether it was active.
   * @throws HttpError 503; OptionError for a wrong cause.
   */
  revoke(loginId: string, cause?: RevocationCause): Promise<boolean>
  /**
   * Revokes all logins of the user except the one of the request's access token, as after a change of password
   * (ASVS 5.0 7.4.3). Asks the store for the login of the request.
   *
   * @param cause for their events. Default: by the `user`.
   * @returns how many it revoked.
   * @throws HttpError 400, 401 or 503; OptionError for a wrong cause.
   * @example
   * const revokedCount = await app.tokenAuth.revokeOthers(request)
   */
  revokeOthers(request: FastifyRequest, cause?: RevocationCause): Promise<number>
  /** The public keys, for others to verify access tokens with. */
  readonly jwks: PublicJwkSet
}

declare module 'fastify' {
  interface FastifyInstance {
    tokenAuth: TokenAuth
  }
}
