import {
  createCredentials,
  createMemoryUserStore,
  seedUser,
  type StoredUser,
  type UserStore
} from '@drawbridge/credentials'

/** The one development account. Its password is well known, and the policy would never accept it. */
export const devAccount = { username: 'user', password: 'pass' } as const

/** As in /etc/shadow: no password has this hash. */
const LOCKED_HASH = '!'

/** Whether no password is that of this user. */
export function isLocked({ passwordHash }: Pick<StoredUser, 'passwordHash'>): boolean {
  return passwordHash === LOCKED_HASH
}

/** Creates the account where it is missing, and unlocks it where production has locked it. */
export async function ensureDevAccount(users: UserStore): Promise<void> {
  if ((await seedUser(users, devAccount)) !== null) return
  const stored = await users.findByUsernameKey(devAccount.username)
  if (stored?.passwordHash === LOCKED_HASH)
    await users.replacePasswordHash(stored.id, LOCKED_HASH, await hashDevPassword())
}

async function hashDevPassword(): Promise<string> {
  const scratch = createMemoryUserStore()
  const user = await seedUser(scratch, devAccount)
  return (await scratch.findById(user?.id ?? ''))?.passwordHash ?? LOCKED_HASH
}

export interface LockedAccount {
  readonly userId: string
  /** Whether its password was still the well-known one. */
  readonly hadKnownPassword: boolean
}

/**
 * Locks the development account in a database that was used in development before. A user of that name with another
 * password is not the development account and is not changed.
 *
 * @returns null where there is no such account.
 */
export async function lockDevAccount(users: UserStore): Promise<LockedAccount | null> {
  const credentials = createCredentials({ users, throttle: false })
  const hasKnownPassword = async () => (await credentials.verify({ ...devAccount, address: '127.0.0.1' })).ok
  const hadKnownPassword = await hasKnownPassword()
  // Another node that boots at the same moment may replace the hash by another one of the same password.
  while (await hasKnownPassword()) await lockPassword(users)
  const stored = await users.findByUsernameKey(devAccount.username)
  return stored?.passwordHash === LOCKED_HASH ? { userId: stored.id, hadKnownPassword } : null
}

async function lockPassword(users: UserStore): Promise<void> {
  const stored = await users.findByUsernameKey(devAccount.username)
  if (stored !== null) await users.replacePasswordHash(stored.id, stored.passwordHash, LOCKED_HASH)
}
