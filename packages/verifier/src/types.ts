import type { AuthenticateOutcome, Guard } from '@drawbridge/carrier'
import type { RoutePolicy } from '@drawbridge/logins'
import type { FollowedLoginsHealth } from '@drawbridge/logins/carrier'
import type { FastifyRequest } from 'fastify'

/** Verifies access tokens of an issuer without its store. */
export interface TokenVerifier {
  /**
   * Whether an access token is valid, and its login active. A promise only for a token that is not cached.
   *
   * @throws LoginsUnavailableError, 503, where that is uncertain; OptionError for a wrong policy.
   * @example
   * const outcome = await tokens.verify(message.token)
   * if (outcome.ok) console.log(outcome.principal.username)
   */
  readonly verify: (token: string, policy?: RoutePolicy) => AuthenticateOutcome | Promise<AuthenticateOutcome>
  /** No I/O. */
  readonly health: () => FollowedLoginsHealth
  /** Resolves when the feed is fresh; for readiness probes. @throws LoginsUnavailableError, 503. */
  readonly ping: () => Promise<void>
}

/** A {@link TokenVerifier} that nothing else closes. */
export interface ClosableTokenVerifier extends TokenVerifier {
  /** Closes the feed, and fetches no keys any more. */
  readonly close: () => Promise<void>
}

/** What the plugin adds to the application, as `app.verifier`. */
export interface Verifier extends TokenVerifier {
  readonly guard: Guard
  /**
   * Whether a request presents a valid access token, without sending a response: for routes that also serve requests without a
   * login. A promise only for a token that is not cached.
   *
   * @throws LoginsUnavailableError, 503, where that is uncertain; OptionError for a wrong policy.
   * @example
   * const outcome = await app.verifier.authenticate(request)
   * return outcome.ok ? `Hello ${outcome.principal.username}` : 'Hello'
   */
  authenticate(
    request: FastifyRequest,
    policy?: RoutePolicy
  ): AuthenticateOutcome | Promise<AuthenticateOutcome>
}

declare module 'fastify' {
  interface FastifyInstance {
    verifier: Verifier
  }
}
