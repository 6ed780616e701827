/** A user as applications see it. */
export interface User {
  readonly id: string
  /** As chosen at registration, in Unicode form NFC. */
  readonly username: string
}

/** A user as a {@link UserStore} stores it. No method of `Credentials` returns it. */
export interface StoredUser extends User {
  /** The canonical form of the username, by which users are found: see `canonicalizeUsername`. */
  readonly usernameKey: string
  /** An argon2id hash in PHC string format, or a foreign hash until the first sign-in. */
  readonly passwordHash: string
  /** A disabled user cannot sign in. */
  readonly disabled: boolean
}

/** The columns of the service's own with which a user is registered, such as a name; undefined where there are none. */
export type WithProfile<Profile> = undefined extends Profile
  ? { readonly profile?: Profile }
  : { readonly profile: Profile }

/** A user without an id, which the store assigns. */
export type NewUser<Profile = undefined> = Omit<StoredUser, 'id'> & WithProfile<Profile>

/** The part of a stored user that applications may see. */
export function toPublicUser({ id, username }: User): User {
  return Object.freeze({ id, username })
}
