import { countedAttempt } from './counted-attempt.ts'
import { reach } from './errors.ts'
import {
  againstPolicy,
  busy,
  type Busy,
  type ChangePasswordOutcome,
  malformed,
  type Proven,
  type Rejected
} from './outcomes.ts'
import type { Parts } from './parts.ts'
import { type Password, readAttempt, readPassword } from './passwords/password.ts'
import { prove } from './verify.ts'

export interface PasswordChange {
  readonly userId: string
  readonly currentPassword: string
  readonly newPassword: string
  /** The client's IP address, as far as the caller trusts it. */
  readonly address: string | undefined
}

/** How often the hash may change under a change's hands before it gives up. One is a log-in's upgrade. */
const MAX_ROUNDS = 3

/**
 * Judge → throttle → compare → hash → replace. The caller ends the user's other logins, after it and not before: a log-in
 * in flight is either written by then, and ended, or sees the new hash by `stillHolds`.
 */
export async function changePassword(parts: Parts, input: PasswordChange): Promise<ChangePasswordOutcome> {
  const current = readAttempt(input.currentPassword, parts.maxPasswordLength)
  const next = readPassword(input.newPassword)
  if (current === null) return malformed('currentPassword')
  if (next === null) return malformed('newPassword')
  const user = await reach(() => parts.users.findById(input.userId))
  const refusal = await reach(() => parts.policy.judge(next.normal, user?.usernameKey ?? ''))
  if (refusal !== null) return againstPolicy(refusal)
  const counted = {
    during: 'password-change',
    usernameKey: user?.usernameKey ?? `id ${input.userId}`,
    address: input.address,
    userId: user?.id ?? null
  } as const
  return countedAttempt(parts, counted, () => replace(parts, input.userId, current, next))
}

/** The new hash takes the place of the very hash that the current password was compared with, or of none. */
async function replace(
  parts: Parts,
  userId: string,
  current: Password,
  next: Password
): Promise<Proven | Rejected | Busy> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const user = await parts.users.findById(userId)
    const { proven } = await prove(parts, user, current)
    if (user === null || !proven.ok) return proven
    const newHash = await parts.hasher.hash(next)
    if (await parts.users.replacePasswordHash(userId, user.passwordHash, newHash))
      return { ...proven, proof: parts.hasher.proofOf({ ...user, passwordHash: newHash }) }
  }
  return busy
}
