import { DEFAULT_COST, type HashingCost } from './passwords/argon2-hasher.ts'
import { readPassword } from './passwords/password.ts'
import { createPasswordHasher } from './passwords/password-hasher.ts'
import { publicUser, type User } from './users/user.ts'
import type { UserStore } from './users/user-store.ts'
import { canonicalUsername } from './users/username.ts'

export interface SeededUser {
  readonly username: string
  readonly password: string
}

/**
 * Adds a user without asking the policy: for development and tests, where the password is known anyway. Never
 * behind a route.
 *
 * @returns null when there is such a user already; that one is left as it is.
 * @throws TypeError when the username or the password is malformed.
 */
export async function seedUser(
  users: UserStore,
  { username, password }: SeededUser,
  cost: HashingCost = DEFAULT_COST
): Promise<User | null> {
  const name = canonicalUsername(username)
  const secret = readPassword(password)
  if (name === null || secret === null) throw new TypeError('the username or the password is malformed')
  if ((await users.findByUsernameKey(name.key)) !== null) return null
  const passwordHash = await createPasswordHasher(cost).hash(secret)
  const user = await users.insert({
    username: name.shown,
    usernameKey: name.key,
    passwordHash,
    disabled: false
  })
  return user === null ? null : publicUser(user)
}
