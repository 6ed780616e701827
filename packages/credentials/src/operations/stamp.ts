import { wrapOutage } from '../errors.ts'
import type { Dependencies } from './dependencies.ts'

/** What was proven before: the `proof` of an outcome, and whose it is. */
export interface PasswordStamp {
  readonly userId: string
  readonly passwordStamp: string
}

/**
 * Whether the user may still log in, with the password that was shown then. Asked by a log-in once its login is
 * written: a change of password may have gone by between its compare and that, with the end of all other logins. A hash
 * that was only upgraded meanwhile, by this node or another, is still of that password.
 *
 * @throws CredentialsUnavailableError when the store is down.
 */
export async function isStampCurrent(
  { users, hasher }: Pick<Dependencies, 'users' | 'hasher'>,
  stamp: PasswordStamp
): Promise<boolean> {
  const user = await wrapOutage(() => users.findById(stamp.userId))
  // A store of somebody's own may have null where a password was taken away.
  if (user?.disabled !== false || typeof user.passwordHash !== 'string') return false
  // Compared plainly: neither of the two is a secret.
  return wrapOutage(async () => hasher.stampOf(user) === stamp.passwordStamp)
}
