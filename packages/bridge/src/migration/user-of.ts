import type { OldLogin } from './old-logins.ts'

/** A user of ours. */
export interface MigratedUser {
  readonly id: string
  readonly username: string
}

/**
 * Who a user of the other system is with us. Null refuses: one that is unknown or disabled. It is asked whenever the other
 * system's credential counts.
 */
export type UserOf = (
  old: Pick<OldLogin, 'userId' | 'username'>
) => MigratedUser | null | Promise<MigratedUser | null>
