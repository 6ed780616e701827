import type { AuthenticateOutcome, CreatedKey, Guard, KeyView, NewKeyInput } from '@drawbridge/carrier'
import type { Principal, RevocationCause, RoutePolicy } from '@drawbridge/logins'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { KeyOwner } from './keys/create-key.ts'

/** What the plugin adds to the application, as `app.keyAuth`. Methods reject with the {@link HttpError} to send. */
export interface KeyAuth {
  /** Takes keys alone. `app.bridge.guard` takes them beside cookies and access tokens. */
  readonly guard: Guard
  /**
   * Whether a request presents a valid key, without sending a response: for routes that also serve requests without a login. A
   * promise only where the store must be asked.
   *
   * @throws HttpError 503; OptionError for a wrong policy.
   * @example
   * const outcome = await app.keyAuth.authenticate(request)
   * return outcome.ok ? `Hello ${outcome.principal.username}` : 'Hello'
   */
  authenticate(
    request: FastifyRequest,
    policy?: RoutePolicy
  ): AuthenticateOutcome | Promise<AuthenticateOutcome>
  /**
   * As `authenticate`, of a key that is not in a header: from a message of a WebSocket or a job of a queue.
   *
   * @throws HttpError 503; OptionError for a wrong policy.
   * @example
   * const outcome = await app.keyAuth.verify(message.token)
   * if (!outcome.ok) socket.close(1008)
   */
  verify(token: string, policy?: RoutePolicy): AuthenticateOutcome | Promise<AuthenticateOutcome>
  /**
   * Makes a key for the user of a guarded request, who must be signed in: by a cookie or an access token, not by a key. The input
   * may be what the client sent.
   *
   * It sets no header: send the token with `Cache-Control: no-store`.
   *
   * @param reply with it the key is revoked too where the client has gone before it gets the response.
   * @returns the key, with the token that nothing can show again.
   * @throws HttpError 400 for a member of the input that is wrong; 401 where the login of the request was revoked, or its user has authenticated again since; 403 for a key,
   * and for a scope that the login does not have; 409 where the user has as many keys as `maxKeysPerUser` of `createLogins`
   * allows; 503; 500 where no guard ran.
   * @example
   * app.post('/keys', { onRequest: app.bridge.guard({ maxAgeSeconds: 300 }) }, async (request, reply) => {
   *   reply.header('cache-control', 'no-store')
   *   return app.keyAuth.create(request, request.body as NewKeyInput, reply)
   * })
   */
  create(request: FastifyRequest, input: NewKeyInput, reply?: FastifyReply): Promise<CreatedKey>
  /**
   * As `create`, by the principal of a request that has ended: for a message of a WebSocket or a job of a queue. Where its
   * client does not get the key, revoke it.
   *
   * @throws HttpError as `create`.
   * @example
   * const { token } = await app.keyAuth.createByPrincipal(principal, { name: 'nightly', scopes: ['read'], expiresAt })
   */
  createByPrincipal(principal: Principal, input: NewKeyInput): Promise<CreatedKey>
  /**
   * Makes a key for any user: for a tool of the operator. Nothing limits its scopes but what `getClaims` gives for the user.
   *
   * @throws HttpError 400, 409 or 503; TypeError for a user without an id.
   * @example
   * const { token } = await app.keyAuth.createFor({ id: 'u7', username: 'reports' }, { name: 'nightly', scopes: ['read'], expiresAt })
   */
  createFor(owner: KeyOwner, input: NewKeyInput): Promise<CreatedKey>
  /** The active keys of a user, the newest first. @throws HttpError 503. */
  list(userId: string): Promise<readonly KeyView[]>
  /**
   * Revokes a key of a user, on every node. The cause is for its event.
   *
   * @returns whether it was active; false for another user's, and for a login that is no key.
   * @throws HttpError 503; OptionError for a wrong cause.
   * @example
   * if (!(await app.keyAuth.revoke(principalOf(request).userId, id, { by: 'user' }))) reply.code(404)
   */
  revoke(userId: string, id: string, cause?: RevocationCause): Promise<boolean>
}

declare module 'fastify' {
  interface FastifyInstance {
    keyAuth: KeyAuth
  }
}
