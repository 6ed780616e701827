import { createCredentials, type UserStore } from '@drawbridge/credentials'

/** The service's own: who has an authenticator, and whether a code is of it. */
interface Authenticators {
  has(userId: string): Promise<boolean>
  /** True for a code at most once. */
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
