/**
 * What is known of the sessions of identity providers: which logins were made in which of them, and which logout tokens were accepted. All
 * methods reject only when the store is broken, which becomes a 503.
 */
export interface ProviderSessions {
  /** Whether other nodes share it. */
  readonly isShared: boolean
  /** Notes that a login was made in a session of a provider. @param expiresAt of the login, ms since the epoch. */
  link(session: string, loginId: string, expiresAt: number): Promise<void>
  /** The logins that were made in a session, active or not. */
  find(session: string): Promise<readonly string[]>
  /** Notes that a token was accepted. @param expiresAt of the token, ms since the epoch. */
  accept(token: string, expiresAt: number): Promise<void>
  /** Whether a token was accepted before. */
  wasAccepted(token: string): Promise<boolean>
  /** Closes what the store itself has opened. Absent where it has opened nothing. */
  close?(): unknown
}
