import { countedAttempt, type Found } from './counted-attempt.ts'
import { publish } from './credentials-channel.ts'
import {
  malformed,
  type Proven,
  rejected,
  type Rejected,
  type SecondFactorNeeded,
  type VerifyOutcome
} from './outcomes.ts'
import type { Parts } from './parts.ts'
import { type Password, readAttempt } from './passwords/password.ts'
import type { Comparison } from './passwords/password-hasher.ts'
import { orSecondFactor } from './second-factor.ts'
import { publicUser, type StoredUser } from './users/user.ts'
import { canonicalUsername } from './users/username.ts'

export interface VerifyAttempt {
  readonly username: string
  readonly password: string
  /** The client's IP address, as far as the caller trusts it. */
  readonly address: string | undefined
}

/** Throttle → find → compare (the same work when there is no such user) → rehash if outdated → outcome. */
export async function verify(parts: Parts, attempt: VerifyAttempt): Promise<VerifyOutcome> {
  const username = canonicalUsername(attempt.username)
  const password = readAttempt(attempt.password, parts.maxPasswordLength)
  if (username === null) return malformed('username')
  if (password === null) return malformed('password')
  const counted = {
    during: 'log-in',
    usernameKey: username.key,
    address: attempt.address,
    userId: null
  } as const
  return countedAttempt(parts, counted, (found) => logIn(parts, username.key, password, found))
}

/** The user is read only when it is this call's turn: a password changed while it waited holds at once. */
async function logIn(
  parts: Parts,
  usernameKey: string,
  password: Password,
  found: Found
): Promise<Proven | Rejected | SecondFactorNeeded> {
  const user = await parts.users.findByUsernameKey(usernameKey)
  if (user !== null) found(user.id)
  const { proven, comparison } = await prove(parts, user, password)
  if (user === null || !proven.ok) return proven
  const standing = comparison === 'outdated' ? await rehash(parts, user, password, proven) : proven
  return standing.ok ? orSecondFactor(parts, standing) : standing
}

/** Whether the password is this user's; costs as much where there is no such user, or a disabled one. */
export async function prove(
  parts: Parts,
  user: StoredUser | null,
  password: Password
): Promise<{ readonly proven: Proven | Rejected; readonly comparison: Comparison }> {
  const comparison = await parts.hasher.compare(user?.disabled === false ? user.passwordHash : null, password)
  return { proven: judge(parts, user, comparison), comparison }
}

function judge({ hasher }: Parts, user: StoredUser | null, comparison: Comparison): Proven | Rejected {
  if (user === null) return rejected('unknown')
  if (user.disabled) return rejected('disabled')
  if (comparison === 'unusable') return rejected('unusable-hash')
  if (comparison === 'differs') return rejected('wrong-password')
  if (comparison === 'cut') return rejected('not-read-whole')
  return { ok: true, user: publicUser(user), proof: hasher.proofOf(user) }
}

/** Now is the only time that the password is known. A log-in never fails for it; the next one tries again. */
async function rehash(
  parts: Parts,
  user: StoredUser,
  password: Password,
  proven: Proven
): Promise<Proven | Rejected> {
  try {
    const newHash = await parts.hasher.rehash(password, user)
    if (await parts.users.replacePasswordHash(user.id, user.passwordHash, newHash)) {
      publish(() => ({ type: 'password-rehashed', userId: user.id }))
      return { ...proven, proof: parts.hasher.proofOf({ ...user, passwordHash: newHash }) }
    }
  } catch (error) {
    parts.onError(error)
    return proven
  }
  // Another log-in was first, or a change of password: what stands now says whether this password does.
  const now = await parts.users.findById(user.id)
  return (await prove(parts, now, password)).proven
}
