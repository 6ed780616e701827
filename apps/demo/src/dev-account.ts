import { seedUser, type UserStore } from '@drawbridge/credentials'

/** The one account of development, under a password that the policy would never take. */
export async function makeDevAccount(users: UserStore): Promise<void> {
  await seedUser(users, { username: 'user', password: 'pass' })
}
