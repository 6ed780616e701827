import type { Login } from '../login/login.ts'
import type { Adoption, Claim, LeadInput, OldName } from './adoption.ts'
import type { MoveInput, Phase, StoredPhase } from './phase.ts'

/** An old credential that is to become a login. It has been verified. */
export interface AdoptInput extends LeadInput {
  /** When the old credential was issued, ms since the epoch; null where that is unknown. */
  readonly issuedAt: number | null
  /**
   * How long the claim is stored, ms since the epoch: until the old credential is accepted by nobody any more, whatever becomes
   * of the login.
   */
  readonly claimedUntil: number
}

/** The outcome of an adoption, decided in one atomic step. */
export type AdoptOutcome =
  /** This call made the login. `removed`: the ids of those that had to make room, as `insert` returns them. */
  | {
      readonly kind: 'adopted'
      readonly login: Login
      readonly adoption: Adoption
      readonly removed: readonly string[]
    }
  /** An earlier call made the login, which is active. Nothing was changed. */
  | { readonly kind: 'existing'; readonly login: Login; readonly adoption: Adoption }
  /** The credential was claimed by a login that is no longer active, or by a log-out. */
  | { readonly kind: 'revoked' }
  /** The credential is not claimed, and a bar refuses it. */
  | { readonly kind: 'barred' }
  /** By the store's clock the login would already be expired, or the claim. */
  | { readonly kind: 'expired' }

/** A claim that is to be made. */
export interface ClaimInput extends OldName {
  /** As in {@link AdoptInput}. A time that has passed claims nothing. */
  readonly claimedUntil: number
  /** The login that it is claimed for, and which side leads that where it had no adoption so far; null for none. */
  readonly owner: { readonly loginId: string; readonly ledBy: LeadInput['ledBy'] } | null
}

/** What is known of an old credential. */
export type ClaimStatus =
  | { readonly kind: 'claimed'; readonly loginId: string | null }
  | { readonly kind: 'barred' }
  | { readonly kind: 'unclaimed' }

/** The adoption of one login. */
export interface AdoptedLogin {
  readonly loginId: string
  readonly adoption: Adoption
}

/** A part of a long list. */
export interface AdoptionPage {
  readonly adopted: readonly AdoptedLogin[]
  /** What the next call gets; null where this was the last part. */
  readonly cursor: string | null
}

/** How many active logins each side leads. */
export interface LeadCounts {
  readonly old: number
  readonly new: number
  /** Of `old`: those whose lead came back less than `withinMs` ago. */
  readonly returned: number
  /** How many the user has who has the most of them, and the id of one; null where there are none. */
  readonly mostOfOneUser: { readonly count: number; readonly loginId: string } | null
}

/** The outcome of a step, decided in one atomic step. */
export type MoveOutcome =
  | { readonly kind: 'moved'; readonly stored: StoredPhase }
  /** Somebody else was first, or the row is not what the caller has read. */
  | { readonly kind: 'changed'; readonly stored: StoredPhase | null }
  | { readonly kind: 'not-neighbour'; readonly stored: StoredPhase | null }
  /** `waitMs`: how long the step is refused yet. */
  | { readonly kind: 'too-soon'; readonly stored: StoredPhase; readonly waitMs: number }

/** Numbers of a migration. Names: 1 to 64 letters, digits and `._-`. */
export interface CountChanges {
  /** Added to what is stored: whole numbers. */
  readonly add?: Readonly<Record<string, number>>
  /** Stored where what is stored is lower: whole numbers, such as ms since the epoch. */
  readonly raise?: Readonly<Record<string, number>>
}

/** The numbers of each phase of a migration; a phase without any is absent. */
export type PhaseCounts = Readonly<Partial<Record<Phase, Readonly<Record<string, number>>>>>

/**
 * What a store of logins has besides for migrations: the optional member `adoptions` of `LoginStore`. Every method is one atomic
 * step, together with the logins: **only `adopt` makes a login, and an old credential becomes a login once**.
 *
 * A login, an adoption, a claim or a bar that has expired by the store's own clock counts as missing. A promise rejects only
 * when the store is broken or unreachable.
 *
 * The cases of `adoptionCases` in `@drawbridge/logins/testing` are this contract as tests.
 */
export interface AdoptionStore {
  /**
   * Makes a login for an old credential, by the rules of `decideAdopt`: writes the claim, the adoption and the login, and makes
   * room as `insert` does; or nothing. Of any number of calls at once one makes it, and the others get it.
   * Rejects where the id exists without the claim.
   */
  adopt(login: Login, input: AdoptInput, maxPerUser: number): Promise<AdoptOutcome>
  /**
   * Claims an old credential of a user for an active login of that user, and gives the login's adoption this name; or for none.
   * The first claim wins.
   * @returns the claim that stands; null where the login is not active, and then nothing was written.
   */
  claim(userId: string, input: ClaimInput): Promise<Claim | null>
  /** What is known of an old credential of a user. @param issuedAt as in {@link AdoptInput}. */
  findClaim(userId: string, old: OldName, issuedAt: number | null): Promise<ClaimStatus>
  /** The adoption of an active login, or null. */
  find(loginId: string): Promise<Adoption | null>
  /**
   * Sets which side leads an active login that has an adoption, and the name that the other system has for it (`ledAdoption`).
   * @returns the adoption, or null where there is none.
   */
  lead(loginId: string, input: LeadInput): Promise<Adoption | null>
  /**
   * The adoptions of those of the logins that are not active any more. They are stored until `forget`, or until the login would
   * have expired at the latest: what is revoked here is still to be revoked in the other system, by a repeated call if need be.
   */
  findInactive(loginIds: readonly string[]): Promise<readonly AdoptedLogin[]>
  /** The same of all logins of a user. */
  listInactive(userId: string): Promise<readonly AdoptedLogin[]>
  /** Removes adoptions, except those of active logins. */
  forget(loginIds: readonly string[]): Promise<void>
  /**
   * Refuses the adoption of unclaimed old credentials that were issued up to a moment, or at an unknown one. A bar is raised and
   * prolonged, never lowered nor shortened. When the bar of a user is there, no adoption of that user is in flight any more. That of all users
   * may be passed by adoptions that are in flight.
   * @param userId null for all users.
   * @param issuedUpTo ms since the epoch.
   * @param until how long the bar is stored, ms since the epoch.
   */
  bar(userId: string | null, issuedUpTo: number, until: number): Promise<void>
  readPhase(migration: string): Promise<StoredPhase | null>
  /** Makes a step by the rules of `decideMove`. Of any number of calls at once one makes it. */
  movePhase(migration: string, input: MoveInput): Promise<MoveOutcome>
  /**
   * Counts the active logins of a migration. Exact while nothing changes meanwhile. It may read everything that is stored: for an
   * operator, not for a request.
   */
  countByLead(migration: string, withinMs: number): Promise<LeadCounts>
  /**
   * The adoptions of the active logins of a migration, in no particular order. One may be listed twice.
   * @param cursor null for the first part.
   */
  list(migration: string, cursor: string | null): Promise<AdoptionPage>
  /** Changes the numbers of a phase. */
  addCounts(migration: string, phase: Phase, changes: CountChanges): Promise<void>
  readCounts(migration: string): Promise<PhaseCounts>
}
