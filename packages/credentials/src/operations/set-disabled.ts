import { publish } from '../events.ts'
import { causeFrom, type ChangeCauseInput } from './change-cause.ts'
import { wrapOutage } from '../errors.ts'
import { type UserChangeOutcome, unknownUser } from '../outcomes.ts'
import type { UserStore } from '../users/user-store.ts'

/** Input of the methods that change a user as a whole. */
export interface UserInput extends ChangeCauseInput {
  readonly userId: string
}

/** See `Credentials.disable` and `Credentials.enable`. */
export async function setDisabled(
  users: Required<Pick<UserStore, 'setDisabled'>>,
  input: UserInput,
  disabled: boolean
): Promise<UserChangeOutcome> {
  const { userId } = input
  if (!(await wrapOutage(() => users.setDisabled(userId, disabled)))) return unknownUser
  publish(() => ({ type: disabled ? 'user-disabled' : 'user-enabled', userId, ...causeFrom(input) }))
  return { ok: true }
}
