import { randomUUID } from 'node:crypto'
import type { UserStore } from '../users/user-store.ts'
import type { NewUser } from '../users/user.ts'

/** A requirement of a store whose users are inserted with a profile, if it needs one. */
export interface ProfilelessCase {
  readonly name: string
  run(makeStore: () => UserStore | Promise<UserStore>): Promise<void>
}

/** Calls at the same moment. */
export const CONCURRENCY = 20

/** A user with a name of its own. */
export function newUser(overrides: Partial<Omit<NewUser, 'usernameKey'>> = {}): NewUser {
  const username = overrides.username ?? `User-${randomUUID()}`
  return {
    username,
    usernameKey: username.toLowerCase(),
    passwordHash: 'a hash',
    disabled: false,
    ...overrides
  }
}
