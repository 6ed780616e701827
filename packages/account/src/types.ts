import type { ChangePasswordOptions } from '@drawbridge/bridge'
import type { AccessTokenResponse, CreatedKey, KeyView, VerifiedSignIn } from '@drawbridge/carrier'
import type { User } from '@drawbridge/credentials'
import type { DeviceInfo, LoginView } from '@drawbridge/logins'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A login as its user sees it. */
export interface AccountLogin extends Omit<LoginView, 'device' | 'keyName' | 'scopes'> {
  readonly device: DeviceInfo & {
    /** A few words for it, such as "Chrome on Windows". */
    readonly label: string
  }
  /** Whether the request presents it. */
  readonly current: boolean
  /** Those that were asked for at the sign-in; empty where the login has all of the user. */
  readonly scopes: readonly string[]
  /** What the user calls a key; absent for a sign-in. */
  readonly keyName?: string
}

/** A personal access token as its user sees it: nothing that authenticates. */
export interface AccountToken extends Omit<KeyView, 'lastSeenAt'> {
  /** ms since the epoch; null for one that was never used. Written once per touch interval at most. */
  readonly lastUsedAt: number | null
}

/** What a registration has led to. */
export type Registration =
  /** The user can sign in: `startSession` and `issueTokens` take it. */
  | { readonly status: 'registered'; readonly signIn: VerifiedSignIn }
  /** With `registration: 'verified'`, whether the username was free or not. */
  | { readonly status: 'accepted' }

/**
 * What the plugin adds to the application, as `app.account`: each route as a method, for routes of the service's own. Methods
 * reject with the HttpError to send, and with an OptionError where the plugin has not the options that they need. Those without
 * `body` are for guarded routes.
 *
 * @param body as the client sent it.
 */
export interface Account {
  /** The active logins of the user, the newest first. @throws HttpError 503. */
  listLogins(request: FastifyRequest): Promise<readonly AccountLogin[]>
  /** Revokes a login of the user, that of the request too. @throws HttpError 404 for any other login; 503. */
  revokeLogin(request: FastifyRequest, loginId: string): Promise<void>
  /** As `app.bridge.revokeOthers`. */
  revokeOthers(request: FastifyRequest, reply: FastifyReply): Promise<number>
  /**
   * As `app.bridge.changePassword`, and then gives the login of the request a new credential, as `reauthenticate` does, and removes
   * the other one where it has both: somebody who had copied or exchanged it is signed out too. An access token from before is valid
   * until it expires.
   *
   * @param body `{ currentPassword, newPassword }`.
   * @param options `keepOthers` as that of the plugin, which is its default.
   * @returns the tokens to send; null where the cookie was replaced.
   */
  changePassword(
    request: FastifyRequest,
    reply: FastifyReply,
    body: unknown,
    options?: ChangePasswordOptions
  ): Promise<AccessTokenResponse | null>
  /**
   * Verifies the password of the user again, for `guard({ maxAgeSeconds })`. The login stays the same, and gets a new credential. The
   * attempt is counted as a sign-in is.
   *
   * @param body `{ password }`, and `response` where the user needs a second factor.
   * @returns the tokens to send; null where the cookie was replaced.
   * @throws HttpError 400 for a body without what is needed; 403 for what is wrong; 429 or 503.
   */
  reauthenticate(
    request: FastifyRequest,
    reply: FastifyReply,
    body: unknown
  ): Promise<AccessTokenResponse | null>
  /**
   * Adds a user.
   *
   * @param body `{ username, password }`.
   * @throws HttpError 400 for what is malformed or breaks a rule; 409 where the username is taken and `registration` is `open`;
   * 429 or 503.
   */
  register(request: FastifyRequest, body: unknown): Promise<Registration>
  /**
   * Sends a token for a reset, if there is such a user. The same for every username: the user is looked up after the response.
   *
   * @param body `{ username }`.
   * @throws HttpError 400, 429 or 503.
   */
  forgotPassword(request: FastifyRequest, body: unknown): Promise<void>
  /**
   * Sets the password by a token, and then revokes all logins of the user. A token is used once; one that was made for an
   * earlier password is worthless.
   *
   * @param body `{ token, newPassword }`.
   * @returns whom `startSession` and `issueTokens` would sign in; the plugin signs nobody in.
   * @throws HttpError 400 for a token that is not valid and for a password that breaks a rule; 429 or 503.
   */
  resetPassword(request: FastifyRequest, body: unknown): Promise<VerifiedSignIn>
  /**
   * Makes a token for what the user has to confirm now (`verification.findPending`); null where there is nothing.
   *
   * @example
   * const token = await app.account.createVerification(userId)
   */
  createVerification(userId: string): Promise<string | null>
  /**
   * Confirms by a token what the user has to confirm. @param body `{ token }`. @returns the id of the user.
   *
   * @throws HttpError 400 for a token that is not valid; 503.
   */
  verify(request: FastifyRequest, body: unknown): Promise<string>
  /** The active personal access tokens of the user, the newest first. @throws HttpError 503. */
  listTokens(request: FastifyRequest): Promise<readonly AccountToken[]>
  /**
   * Makes a personal access token for the user of a guarded request. Guard the route by `maxAgeSeconds`.
   *
   * @param body `{ name, scopes, expiresAt }`.
   * @returns the token, which nothing can show again: send it with `Cache-Control: no-store`.
   * @throws HttpError as `app.keyAuth.create`.
   */
  createToken(request: FastifyRequest, reply: FastifyReply, body: unknown): Promise<CreatedKey>
  /** Revokes a personal access token of the user. @throws HttpError 404 for any other id, that of a sign-in too; 503. */
  revokeToken(request: FastifyRequest, id: string): Promise<void>
  /**
   * Gives the user of a guarded request another username, in the store and in every login: within the staleness bound of the feed no
   * principal has the old one, and nobody is signed out. It reveals whether a username is taken, and is limited as a registration
   * is. There is no route for it: where usernames are addresses, have the new one confirmed first. Guard the route by `maxAgeSeconds`.
   *
   * @param body `{ newUsername }`.
   * @returns the user, with the new name.
   * @throws HttpError 400 for what is no username; 401 where the user was removed; 409 for one that is taken; 429 or 503.
   * @example
   * app.post('/username', { onRequest: app.bridge.guard({ maxAgeSeconds: 300 }) }, (request) =>
   *   app.account.rename(request, request.body)
   * )
   */
  rename(request: FastifyRequest, body: unknown): Promise<User>
  /**
   * Deletes the user of a guarded request: first all logins, then the user. Guard the route by `maxAgeSeconds`.
   *
   * @throws HttpError 503.
   */
  deleteAccount(request: FastifyRequest, reply: FastifyReply): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance {
    account: Account
  }
}
