import { createHash } from 'node:crypto'

/** Which of two systems decides whether a login is active: the `old` one, from which users are moved, or ours, the `new` one. */
export type Lead = 'old' | 'new'

/** Names one login of another system. */
export interface OldName {
  /** The name of the migration, which is that of the other system. */
  readonly migration: string
  /** What the other system calls the login. Stored as it is: by it the login is revoked there. */
  readonly key: string
}

/** The link of a login of ours to a login of another system. It outlives the login, until that would have expired. */
export interface Adoption extends OldName {
  readonly ledBy: Lead
  /** Since when it is led by that side, ms since the epoch by the store's clock. */
  readonly ledSince: number
  /**
   * When the lead last came back from `new` to `old`, ms since the epoch by the store's clock; null where it never did, or is
   * with `new` again.
   */
  readonly returnedAt: number | null
  /**
   * When our login was made for the old credential, ms since the epoch by the store's clock; null for a login of a sign-in with
   * us that was given one of the other system.
   */
  readonly adoptedAt: number | null
}

/** To which login of ours an old credential belongs. It outlives that login: no credential becomes a login twice. */
export interface Claim {
  /** Null: to none, since a log-out has claimed it. */
  readonly loginId: string | null
}

/**
 * `claimed`: the credential belongs to the login of its claim, for good. `barred`: it is not claimed, and must not be. `adopt`:
 * it may become a login.
 */
export type AdoptDecision = 'claimed' | 'barred' | 'adopt'

/**
 * What becomes of an old credential. A claim counts before a bar: the bar is for those that no revocation of ours could reach.
 *
 * @param barredUpTo the later one of the bar of the user and the bar of all users; null where there is none.
 * @param issuedAt when the credential was issued, ms since the epoch; null where that is unknown, which any bar refuses.
 */
export function decideAdopt(
  claim: Claim | null,
  barredUpTo: number | null,
  issuedAt: number | null
): AdoptDecision {
  if (claim !== null) return 'claimed'
  return isBarred(barredUpTo, issuedAt) ? 'barred' : 'adopt'
}

function isBarred(barredUpTo: number | null, issuedAt: number | null): boolean {
  return barredUpTo !== null && (issuedAt === null || issuedAt <= barredUpTo)
}

/** Whose lead a login is to have, and by which name the other system is to be asked about it from now on. */
export interface LeadInput extends OldName {
  readonly ledBy: Lead
}

/** The adoption of a login that was made for an old credential. @param now ms since the epoch by the store's clock. */
export function newAdoption({ migration, key, ledBy }: LeadInput, now: number): Adoption {
  return { migration, key, ledBy, ledSince: now, returnedAt: null, adoptedAt: now }
}

/**
 * The adoption of a login to which a claim is added. The lead stays where it is: it moves only when both credentials were
 * presented together. A login that had no adoption gets one. @param now ms since the epoch by the store's clock.
 */
export function claimedAdoption(adoption: Adoption | null, input: LeadInput, now: number): Adoption {
  if (adoption === null) return { ...newAdoption(input, now), adoptedAt: null }
  return { ...adoption, migration: input.migration, key: input.key }
}

/** The adoption after the lead was set. The time stays where the lead does. @param now ms since the epoch by the store's clock. */
export function ledAdoption(adoption: Adoption, { migration, key, ledBy }: LeadInput, now: number): Adoption {
  const named = { ...adoption, migration, key }
  if (ledBy === adoption.ledBy) return named
  return { ...named, ledBy, ledSince: now, returnedAt: ledBy === 'old' ? now : null }
}

/**
 * The name of a claim. With the user: another one, to whom the other system gives the same key, has claims of its own, and a
 * store finds the place of a claim by the user alone.
 */
export function claimDigest(userId: string, { migration, key }: OldName): string {
  return createHash('sha256')
    .update(JSON.stringify([userId, migration, key]))
    .digest('base64url')
}
