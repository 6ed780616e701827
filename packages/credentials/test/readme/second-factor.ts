import { createCredentials, type UserStore } from '@drawbridge/credentials'

/** Part of the service: which users have an authenticator, and which codes are correct. */
interface Authenticators {
  has(userId: string): Promise<boolean>
  /** Resolves true for a correct code, and for each code only once. */
  use(userId: string, code: string): Promise<boolean>
}

export function createTwoFactorCredentials(users: UserStore, authenticators: Authenticators) {
  return createCredentials({
    users,
    secondFactor: {
      isRequired: (user) => authenticators.has(user.id),
      verify: ({ user, response }) => authenticators.use(user.id, response)
    }
  })
}
