import { wrapOutage } from '../errors.ts'
import type { Dependencies } from './dependencies.ts'

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
