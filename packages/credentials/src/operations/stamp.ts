import { wrapOutage } from '../errors.ts'
import type { Dependencies } from './dependencies.ts'
import { toPublicUser, type StoredUser, type User } from '../users/user.ts'
import type { UserStore } from '../users/user-store.ts'
import { canonicalizeUsername } from '../users/username.ts'

/** Input of `isStampCurrent`: the user and the `passwordStamp` of an outcome. */
export interface PasswordStamp {
  readonly userId: string
  readonly passwordStamp: string
}

/**
 * Whether the user may still sign in with the password that was verified. Called once the login is written: since the
 * password was compared, it may have been changed and all other logins revoked. A hash that was only upgraded
 * meanwhile, by this node or another, has the same stamp.
 *
 * @throws CredentialsUnavailableError when the store is down.
 */
export async function isStampCurrent(
  { users, hasher }: Pick<Dependencies, 'users' | 'hasher'>,
  stamp: PasswordStamp
): Promise<boolean> {
  const user = await wrapOutage(() => users.findById(stamp.userId))
  // A store of the service's own may have null for a user without a password.
  if (user?.disabled !== false || typeof user.passwordHash !== 'string') return false
  // No constant-time comparison: neither of the two is a secret.
  return wrapOutage(async () => hasher.stampOf(user) === stamp.passwordStamp)
}

/** Input of `stampOf`: the id, or what somebody entered as the username. */
export type StampOfInput = { readonly userId: string } | { readonly username: string }

/** A user who may sign in, and the stamp of the password that is valid now. */
export interface UserStamp {
  readonly user: User
  /** As in the outcome of `verify`: no secret, and a new one whenever a password is set. */
  readonly passwordStamp: string
}

/**
 * Finds a user without a password being presented, for a token that must die when the password changes, such as that of
 * a reset by mail. Also finds a user who has no password yet.
 *
 * @returns null for a user who is unknown or disabled. Nobody may learn which from a response.
 * @throws CredentialsUnavailableError when the store is down.
 */
export async function stampOf(
  { users, hasher }: Pick<Dependencies, 'users' | 'hasher'>,
  input: StampOfInput
): Promise<UserStamp | null> {
  const user = await wrapOutage(() => findUser(users, input))
  if (user?.disabled !== false) return null
  return wrapOutage(async () => ({ user: toPublicUser(user), passwordStamp: hasher.stampOf(user) }))
}

async function findUser(users: UserStore, input: StampOfInput): Promise<StoredUser | null> {
  if ('userId' in input) return users.findById(input.userId)
  const username = canonicalizeUsername(input.username)
  return username === null ? null : users.findByUsernameKey(username.key)
}
