import type { OldLogin } from './old-logins.ts'

/** A user of ours. */
export interface MigratedUser {
  readonly id: string
  readonly username: string
}

/**
 * Who a user of the other system is with us. Null refuses: one that is unknown or disabled, or that may be one of several. It is
 * asked whenever the other system's credential counts.
 *
 * Two users there must never be one user here: each could sign in as the other. A look-up that ignores case where the other
 * system does not is such a fault.
 */
export type UserOf = (
  old: Pick<OldLogin, 'userId' | 'username'>
) => MigratedUser | null | Promise<MigratedUser | null>

/**
 * What {@link UserOf} gave. A look-up in JavaScript may give undefined for nobody.
 *
 * @throws TypeError for what is no user: a fault of the service, which is to log nobody out.
 */
export function toMigratedUser(given: unknown): MigratedUser | null {
  if (given === null || given === undefined) return null
  const { id, username } = given as Partial<MigratedUser>
  if (isText(id) && isText(username)) return { id, username }
  throw new TypeError(
    'userOf must give null or one user, as { id, username }, two strings that are not empty'
  )
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
