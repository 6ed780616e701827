import { wrapOutage } from '../errors.ts'
import type { Dependencies } from './dependencies.ts'
import { readStamp } from './password-only-stamp.ts'
import { needsSecondFactor } from './second-factor.ts'
import { toPublicUser, type StoredUser, type User } from '../users/user.ts'
import type { UserStore } from '../users/user-store.ts'
import { canonicalizeUsername } from '../users/username.ts'

/** Input of `isStampCurrent`: the user and the `passwordStamp` of an outcome. */
export interface PasswordStamp {
  readonly userId: string
  readonly passwordStamp: string
}

type StampDependencies = Pick<Dependencies, 'users' | 'hasher' | 'hashingQueue'>

/**
 * Whether the user may still sign in with what was verified. Called once the login is written: since the password was compared,
 * it may have been changed, or a second factor set up, and all other logins revoked. A hash that was only upgraded
 * meanwhile, by this node or another, has the same stamp.
 *
 * @throws CredentialsUnavailableError when the store is down.
 */
export async function isStampCurrent(
  deps: StampDependencies & Pick<Dependencies, 'secondFactor'>,
  stamp: PasswordStamp
): Promise<boolean> {
  const user = await wrapOutage(() => deps.users.findById(stamp.userId))
  if (user === null || !(await wrapOutage(() => isStampOf(deps, user, stamp.passwordStamp)))) return false
  const { isPasswordOnly } = readStamp(stamp.passwordStamp)
  return !isPasswordOnly || !(await wrapOutage(() => needsSecondFactor(deps, toPublicUser(user))))
}

/** Whether a stamp is the current one of a user who may sign in. */
export async function isStampOf(
  deps: Omit<StampDependencies, 'users'>,
  user: StoredUser,
  stamp: string
): Promise<boolean> {
  if (user.disabled !== false) return false
  const { passwordStamp } = readStamp(stamp)
  // No constant-time comparison: neither of the two is a secret.
  if (deps.hasher.stampOf(user) === passwordStamp) return true
  return !deps.hasher.hasSharedStamp(user) && (await findStamp(deps, user)) === passwordStamp
}

/** Input of `stampOf`: the id, or what somebody entered as the username. */
export type StampOfInput = { readonly userId: string } | { readonly username: string }

/** A user who may sign in, and the stamp of the password that is valid now. */
export interface UserStamp {
  readonly user: User
  /** As `isStampCurrent` and `setPassword` take it: no secret, and a new one whenever a password is set. */
  readonly passwordStamp: string
}

/**
 * Finds a user without a password being presented, for a token that must die when the password changes, such as that of
 * a reset by mail. Also finds a user who has no password yet.
 *
 * @returns null for a user who is unknown or disabled. Nobody may learn which from a response.
 * @throws CredentialsUnavailableError when the store is down.
 */
export async function stampOf(deps: StampDependencies, input: StampOfInput): Promise<UserStamp | null> {
  const user = await wrapOutage(() => findUser(deps.users, input))
  if (user?.disabled !== false) return null
  return { user: toPublicUser(user), passwordStamp: await wrapOutage(() => findStamp(deps, user)) }
}

async function findUser(users: UserStore, input: StampOfInput): Promise<StoredUser | null> {
  if ('userId' in input) return users.findById(input.userId)
  const username = canonicalizeUsername(input.username)
  return username === null ? null : users.findByUsernameKey(username.key)
}

/** The same on every node, since a token that is bound to it may come back to any. */
async function findStamp(
  { hasher, hashingQueue }: Omit<StampDependencies, 'users'>,
  user: StoredUser
): Promise<string> {
  if (hasher.hasSharedStamp(user)) return hasher.stampOf(user)
  const hashing = hashingQueue.tryRun(() => hasher.slowStampOf(user))
  if (hashing === undefined) throw new Error('the hashing queue is full')
  return hashing
}
