import type { NewUser, StoredUser } from './user.ts'

/**
 * Where users are stored. Every method resolves as described here and rejects only when the store is broken, which
 * becomes a 503. `@drawbridge/credentials/testing` has the cases that a store of your own must pass.
 *
 * `Profile`: what `insert` stores beside, see {@link NewUser}. Default: nothing.
 */
export interface UserStore<Profile = undefined> {
  /** Resolves null when unknown. Compares code point by code point: the key is canonical already. */
  findByUsernameKey(usernameKey: string): Promise<StoredUser | null>

  /**
   * Resolves null when unknown, whatever the text: an id that no user of this store could have is unknown too. An id has
   * one spelling: `01` is not the user `1`, since logins are revoked by the id as text.
   */
  findById(id: string): Promise<StoredUser | null>

  /**
   * Adds a user under an id that the store chooses. Atomic: of any number of calls with one usernameKey, however the
   * username is spelt, one resolves the stored user and all others null. That takes a unique index on the key.
   */
  insert(user: NewUser<Profile>): Promise<StoredUser | null>

  /**
   * Replaces the hash if it still is the expected one, atomically, so that a sign-in that upgrades the hash and a
   * change of password at the same moment do not undo each other. Resolves whether it was replaced.
   */
  replacePasswordHash(id: string, expectedHash: string, newHash: string): Promise<boolean>

  /** Resolves when the store works. */
  ping(): Promise<void>
}
