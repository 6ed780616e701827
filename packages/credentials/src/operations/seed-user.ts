import { DEFAULT_COST, type HashingCost } from '../passwords/argon2-hasher.ts'
import { parsePassword } from '../passwords/password.ts'
import { createPasswordHasher } from '../passwords/password-hasher.ts'
import { toPublicUser, type User } from '../users/user.ts'
import type { UserStore } from '../users/user-store.ts'
import { canonicalizeUsername } from '../users/username.ts'

/** Input of `seedUser`. */
export interface SeedUserInput {
  readonly username: string
  readonly password: string
}

/**
 * Adds a user without applying the password policy: for development and tests, where the password is public anyway.
 * Never call it from a route.
 *
 * @returns null when the username is taken; the existing user stays unchanged.
 * @throws TypeError when the username or the password is malformed.
 * @example
 * ```ts
 * const users = createMemoryUserStore()
 * await seedUser(users, { username: 'kim', password: 'kim' })
 * ```
 */
export async function seedUser(
  users: UserStore,
  { username, password }: SeedUserInput,
  cost: HashingCost = DEFAULT_COST
): Promise<User | null> {
  const canonical = canonicalizeUsername(username)
  const parsedPassword = parsePassword(password)
  if (canonical === null || parsedPassword === null)
    throw new TypeError('the username or the password is malformed')
  if ((await users.findByUsernameKey(canonical.key)) !== null) return null
  const passwordHash = await createPasswordHasher(cost).hash(parsedPassword)
  const user = await users.insert({
    username: canonical.display,
    usernameKey: canonical.key,
    passwordHash,
    disabled: false
  })
  return user === null ? null : toPublicUser(user)
}
