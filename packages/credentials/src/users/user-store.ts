import type { NewUser, StoredUser } from './user.ts'

/** What `rename` did: `unknown` where no user has the id, `taken` where another user has the key. */
export type RenameResult = 'renamed' | 'unknown' | 'taken'

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

  /**
   * Disables or enables a user. Resolves whether there is such a user, disabled or not. Optional, as the two below: without it
   * there are no `disable` and `enable` of `Credentials`.
   */
  setDisabled?(id: string, disabled: boolean): Promise<boolean>

  /**
   * Removes a user. Resolves whether there was one. The id is given to no other user afterwards: a login, or a token, that was
   * revoked too late would be that user's. In SQLite that takes `AUTOINCREMENT`.
   */
  remove?(id: string): Promise<boolean>

  /**
   * Gives a user another username and key, atomically: of any number of calls with one key, `insert` among them, one succeeds.
   * The key that the user has is not taken. Nothing else of the user changes.
   */
  rename?(id: string, name: Pick<StoredUser, 'username' | 'usernameKey'>): Promise<RenameResult>

  /** Resolves when the store works. */
  ping(): Promise<void>
}
