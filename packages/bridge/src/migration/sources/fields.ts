import type { OldLogin, PresentedOldLogin, RejectionReason } from '../old-logins.ts'

/** What another system says of a login, as it says it: each member is checked before it counts. */
export interface OldLoginFields {
  /** Text, or a whole number; absent or null where nobody is signed in, or not yet: a second factor is missing. */
  readonly userId: unknown
  readonly username?: unknown
  /** ms since the epoch; null where it does not say. The same of the other times. */
  readonly issuedAt?: number | null
  readonly authenticatedAt?: number | null
  readonly expiresAt?: number | null
}

/** What names and proves a login, beside its fields. */
export type Identity = Pick<OldLogin, 'key' | 'secret'>

const MAX_TEXT_LENGTH = 1024

/** How far the clocks of two systems may be apart. Less would log out the users of a host whose clock is ahead. */
export const CLOCK_SKEW_MS = 60_000

/** The user id as text; null for what is neither text nor a whole number, which could name several users in two places. */
export function toUserId(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null
  return typeof value === 'string' && isText(value) ? value : null
}

const isText = (value: string) => value !== '' && value.length <= MAX_TEXT_LENGTH && value.isWellFormed()

const isTime = (value: number | null) => value === null || (Number.isSafeInteger(value) && value >= 0)

/** Whether the fields are those of a login that is valid now. */
export function toPresented(fields: OldLoginFields, identity: Identity, now: number): PresentedOldLogin {
  const { username, issuedAt = null, authenticatedAt = null, expiresAt = null } = fields
  if (![issuedAt, authenticatedAt, expiresAt].every(isTime)) return invalid('malformed', 'a time is not one')
  if (issuedAt !== null && issuedAt > now + CLOCK_SKEW_MS) return invalid('clock', 'issued in the future')
  if (expiresAt !== null && now >= expiresAt) return invalid('expired', 'expired')
  if (fields.userId === undefined || fields.userId === null) return { kind: 'empty' }
  const userId = toUserId(fields.userId)
  if (userId === null) return invalid('malformed', 'the user id is neither text nor a whole number')
  const isNamed = typeof username === 'string' && isText(username)
  return {
    kind: 'found',
    old: { ...identity, userId, ...(isNamed && { username }), issuedAt, authenticatedAt, expiresAt }
  }
}

/** A credential that does not count, and why, for the log. */
export function invalid(reason: RejectionReason, cause: string): PresentedOldLogin {
  return { kind: 'invalid', cause, reason }
}
