import type { RenameOutcome, UserChangeOutcome } from '../outcomes.ts'
import type { UserStore } from '../users/user-store.ts'
import { removeUser } from './remove-user.ts'
import { type RenameInput, renameUser } from './rename-user.ts'
import { setDisabled, type UserInput } from './set-disabled.ts'

/** The methods of `Credentials` that need a method of the user store which not every store has. */
export interface UserManagement {
  /**
   * The user cannot sign in any more, and sign-ins in flight fail. Afterwards revoke the logins of the user. Only where the
   * store has `setDisabled`, as `enable`.
   */
  disable?(input: UserInput): Promise<UserChangeOutcome>
  /** The user can sign in again. */
  enable?(input: UserInput): Promise<UserChangeOutcome>
  /**
   * The user is unknown from then on, and the name is free. Afterwards revoke the logins of the user. Only where the store has
   * `remove`.
   */
  remove?(input: UserInput): Promise<UserChangeOutcome>
  /**
   * Gives the user another username; the id stays. Reveals whether a username is taken, as `register` does. Only where the store has
   * `rename`.
   */
  rename?(input: RenameInput): Promise<RenameOutcome>
}

/** Creates those methods for which the store has what they need. */
export function createUserManagement(users: UserStore): UserManagement {
  return {
    ...(supports(users, 'setDisabled') && {
      disable: (input: UserInput) => setDisabled(users, input, true),
      enable: (input: UserInput) => setDisabled(users, input, false)
    }),
    ...(supports(users, 'remove') && { remove: (input: UserInput) => removeUser(users, input) }),
    ...(supports(users, 'rename') && { rename: (input: RenameInput) => renameUser(users, input) })
  }
}

function supports<Method extends 'setDisabled' | 'remove' | 'rename'>(
  users: UserStore,
  method: Method
): users is UserStore & Required<Pick<UserStore, Method>> {
  return users[method] !== undefined
}
