import { runAttempt } from './attempt.ts'
import { wrapOutage } from '../errors.ts'
import {
  policyViolated,
  busy,
  type Busy,
  type ChangePasswordOutcome,
  malformed,
  type PasswordVerified,
  type InvalidCredentials
} from '../outcomes.ts'
import type { Dependencies } from './dependencies.ts'
import { type Password, parsePasswordAttempt, parsePassword } from '../passwords/password.ts'
import { checkPassword } from './verify.ts'

/** Input of `changePassword`. */
export interface ChangePasswordInput {
  /** From the login of the request, never from its body. */
  readonly userId: string
  readonly currentPassword: string
  readonly newPassword: string
  /** The client's IP address, as far as the caller trusts it. */
  readonly address: string | undefined
}

/** Attempts to replace the hash, which another request may change meanwhile: a sign-in that upgrades it is one. */
const MAX_ROUNDS = 3

/**
 * Policy → throttle → compare → hash → replace. The caller revokes the user's other logins afterwards, not before: a
 * sign-in in flight has either written its login by then, which is revoked, or `isStampCurrent` sees the new hash.
 */
export async function changePassword(
  deps: Dependencies,
  input: ChangePasswordInput
): Promise<ChangePasswordOutcome> {
  const current = parsePasswordAttempt(input.currentPassword, deps.maxPasswordLength)
  const replacement = parsePassword(input.newPassword)
  if (current === null) return malformed('currentPassword')
  if (replacement === null) return malformed('newPassword')
  const user = await wrapOutage(() => deps.users.findById(input.userId))
  const violation = await wrapOutage(() => deps.policy.check(replacement.normalized, user?.usernameKey ?? ''))
  if (violation !== null) return policyViolated(violation)
  const attempt = {
    operation: 'password-change',
    usernameKey: user?.usernameKey ?? `id ${input.userId}`,
    address: input.address,
    userId: user?.id ?? null
  } as const
  return runAttempt(deps, attempt, () => replaceHash(deps, input.userId, current, replacement))
}

/** Replaces exactly the hash that the current password was compared with. */
async function replaceHash(
  deps: Dependencies,
  userId: string,
  current: Password,
  replacement: Password
): Promise<PasswordVerified | InvalidCredentials | Busy> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const user = await deps.users.findById(userId)
    const { result } = await checkPassword(deps, user, current)
    if (user === null || !result.ok) return result
    const newHash = await deps.hasher.hash(replacement)
    if (await deps.users.replacePasswordHash(userId, user.passwordHash, newHash))
      return { ...result, passwordStamp: deps.hasher.stampOf({ ...user, passwordHash: newHash }) }
  }
  return busy
}
