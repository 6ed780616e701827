import { publish } from '../events.ts'
import { causeFrom } from './change-cause.ts'
import { wrapOutage } from '../errors.ts'
import { type UserChangeOutcome, unknownUser } from '../outcomes.ts'
import type { UserStore } from '../users/user-store.ts'
import type { UserInput } from './set-disabled.ts'

/** See `Credentials.remove`. */
export async function removeUser(
  users: Required<Pick<UserStore, 'remove'>>,
  input: UserInput
): Promise<UserChangeOutcome> {
  const { userId } = input
  if (!(await wrapOutage(() => users.remove(userId)))) return unknownUser
  publish(() => ({ type: 'user-removed', userId, ...causeFrom(input) }))
  return { ok: true }
}
