/** What an ID token says of a sign-in: its claims, as a library for OpenID Connect gives them once they are verified. */
export interface IdTokenClaims {
  readonly iss: string
  /** Absent where the provider does not name its session: a logout token then ends all logins of the user. */
  readonly sid?: string | undefined
  readonly [claim: string]: unknown
}

/** What the plugin adds to the application, as `app.backChannelLogout`. */
export interface BackChannelLogout {
  /**
   * Notes that a login was made by a sign-in at a provider, so that the end of that session there ends this login and no other. Call it
   * after each sign-in. Rejects with an HttpError of 503 where that is uncertain; then revoke the login.
   *
   * @throws TypeError where `iss` is of no provider, or `sid` is no text.
   * @example
   * const { loginId } = await app.sessionAuth.startSession(request, reply, { user })
   * await app.backChannelLogout.link(loginId, claims)
   */
  link(loginId: string, claims: IdTokenClaims): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance {
    backChannelLogout: BackChannelLogout
  }
}
