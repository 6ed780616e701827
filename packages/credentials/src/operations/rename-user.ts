import { publish } from '../events.ts'
import { causeFrom, type ChangeCauseInput } from './change-cause.ts'
import { wrapOutage } from '../errors.ts'
import { malformed, type RenameOutcome, unknownUser, usernameTaken } from '../outcomes.ts'
import { toPublicUser } from '../users/user.ts'
import type { UserStore } from '../users/user-store.ts'
import { canonicalizeUsername } from '../users/username.ts'

/** Input of `rename`. */
export interface RenameInput extends ChangeCauseInput {
  readonly userId: string
  readonly newUsername: string
}

/** Only the store decides whether the name is taken, as at a registration: a look-up before it would be a race. */
export async function renameUser(
  users: Required<Pick<UserStore, 'rename'>>,
  input: RenameInput
): Promise<RenameOutcome> {
  const { userId, newUsername } = input
  const username = canonicalizeUsername(newUsername)
  if (username === null) return malformed('newUsername')
  const { display, key } = username
  const result = await wrapOutage(() => users.rename(userId, { username: display, usernameKey: key }))
  if (result === 'unknown') return unknownUser
  if (result === 'taken') return usernameTaken
  publish(() => ({ type: 'user-renamed', userId, ...causeFrom(input) }))
  return { ok: true, user: toPublicUser({ id: userId, username: display }) }
}
