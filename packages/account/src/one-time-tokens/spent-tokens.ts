/**
 * Where the ids of one-time tokens are remembered once they were used, for tokens that no change makes worthless, such as
 * those of a sign-in link. It rejects only when it is broken, which becomes a 503.
 *
 * The cases in `@drawbridge/account/testing` are this contract as tests; run them against a store of your own.
 */
export interface SpentTokens {
  /**
   * Remembers an id until `expiresAt`, ms since the epoch, or longer. Atomic: of any number of calls with one id, from
   * whatever node, one resolves true and all others false.
   */
  spend(id: string, expiresAt: number): Promise<boolean>
  /** Closes what the store itself has opened. Absent where it has opened nothing. */
  close?(): unknown
}
