import { runAttempt, type OnUserFound } from './attempt.ts'
import { publish } from '../events.ts'
import {
  malformed,
  type PasswordVerified,
  invalidCredentials,
  type InvalidCredentials,
  type SecondFactorRequired,
  type VerifyOutcome
} from '../outcomes.ts'
import type { Dependencies } from './dependencies.ts'
import { type Password, parsePasswordAttempt } from '../passwords/password.ts'
import type { Comparison } from '../passwords/password-hasher.ts'
import { requireSecondFactor } from './second-factor.ts'
import { toPublicUser, type StoredUser } from '../users/user.ts'
import { canonicalizeUsername } from '../users/username.ts'

/** Input of `verify`. */
export interface VerifyInput {
  readonly username: string
  readonly password: string
  /** The client's IP address, as far as the caller trusts it. */
  readonly address: string | undefined
}

/** Throttle → find → compare (the same work for an unknown user) → rehash if outdated → outcome. */
export async function verify(deps: Dependencies, input: VerifyInput): Promise<VerifyOutcome> {
  const username = canonicalizeUsername(input.username)
  const password = parsePasswordAttempt(input.password, deps.maxPasswordLength)
  if (username === null) return malformed('username')
  if (password === null) return malformed('password')
  const attempt = {
    operation: 'sign-in',
    usernameKey: username.key,
    address: input.address,
    userId: null
  } as const
  return runAttempt(deps, attempt, (onUserFound) => verifyInTurn(deps, username.key, password, onUserFound))
}

/** Reads the user only when this call's turn comes, so that a password changed in the meantime is the one compared. */
async function verifyInTurn(
  deps: Dependencies,
  usernameKey: string,
  password: Password,
  onUserFound: OnUserFound
): Promise<PasswordVerified | InvalidCredentials | SecondFactorRequired> {
  const user = await deps.users.findByUsernameKey(usernameKey)
  if (user !== null) onUserFound(user.id)
  const { result, comparison } = await checkPassword(deps, user, password)
  if (user === null || !result.ok) return result
  const current = comparison === 'outdated' ? await rehash(deps, user, password, result) : result
  return current.ok ? requireSecondFactor(deps, current) : current
}

/** Whether the password is this user's; takes the same work for an unknown or disabled user. */
export async function checkPassword(
  deps: Dependencies,
  user: StoredUser | null,
  password: Password
): Promise<{ readonly result: PasswordVerified | InvalidCredentials; readonly comparison: Comparison }> {
  const comparison = await deps.hasher.compare(user?.disabled === false ? user.passwordHash : null, password)
  return { result: toOutcome(deps, user, comparison), comparison }
}

function toOutcome(
  { hasher }: Dependencies,
  user: StoredUser | null,
  comparison: Comparison
): PasswordVerified | InvalidCredentials {
  if (user === null) return invalidCredentials('unknown')
  if (user.disabled) return invalidCredentials('disabled')
  if (comparison === 'unusable') return invalidCredentials('unusable-hash')
  if (comparison === 'differs') return invalidCredentials('wrong-password')
  if (comparison === 'truncated') return invalidCredentials('password-truncated')
  return { ok: true, user: toPublicUser(user), passwordStamp: hasher.stampOf(user) }
}

/** Possible only now, while the password is known. A failure does not fail the sign-in; the next one tries again. */
async function rehash(
  deps: Dependencies,
  user: StoredUser,
  password: Password,
  result: PasswordVerified
): Promise<PasswordVerified | InvalidCredentials> {
  try {
    const newHash = await deps.hasher.rehash(password, user)
    if (await deps.users.replacePasswordHash(user.id, user.passwordHash, newHash)) {
      publish(() => ({ type: 'password-rehashed', userId: user.id }))
      return { ...result, passwordStamp: deps.hasher.stampOf({ ...user, passwordHash: newHash }) }
    }
  } catch (error) {
    deps.onError(error)
    return result
  }
  // Another sign-in or a change of password was first: compare with the hash that is stored now.
  const latest = await deps.users.findById(user.id)
  return (await checkPassword(deps, latest, password)).result
}
