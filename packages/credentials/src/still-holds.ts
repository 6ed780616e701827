import { reach } from './errors.ts'
import type { Parts } from './parts.ts'

/** What was proven before: the `proof` of an outcome, and whose it is. */
export interface EarlierProof {
  readonly userId: string
  readonly proof: string
}

/**
 * Whether the user may still log in, with the password that was shown then. Asked by a log-in once its login is
 * written: a change of password may have gone by between its compare and that, with the end of all other logins. A hash
 * that was only upgraded meanwhile, by this node or another, is still of that password.
 *
 * @throws CredentialsUnavailableError when the store is down.
 */
export async function stillHolds(
  { users, hasher }: Pick<Parts, 'users' | 'hasher'>,
  earlier: EarlierProof
): Promise<boolean> {
  const user = await reach(() => users.findById(earlier.userId))
  // A store of somebody's own may have null where a password was taken away.
  if (user?.disabled !== false || typeof user.passwordHash !== 'string') return false
  // Compared plainly: neither of the two is a secret.
  return reach(async () => hasher.proofOf(user) === earlier.proof)
}
