import type { LoginWithClaims } from '../login/claims.ts'
import type { NewLogin } from '../logins.ts'
import type { Adoption } from '../stores/adoption.ts'
import type { AdoptedLogin, AdoptInput, AdoptionStore } from '../stores/adoption-store.ts'

/** What a login for an old credential is made of. */
export interface NewAdoptedLogin extends NewLogin {
  /** Of `loginIdFrom`: derived from the old credential, so that a request before its adoption can be named by it too. */
  readonly id: string
  /** ms since the epoch, when the user authenticated with the other system; 0 where that is unknown. */
  readonly authenticatedAt: number
  /** ms since the epoch; the login expires then, or after `absoluteTimeoutSeconds`, whichever is first. */
  readonly expiresAt: number
}

/** The outcome of an adoption, as in `AdoptOutcome`; the claims were read before anything was written. */
export type AdoptResult =
  | {
      readonly kind: 'adopted' | 'existing'
      readonly login: LoginWithClaims
      readonly adoption: Adoption
    }
  | { readonly kind: 'revoked' | 'barred' | 'expired' }

/**
 * Revokes in the other system what was revoked here. Gets every login of a migration that is no longer active, which may be that
 * of another listener. It may be called again for the same login.
 */
export type RevokedListener = (revoked: readonly AdoptedLogin[]) => Promise<void>

/**
 * The adoptions of a service, for the plugin that migrates its users. Methods reject as those of `Logins`; those that are of
 * {@link AdoptionStore} are described there. A login that this node knows to be revoked is not active.
 */
export interface CarrierAdoptions extends Omit<
  AdoptionStore,
  'adopt' | 'findInactive' | 'listInactive' | 'forget'
> {
  /** As configured: one login more of a user revokes the oldest. */
  readonly maxLoginsPerUser: number
  /**
   * Makes a login for an old credential. On every node the logins that had to make room are revoked when this resolves. Rejects with a
   * TypeError that names a member which no store could give back.
   */
  adopt(login: NewAdoptedLogin, input: AdoptInput): Promise<AdoptResult>
  /**
   * From now on `revokeUser` first bars the user's unclaimed old credentials. Called at boot; the latest moment counts.
   * @param until ms since the epoch: how long an old credential is accepted at the latest.
   */
  useBars(until: number): void
  /** Bars the unclaimed old credentials of all users that were issued up to a moment, ms since the epoch. */
  barAll(issuedUpTo: number): Promise<void>
  /**
   * Adds a listener that is called after adopted logins were revoked here, in the store and in the feed: by `revoke`, by
   * `revokeUser`, by a reuse, and to make room. The method that revoked them waits for it, and rejects where it does, with a
   * LoginsUnavailableError. Repeated, `revoke` and `revokeUser` call it again, although our login is gone, until it has resolved.
   */
  onRevoked(listener: RevokedListener): void
  /**
   * Calls the listeners again for what they have rejected on this node: nobody repeats a sign-in for the sake of the login that had to
   * make room. At most once in 30 s while they still reject, as this then does.
   */
  reportFailed(): Promise<void>
}
